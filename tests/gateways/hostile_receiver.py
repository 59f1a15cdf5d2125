"""A receiver on this machine that behaves as badly as its path says, and counts who came."""

import asyncio
import gzip
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HEAD = b"HTTP/1.1 200 OK\r\n"
PAUSE = 0.05
DRIPS = 60
"""Together three seconds, so that nothing goes on for ever where a protection is missing."""
UNPACKED = 20_000_000
BIG = 10_000_000
_BOMB = gzip.compress(bytes(UNPACKED))


@dataclass
class Receiver:
    """Where it listens, how many connections it saw begin and end, and the requests that it read."""

    port: int = 0
    connections: int = 0
    ended: int = 0
    requests: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(asked)
            await BEHAVIOURS.get(asked.split()[1].split("?")[0].strip("/"), _well)(writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self.ended += 1
            writer.close()


async def _say(writer: asyncio.StreamWriter, *parts: bytes) -> None:
    for part in parts:
        writer.write(part)
        await writer.drain()


async def _drip(writer: asyncio.StreamWriter, part: bytes) -> None:
    for _ in range(DRIPS):
        await _say(writer, part)
        await asyncio.sleep(PAUSE)


async def _well(writer: asyncio.StreamWriter) -> None:
    await _say(writer, HEAD + b"Content-Length: 2\r\nContent-Type: text/plain\r\nX-Other: 1\r\n\r\nok")


async def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _nothing(writer: asyncio.StreamWriter) -> None:
    """Close without a word."""


async def _never(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(DRIPS * PAUSE)


async def _drip_headers(writer: asyncio.StreamWriter) -> None:
    await _say(writer, HEAD + b"X-Slow: ")
    await _drip(writer, b"x")


async def _drip_body(writer: asyncio.StreamWriter) -> None:
    await _say(writer, HEAD + b"\r\n")
    await _drip(writer, b"x")


async def _endless_1xx(writer: asyncio.StreamWriter) -> None:
    await _drip(writer, b"HTTP/1.1 103 Early Hints\r\n\r\n")


async def _redirect(writer: asyncio.StreamWriter) -> None:
    await _say(writer, b"HTTP/1.1 302 Found\r\nLocation: /redirect\r\nContent-Length: 0\r\n\r\n")


async def _bomb(writer: asyncio.StreamWriter) -> None:
    await _say(writer, HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_BOMB), _BOMB)


async def _big(writer: asyncio.StreamWriter) -> None:
    await _say(writer, HEAD + b"Content-Length: %d\r\n\r\n" % BIG, *[bytes(100_000)] * (BIG // 100_000))


async def _full(writer: asyncio.StreamWriter) -> None:
    await _say(writer, HEAD + b"Content-Length: 65536\r\n\r\n" + bytes(65_536))


async def _junk(writer: asyncio.StreamWriter) -> None:
    await _say(writer, b"\x00\xff not http at all\r\n\r\n")


async def _wide_header(writer: asyncio.StreamWriter) -> None:
    await _say(writer, HEAD + b"X-Wide: " + bytes([65]) * 1_000_000)


async def _bad_header(writer: asyncio.StreamWriter) -> None:
    await _say(writer, HEAD + b"X Bad\x00: 1\r\n\r\n")


async def _cut_short(writer: asyncio.StreamWriter) -> None:
    await _say(writer, HEAD + b"Content-Length: 100\r\n\r\nten bytes.")


async def _later(writer: asyncio.StreamWriter) -> None:
    await _say(writer, b"HTTP/1.1 429 Slow\r\nRetry-After: " + b"9" * 500 + b"\r\nContent-Length: 0\r\n\r\n")


BEHAVIOURS: dict[str, Callable[[asyncio.StreamWriter], Awaitable[None]]] = {
    "reset": _reset, "nothing": _nothing, "never": _never, "drip-headers": _drip_headers, "drip-body": _drip_body,
    "endless-1xx": _endless_1xx, "redirect": _redirect, "bomb": _bomb, "big": _big, "full": _full, "junk": _junk,
    "wide-header": _wide_header, "bad-header": _bad_header, "cut-short": _cut_short, "later": _later,
}  # fmt: skip


@asynccontextmanager
async def receiver(
    host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """Run a receiver on this machine."""
    made = Receiver()
    server = await asyncio.start_server(made.serve, host, port, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
