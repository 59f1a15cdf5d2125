"""Another way into the same house: with other gates, at other rates, from another address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.hardening import OPEN_EDGE, Edge
from app.main import create_app
from tests.house import House

HERE = "192.0.2.7"


class NoGate:
    """Stands where a gate was taken away."""

    def __init__(self, app: ASGIApp, **_options: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


@asynccontextmanager
async def entrance(house: House, edge: Edge = OPEN_EDGE, *, address: str = HERE) -> AsyncIterator[House]:
    """Yield the house as it is reached through an application of its own."""
    app = create_app(house.office, read_time=lambda: house.now, max_body_bytes=1 << 20, edge=edge)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://bihuan.test") as client:
        yield House(house.office, client, house.now, house.keys, house.enterprises)
