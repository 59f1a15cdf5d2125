"""Attachments in a folder of this machine, or one that several machines share."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from app.gateways.arriving_file import PRIVATE_FILE, make_folder
from app.gateways.disk import pieces_of, storage_faults
from app.gateways.file_store import KeptFile, id_in, key_of

LISTED_AT_ONCE = 500
LEVELS = "[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]"


class LocalStore:
    """Files under a root, two levels of folders deep."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def keep(self, file_id: UUID, arrived: Path) -> None:
        """Move a whole file to its place; the folders are written through, so that its name stays too."""
        await asyncio.to_thread(self._keep, self._path(file_id), arrived)

    async def size(self, file_id: UUID) -> int:
        """Return the size in bytes."""
        with storage_faults():
            return (await asyncio.to_thread(self._path(file_id).stat)).st_size

    def read(self, file_id: UUID) -> AsyncIterator[bytes]:
        """Return the content piece by piece."""
        return pieces_of(self._path(file_id))

    async def delete(self, file_id: UUID) -> None:
        """Remove a file; one that is not there is no error."""
        with storage_faults():
            await asyncio.to_thread(self._path(file_id).unlink, missing_ok=True)

    async def list(self) -> AsyncIterator[KeptFile]:
        """Return every file, a few hundred look-ups at a time."""
        found = self._found()
        while batch := await asyncio.to_thread(lambda: list(islice(found, LISTED_AT_ONCE))):
            for one in batch:
                yield one

    def _path(self, file_id: UUID) -> Path:
        return self._root / key_of(file_id)

    def _keep(self, path: Path, arrived: Path) -> None:
        with storage_faults():
            make_folder(path.parent)
            arrived.chmod(PRIVATE_FILE)
            arrived.rename(path)
            for folder in (path.parent, path.parent.parent, self._root):
                _write_through(folder)

    def _found(self) -> Iterator[KeptFile]:
        for path in self._root.glob(f"{LEVELS}/*"):
            file_id = id_in(path.name)
            if file_id is not None:
                yield KeptFile(file_id, datetime.fromtimestamp(path.stat().st_mtime, UTC))


def _write_through(folder: Path) -> None:
    """Let the names in a folder outlive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
