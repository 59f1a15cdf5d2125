"""Where the contents of attachments are kept: under their ids, apart from the database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written: its size in bytes and its SHA-256 (hexadecimal)."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file in the store and when it was written."""

    id: UUID
    written_at: datetime


class FileStore(Protocol):
    """Keeps contents under ids; raises `FileNotFoundError` for unknown ones, `StorageUnavailable` out of order."""

    async def keep(self, file_id: UUID, arrived: Path) -> None:
        """Take over a file that has arrived; when this returns it outlives a power failure."""

    async def size(self, file_id: UUID) -> int:
        """Return the size in bytes."""

    def read(self, file_id: UUID) -> AsyncIterator[bytes]:
        """Return the content piece by piece."""

    async def delete(self, file_id: UUID) -> None:
        """Remove a file; one that is not there is no error."""

    def list(self) -> AsyncIterator[KeptFile]:
        """Return every file in the store."""


def key_of(file_id: UUID) -> str:
    """Return where a file lies: two levels by its last, random digits, for the first ones tell the time."""
    name = str(file_id)
    return f"{name[-2:]}/{name[-4:-2]}/{name}"


def id_in(name: str) -> UUID | None:
    """Return the id that a file is named by; None for a file that is not ours."""
    try:
        return UUID(name) if len(name) == len(str(UUID(int=0))) else None
    except ValueError:
        return None
