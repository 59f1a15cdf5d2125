"""Request bodies: counted while they arrive, whole before anything is done with them, and strict JSON."""

import asyncio
import re
from typing import Final

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.bodies_json import BadJson, refuse_bad_json
from app.api.problems import problem, problem_of
from app.domain.errors import Invalid

TOO_LARGE: Final = 413
SLOWEST_SECONDS: Final = 30.0
_JSON_TYPE = re.compile(rb"application/(?:[\w.+-]+\+)?json\s*(?:;|$)", re.IGNORECASE)


class TooLarge(Exception):
    """More than a request may bring was stated or has arrived."""


class BodyGate:
    """Lets a request through once its whole body is here and can be read; nothing else waits for a slow sender.

    `most` is in bytes. Paths that match `streamed` keep their body to themselves and cap it by `capped`.
    """

    def __init__(
        self, app: ASGIApp, *, most: int, streamed: re.Pattern[str] | None = None, slowest: float = SLOWEST_SECONDS
    ) -> None:
        self._app = app
        self._most = most
        self._streamed = streamed
        self._slowest = slowest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, refuse it or hand it on in one piece."""
        if scope["type"] != "http" or (self._streamed is not None and self._streamed.fullmatch(scope["path"])):
            await self._app(scope, receive, send)
            return
        try:
            body = await self._whole(scope, receive)
            if body and _JSON_TYPE.match(_header(scope, b"content-type")):
                refuse_bad_json(body)
        except (TooLarge, TimeoutError, BadJson, Invalid) as refusal:
            await _answer(refusal)(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _again(body, receive), send)

    async def _whole(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the body; None when the sender has gone before its end, so that nobody is there to be answered."""
        stated = _header(scope, b"content-length")
        if stated.isdigit() and int(stated) > self._most:
            raise TooLarge
        if stated in (b"", b"0") and not _header(scope, b"transfer-encoding"):
            return b""
        async with asyncio.timeout(self._slowest):
            return await self._collected(receive)

    async def _collected(self, receive: Receive) -> bytes | None:
        body = bytearray()
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if len(body) > self._most:
                raise TooLarge
            if not message.get("more_body", False):
                return bytes(body)
        return None


def capped(request: Request, most: int) -> Request:
    """Return a request that streams a body of at most `most` bytes; more is refused as soon as it is known."""
    stated = request.headers.get("content-length", "0")
    if stated.isdigit() and int(stated) > most:
        raise HTTPException(TOO_LARGE)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > most:
            raise HTTPException(TOO_LARGE)
        return message

    return Request(request.scope, receive)


def _answer(refusal: Exception) -> ASGIApp:
    if isinstance(refusal, BadJson):
        return problem(400, refusal.code, "请求无法读取", refusal.sentence)
    if isinstance(refusal, Invalid):
        return problem_of(refusal)
    if isinstance(refusal, TooLarge):
        return problem(TOO_LARGE, "http-413", "内容过大", "请求内容过大，请缩短后重新提交。")
    return problem(408, "too-slow", "接收超时", "请求内容没有在限定时间内到齐，请检查网络后重试。")


def _header(scope: Scope, name: bytes) -> bytes:
    return next((bytes(value) for key, value in scope["headers"] if key == name), b"")


def _again(body: bytes, receive: Receive) -> Receive:
    """Give the body once more, in one piece; after it only a disconnection can come."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
