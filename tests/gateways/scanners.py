"""A clamd of our own on loopback, which knows one virus."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.files import EICAR


@asynccontextmanager
async def clamd(answer: bytes | None = None, *, silent: bool = False) -> AsyncIterator[str]:
    """Yield the address of a scanner; `answer` instead of a verdict, `silent` for none at all."""

    ended = asyncio.Event()
    ended.set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.clear()
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", await reader.readexactly(4))[0]:
            content += await reader.readexactly(length)
        found = b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        if silent:
            await reader.read()
        else:
            writer.write(found if answer is None else answer)
        writer.close()
        await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"tcp:127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await ended.wait()
