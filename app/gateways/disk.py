"""Files of this machine: read piece by piece, and what the system says about its disks as our refusals."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path

from app.domain.attachment_errors import StorageFull, StorageUnavailable

NO_ROOM = frozenset({ENOSPC, EDQUOT, EFBIG})
CHUNK = 262_144
"""Bytes read and written at once."""


@contextmanager
def storage_faults() -> Iterator[None]:
    """Turn what the system says about its disks into our refusals; a missing file stays a missing file."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise (StorageFull if error.errno in NO_ROOM else StorageUnavailable)() from error


async def pieces_of(path: Path) -> AsyncIterator[bytes]:
    """Return the content of a file of this machine piece by piece."""
    with storage_faults():
        file = await asyncio.to_thread(path.open, "rb")
    with file:
        while True:
            with storage_faults():
                piece = await asyncio.to_thread(file.read, CHUNK)
            if not piece:
                return
            yield piece
