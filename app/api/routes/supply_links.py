"""What the enterprise supplies by its single-use link; the link itself is the right to do so."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.command import CommandRoute
from app.api.dependencies import CurrentWork, Now
from app.api.schemas.supplements import Supplement, Supplied
from app.domain.appeal import STATUS_NAMES
from app.services.links import supply_by_link

router = APIRouter(prefix="/supplements", tags=["受理与交办"], route_class=CommandRoute)
Token = Annotated[
    str, Path(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$", description="补正链接中的口令。")
]


@router.post("/{token}", status_code=201, operation_id="supply_by_link", summary="企业凭链接补正")
async def post_supplement(token: Token, body: Supplement, work: CurrentWork, now: Now) -> Supplied:
    """Take what the enterprise supplies, once; the paused clocks run on."""
    appeal = (await supply_by_link(work, token, text=body.text, now=now)).appeal
    return Supplied(number=appeal.number, status=appeal.status, status_name=STATUS_NAMES[appeal.status])
