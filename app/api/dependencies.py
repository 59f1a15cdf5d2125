"""What endpoints ask for: who asks what when, and the version that a move is based on.

Each dependency costs every request; so there is one for everything that every signed-in request needs.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response

from app.api.needed_scopes import require_scope_of
from app.domain.credential import SignedIn
from app.domain.errors import Fault, Invalid, NotSignedIn, PreconditionMissing
from app.services.accounts import NOT_SIGNED_IN
from app.services.office import Work

_ETAG = re.compile(r'"(\d{1,9})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class BareRequest:
    """A request by somebody at an instant, before any appeal is locked."""

    work: Work
    actor: SignedIn
    now: datetime
    response: Response

    def tag(self, version: int) -> None:
        """Put the version of a resource into its answer."""
        self.response.headers["ETag"] = f'"{version}"'


async def get_work(request: Request) -> Work:
    """Return the unit of work that the route has opened."""
    work: Work = request.state.work
    return work


async def get_now(request: Request) -> datetime:
    """Return the instant at which the request is handled; the route has read it once."""
    now: datetime = request.state.now
    return now


async def get_request(request: Request, response: Response) -> BareRequest:
    """Return who asks what when; raise `NotSignedIn` without a key that counts, `NotAllowed` beyond its scopes."""
    actor: SignedIn | None = request.state.actor
    if actor is None:
        raise NotSignedIn(NOT_SIGNED_IN)
    require_scope_of(actor, request.scope["route"].operation_id)
    return BareRequest(work=request.state.work, actor=actor, now=request.state.now, response=response)


CurrentWork = Annotated[Work, Depends(get_work)]
Now = Annotated[datetime, Depends(get_now)]
CurrentRequest = Annotated[BareRequest, Depends(get_request)]


def version_of(if_match: str | None) -> int | None:
    """Return the version that a move is based on; `*` stands for whichever is current."""
    if if_match is None:
        raise PreconditionMissing("请在 If-Match 请求头中写明所依据的版本（读取诉求时得到的 ETag）。")
    if if_match.strip() == "*":
        return None
    match = _ETAG.fullmatch(if_match.strip().removeprefix("W/"))
    if match is None:
        raise Invalid("If-Match 无法识别。", Fault("If-Match", '应为读取时得到的 ETag，例如 "3"'))
    return int(match[1])
