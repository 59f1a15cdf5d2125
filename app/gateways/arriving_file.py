"""A file while it arrives: counted, digested and written where nobody finds it until it is whole."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from uuid import uuid4

from app.domain.attachment_errors import TooLarge
from app.gateways.disk import CHUNK, storage_faults
from app.gateways.file_store import Stored

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


class ArrivingFile:
    """Takes content in pieces of any length; at most `most` bytes, else raises `too_large`."""

    def __init__(self, path: Path, file: IO[bytes], *, most: int, too_large: TooLarge) -> None:
        self.path = path
        self._file = file
        self._most, self._too_large = most, too_large
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self._size = 0

    async def write(self, piece: bytes) -> None:
        """Take the next piece."""
        self._size += len(piece)
        if self._size > self._most:
            raise self._too_large
        self._waiting += piece
        if len(self._waiting) >= CHUNK:
            await asyncio.to_thread(self._put)

    async def finish(self) -> Stored:
        """Write what is left, so that it outlives a power failure."""
        await asyncio.to_thread(self._finish)
        return Stored(self._size, self._digest.hexdigest())

    def _put(self) -> None:
        piece, self._waiting = bytes(self._waiting), bytearray()
        self._digest.update(piece)
        with storage_faults():
            written = 0
            while written < len(piece):
                written += os.write(self._file.fileno(), memoryview(piece)[written:])

    def _finish(self) -> None:
        self._put()
        with storage_faults():
            os.fsync(self._file.fileno())


@asynccontextmanager
async def arriving(folder: Path, *, most: int, too_large: TooLarge) -> AsyncIterator[ArrivingFile]:
    """Have a place for a file to arrive at; what nobody has taken away by the end is removed."""
    path = folder / f"{uuid4()}.part"
    try:
        with storage_faults():
            make_folder(folder)
            file = _open_new(path)
        with file:
            yield ArrivingFile(path, file, most=most, too_large=too_large)
    finally:
        path.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder that only we can enter, and those above it."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


def abandoned(folder: Path, *, before: datetime) -> Iterator[Path]:
    """Return what stopped arriving before an instant: its process was killed."""
    for path in folder.glob("*.part"):
        with suppress(FileNotFoundError):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                yield path


def _open_new(path: Path) -> IO[bytes]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    return os.fdopen(descriptor, "wb", buffering=0)
