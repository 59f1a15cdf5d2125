"""What every answer carries, whoever made it: an id to find it by in the logs, and what a browser must not do."""

import re
from typing import Final
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars, get_contextvars

ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
OVER_TLS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
FOR_DATA: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
# The interactive documentation starts itself by a script within the page and draws with data: images.
FOR_PAGES: Final = (
    b"content-security-policy",
    b"default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)
NOT_KEPT: Final = (b"cache-control", b"no-store")
OF_A_FILE: Final = b"last-modified"
_REQUEST_ID = re.compile(rb"[A-Za-z0-9-]{1,64}")

Header = tuple[bytes, bytes]


class SecurityHeaders:
    """The outermost part of the application, so that the answers of the last resort carry them as well.

    A header that an answer sets itself stands. `behind_tls` says that browsers reach the service by HTTPS.
    """

    def __init__(self, app: ASGIApp, *, behind_tls: bool = False) -> None:
        self._app = app
        self._always = (*ALWAYS, OVER_TLS) if behind_tls else ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        added = (*self._always, (b"x-request-id", request_id.encode()))

        async def send_completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _completed(list(message["headers"]), added)}
            await send(message)

        with bound_contextvars(request_id=request_id):
            await self._app(scope, receive, send_completed)


def current_request_id() -> str | None:
    """Return the id of the request that is being answered."""
    found: str | None = get_contextvars().get("request_id")
    return found


def _request_id(scope: Scope) -> str:
    """Return the caller's id if it cannot be anything else, or a new one."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return bytes(given).decode() if _REQUEST_ID.fullmatch(given) else uuid4().hex


def _completed(headers: list[Header], added: tuple[Header, ...]) -> list[Header]:
    own = dict(headers)
    policy = FOR_PAGES if own.get(b"content-type", b"").startswith(b"text/html") else FOR_DATA
    # What is in the installed files is the same for everybody; all else is answered to one caller at one instant.
    kept = () if OF_A_FILE in own else (NOT_KEPT,)
    return headers + [one for one in (*added, policy, *kept) if one[0] not in own]
