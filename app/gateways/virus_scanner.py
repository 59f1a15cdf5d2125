"""Asks a virus scanner (clamd) about a content, by its INSTREAM command."""

import asyncio
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

SCAN_SECONDS = 30.0
LONGEST_ANSWER = 4_096
LONGEST_FINDING = 200
_COMMAND = b"zINSTREAM\0"
_END = struct.pack("!I", 0)


class ScannerUnavailable(Exception):
    """The scanner does not answer, or not to the question; the content is to be asked about again."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the scanner says: the name of what it found, None for nothing."""

    virus: str | None


class Scanner(Protocol):
    """Says whether a content is known to do harm."""

    async def scan(self, pieces: AsyncIterator[bytes]) -> Finding:
        """Return what was found; raise `ScannerUnavailable` where nothing can be said."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """A clamd behind `unix:/path` or `tcp:host:port`."""

    address: str
    seconds: float = SCAN_SECONDS

    async def scan(self, pieces: AsyncIterator[bytes]) -> Finding:
        """Send the content and read the verdict, all within `seconds`."""
        try:
            async with asyncio.timeout(self.seconds):
                return _finding(await self._ask(pieces))
        except (OSError, TimeoutError, ValueError) as error:
            raise ScannerUnavailable(type(error).__name__) from error

    async def _ask(self, pieces: AsyncIterator[bytes]) -> bytes:
        reader, writer = await _connect(self.address)
        try:
            writer.write(_COMMAND)
            async for piece in pieces:
                writer.write(struct.pack("!I", len(piece)) + piece)
                await writer.drain()
            writer.write(_END)
            await writer.drain()
            return await reader.read(LONGEST_ANSWER)
        finally:
            writer.close()


async def _connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    scheme, _, rest = address.partition(":")
    if scheme == "unix":
        return await asyncio.open_unix_connection(rest)
    host, _, port = rest.rpartition(":")
    return await asyncio.open_connection(host, int(port))


def _finding(answer: bytes) -> Finding:
    said = answer.rstrip(b"\0\n").decode("utf-8", "replace").removeprefix("stream: ")
    if said == "OK":
        return Finding(None)
    if said.endswith(" FOUND"):
        return Finding(said.removesuffix(" FOUND")[:LONGEST_FINDING])
    raise ScannerUnavailable("no verdict")
