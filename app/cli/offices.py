"""One thing done in the office that the settings name."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.cli.database import database, is_ready, open_office, read_settings
from app.cli.preparing import migrate, publish_packaged
from app.config import Settings
from app.services.office import Office

T = TypeVar("T")


def in_office(act: Callable[[Office], Awaitable[T]]) -> T:
    """Do one thing in the office that the settings name.

    The embedded database is nobody's but ours, so it is made ready on first use; a server's is left to `migrate`.
    """
    settings = read_settings()
    with database(settings) as url:
        prepare = settings.url is None and not is_ready(url)
        if prepare:
            migrate(url)
        return asyncio.run(_act(settings, url, act, publish=prepare))


async def _act(settings: Settings, url: str, act: Callable[[Office], Awaitable[T]], *, publish: bool) -> T:
    async with open_office(settings, url) as office:
        if publish:
            await publish_packaged(office)
        return await act(office)
