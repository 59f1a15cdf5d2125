"""Request bodies: bounded while they arrive, and text."""

from fastapi import HTTPException, Request
from starlette.types import Message

TOO_LARGE, UNREADABLE = 413, 400


def capped(request: Request, most: int) -> Request:
    """Return the request with a body of at most `most` bytes; more is refused as soon as it is stated or arrives."""
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


def refuse_unreadable(body: bytes) -> None:
    """Refuse a body with zero bytes: neither JSON in UTF-8 nor anything else that is read here has them."""
    if b"\0" in body:
        raise HTTPException(UNREADABLE)
