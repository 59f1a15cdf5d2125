"""Closing what was opened, also where a receiver stops talking in the middle of the TLS handshake."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

Trace = Callable[[str, Mapping[str, Any]], Awaitable[None]]


@asynccontextmanager
async def closed_at_the_end() -> AsyncIterator[Trace]:
    """Give a `trace` extension for one request; what it saw being connected is closed on leaving."""
    opened = []

    async def trace(event: str, details: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            opened.append(details["return_value"])

    try:
        yield trace
    finally:
        # The client lets go of a connection without closing it when it is cancelled while starting TLS.
        for one in opened:
            await one.aclose()
