"""The edge of one request: its transaction, and the Idempotency-Key that is committed with the effect.

The route opens the unit of work before the endpoint runs and commits after the answer is built and before it
leaves, so nobody is told of anything that is not stored. A repeated key needs no look-up beforehand: its row
collides on insertion, or the repeated move is refused, and only then the first answer is looked up and given again.
"""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.api.hardening_queries import query_names, refuse_unknown_query
from app.api.shown_once import is_forgotten, kept_answer
from app.api.signing_in import who
from app.domain.errors import CalendarSuperseded, DomainError, Fault, Invalid
from app.services.office import Office, Work
from app.storage import IntegrityError
from app.storage.queries.idempotency import StoredAnswer, stored_answer

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
KEY_HEADER = "idempotency-key"
KEY_LENGTH = 255
NOBODY = UUID(int=0)
KEPT_HEADERS = ("etag", "location", "content-type")


class CommandRoute(APIRoute):
    """A route whose endpoint runs in one unit of work: reading for GET, writing for everything else."""

    def get_route_handler(self) -> Handler:
        """Wrap the framework's handler."""
        handler = super().get_route_handler()
        known = query_names(self.dependant)

        async def handle(request: Request) -> Response:
            request.state.now = request.app.state.read_time()
            refuse_unknown_query(request, known)
            request.state.actor = await who(request)
            if request.method in ("GET", "HEAD"):
                return await _look(request, handler)
            try:
                return await _command_again(request, handler)
            except (DomainError, IntegrityError):
                first = await _first_answer(request)
                if first is None:
                    raise
                return first

        return handle


async def _look(request: Request, handler: Handler) -> Response:
    office: Office = request.app.state.office
    async with office.look_for(request.state.actor) as work:
        request.state.work = work
        return await handler(request)


async def _command_again(request: Request, handler: Handler) -> Response:
    """Run a command, and once more if the calendar that it was counted on was replaced while it ran."""
    try:
        return await _command(request, handler)
    except CalendarSuperseded:
        return await _command(request, handler)


async def _command(request: Request, handler: Handler) -> Response:
    office: Office = request.app.state.office
    async with office.work_for(request.state.actor) as work:
        request.state.work = work
        response = await handler(request)
        await _remember(request, response, work)
    return response


async def _remember(request: Request, response: Response, work: Work) -> None:
    key = _key(request)
    if key is None:
        return
    response = kept_answer(response)
    work.changes.insert(
        "idempotency",
        {
            "account_id": _account(request),
            "route": request.url.path,
            "key": key,
            "fingerprint": await _fingerprint(request),
            "status": response.status_code,
            "headers": {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
            "body": bytes(response.body).decode(),
            "created_at": request.state.now,
        },
    )


async def _first_answer(request: Request) -> Response | None:
    key = _key(request)
    if key is None:
        return None
    office: Office = request.app.state.office
    async with office.look_for(request.state.actor) as work:
        stored = await stored_answer(work.connection, account_id=_account(request), route=request.url.path, key=key)
    if stored is None:
        return None
    if stored.fingerprint != await _fingerprint(request):
        raise Invalid(
            "这个 Idempotency-Key 已用于内容不同的请求，请换一个新的。",
            Fault("Idempotency-Key", "同一个键只能重复同一个请求"),
            code="idempotency-key-mismatch",
        )
    return _again(stored)


def _again(stored: StoredAnswer) -> Response:
    headers = {**stored.headers, "Idempotent-Replayed": "true"}
    return Response(stored.body, status_code=stored.status, headers=headers)


def _key(request: Request) -> str | None:
    key = request.headers.get(KEY_HEADER)
    if key is not None and not (0 < len(key) <= KEY_LENGTH and key.isprintable() and key.isascii()):
        reason = f"应为1至{KEY_LENGTH}个可打印的 ASCII 字符"
        raise Invalid("Idempotency-Key 不可用。", Fault("Idempotency-Key", reason))
    return key


def _account(request: Request) -> UUID:
    actor = request.state.actor
    return NOBODY if actor is None else actor.id


async def _fingerprint(request: Request) -> str:
    if is_forgotten(request):
        return ""
    stated = f"{request.method} {request.url.path}?{request.url.query} {request.headers.get('if-match', '')}\n"
    return hashlib.sha256(stated.encode() + await request.body()).hexdigest()
