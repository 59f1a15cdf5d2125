"""Who sends a request: found before a connection is opened for it, because PostgreSQL is told who asks."""

from fastapi import Request

from app.domain.credential import SignedIn
from app.domain.errors import NotSignedIn
from app.services.accounts import Doorkeeper
from app.services.office import Office

_SCHEME = "bearer "


async def who(request: Request) -> SignedIn | None:
    """Return the actor whose key a request carries; none without a key that counts, which open operations allow."""
    key = bearer(request)
    if key is None:
        return None
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    office: Office = request.app.state.office
    known = doorkeeper.recall(key, now=request.state.now)
    if known is not None:
        return known
    try:
        async with office.look_for(None) as work:
            return await doorkeeper.admit(work.connection, key, now=request.state.now)
    except NotSignedIn:
        return None


def bearer(request: Request) -> str | None:
    """Return the credential that a request bears."""
    header = request.headers.get("authorization", "")
    return header[len(_SCHEME) :].strip() if header[: len(_SCHEME)].lower() == _SCHEME else None
