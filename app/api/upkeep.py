"""What a process that serves requests does beside them."""

import asyncio
import logging

from app.services.accounts import Doorkeeper, note_uses
from app.services.office import Office
from app.storage import UNAVAILABLE

NOTED_EVERY_SECONDS = 60.0

logger = logging.getLogger("bihuan.api")


async def keep_noting(office: Office, doorkeeper: Doorkeeper) -> None:
    """Note by the minute when credentials were used last, until cancelled; then once more."""
    try:
        while True:
            await asyncio.sleep(NOTED_EVERY_SECONDS)
            await note_once(office, doorkeeper)
    finally:
        await note_once(office, doorkeeper)


async def note_once(office: Office, doorkeeper: Doorkeeper) -> None:
    """Note the last uses, or keep them for the next time if the database is away."""
    try:
        await note_uses(office, doorkeeper)
    except UNAVAILABLE as error:
        logger.warning("last uses not noted: %s", type(error).__name__)
