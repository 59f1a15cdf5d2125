"""The edge of an upload: the file is received first, then attached by a small command that names it.

While bytes arrive no database connection is held, for the sender may be slow. When the file is whole, known by its
content and in its place, the request goes on with a few bytes of JSON instead of the file, its SHA-256 among them; so
it is an ordinary command with one transaction, and its Idempotency-Key stands for the content.
"""

import orjson
from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.types import Message

from app.api.command import KEY_HEADER, CommandRoute, Handler
from app.api.dependencies import get_request
from app.api.hardening_queries import query_names, refuse_unknown_query
from app.api.multipart import FILE_FIELD, Form
from app.api.receiving import received
from app.api.signing_in import who
from app.domain.attachment_errors import StorageUnavailable
from app.domain.errors import DomainError
from app.domain.roles import Actor
from app.services.attachments import NewFile, check_upload
from app.services.office import Office, Work
from app.services.shelf import Shelf
from app.storage import DataError, IntegrityError
from app.storage.queries.idempotency import stored_answer

REFUSED = (DomainError, IntegrityError, DataError, RequestValidationError, HTTPException)
"""What tells for certain that nothing was committed; after anything else the file stays, for its row may be there."""
REPLAYED = "idempotent-replayed"
JSON_TYPE = (b"content-type", b"application/json")
OF_THE_BODY = frozenset({b"content-type", b"content-length", b"transfer-encoding"})


class UploadRoute(CommandRoute):
    """A route that takes one file; its endpoint finds it, stored, with `get_upload`."""

    def get_route_handler(self) -> Handler:
        """Wrap the handler of a command."""
        handler = super().get_route_handler()
        known = query_names(self.dependant)

        async def handle(request: Request) -> Response:
            refuse_unknown_query(request, known)
            request.state.now = request.app.state.read_time()
            office: Office = request.app.state.office
            actor = await _admitted(request, office)
            shelf = shelf_of(office)
            with shelf.place_for(actor.id):
                async with received(request, shelf) as (form, upload):
                    request.state.upload = upload
                    return await _attached(handler, _as_command(request, form, upload), shelf, upload)

        return handle


async def get_upload(request: Request) -> NewFile:
    """Return the file that has been received."""
    upload: NewFile = request.state.upload
    return upload


def shelf_of(office: Office) -> Shelf:
    """Return where attachments are kept; raise `StorageUnavailable` where no place is set up."""
    if office.shelf is None:
        raise StorageUnavailable
    return office.shelf


async def _admitted(request: Request, office: Office) -> Actor:
    """Refuse before the content arrives whatever can be refused by then; a repeated request is let through."""
    request.state.actor = await who(request)
    async with office.look_for(request.state.actor) as work:
        request.state.work = work
        asked = await get_request(request, Response())
        try:
            number, limits = request.path_params["number"], shelf_of(office).limits
            await check_upload(work, number, limits=limits, actor=asked.actor, now=asked.now)
        except DomainError:
            if not await _is_repeated(request, work, asked.actor):
                raise
    return asked.actor


async def _is_repeated(request: Request, work: Work, actor: Actor) -> bool:
    key = request.headers.get(KEY_HEADER)
    if not key:
        return False
    return await stored_answer(work.connection, account_id=actor.id, route=request.url.path, key=key) is not None


def _as_command(request: Request, form: Form, upload: NewFile) -> Request:
    """Return the request with what was received in place of the form."""
    body = orjson.dumps({**form.fields, FILE_FIELD: {"name": upload.name, "sha256": upload.sha256}})
    headers = [pair for pair in request.scope["headers"] if pair[0] not in OF_THE_BODY]

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({**request.scope, "headers": [*headers, JSON_TYPE]}, receive)


async def _attached(handler: Handler, command: Request, shelf: Shelf, upload: NewFile) -> Response:
    """Run the command; a file that was not attached for certain is removed at once."""
    try:
        response = await handler(command)
    except REFUSED:
        await shelf.drop(upload.id)
        raise
    if REPLAYED in response.headers:
        await shelf.drop(upload.id)
    return response
