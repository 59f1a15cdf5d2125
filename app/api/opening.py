"""Routes whose requests hold a password: no connection is held while it is hashed, and nothing of them is kept.

They take no Idempotency-Key, for its fingerprint would be a fast hash of the password.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response
from fastapi.routing import APIRoute

from app.api.command import Handler
from app.api.hardening_queries import query_names, refuse_unknown_query
from app.api.needed_scopes import require_scope_of
from app.api.rate_limits_addresses import address_of
from app.api.signing_in import who
from app.domain.credential import SignedIn
from app.domain.errors import NotSignedIn
from app.services.accounts import NOT_SIGNED_IN
from app.services.office import Office
from app.services.proving import Identity

BUSY_SECONDS = 2


class OpenRoute(APIRoute):
    """A route whose endpoint opens its own units of work."""

    def get_route_handler(self) -> Handler:
        """Wrap the framework's handler."""
        handler = super().get_route_handler()
        known = query_names(self.dependant)

        async def handle(request: Request) -> Response:
            refuse_unknown_query(request, known)
            request.state.now = request.app.state.read_time()
            if request.app.state.identity.passwords.is_busy:
                raise HTTPException(503, headers={"Retry-After": str(BUSY_SECONDS)})
            return await handler(request)

        return handle


class Opening:
    """Who knocks from where and when, and what it takes to let somebody in."""

    def __init__(self, request: Request, response: Response) -> None:
        self.request, self.response = request, response
        self.office: Office = request.app.state.office
        self.identity: Identity = request.app.state.identity
        self.now: datetime = request.state.now
        self.address = address_of(request.scope, request.app.state.trusted_proxies)

    async def actor(self) -> SignedIn:
        """Return who is signed in already, as far as the operation is within its scopes."""
        actor = await who(self.request)
        if actor is None:
            raise NotSignedIn(NOT_SIGNED_IN)
        require_scope_of(actor, self.request.scope["route"].operation_id)
        return actor


CurrentOpening = Annotated[Opening, Depends(Opening)]
