"""What the enterprise says by its single-use link; the link itself is the right to speak."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.command import CommandRoute
from app.api.dependencies import CurrentWork, Now
from app.api.schemas.feedback import Rated, Rating
from app.domain.appeal import STATUS_NAMES
from app.services.ratings import rate

router = APIRouter(prefix="/ratings", tags=["复核与反馈"], route_class=CommandRoute)
Token = Annotated[
    str, Path(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$", description="评价链接中的口令。")
]


@router.post("/{token}", status_code=201, operation_id="rate_appeal", summary="企业评价")
async def post_rating(token: Token, body: Rating, work: CurrentWork, now: Now) -> Rated:
    """Rate an appeal once; a dissatisfied enterprise has it reworked at once."""
    case = await rate(work, token, solved=body.solved, satisfied=body.satisfied, comment=body.comment, now=now)
    appeal = case.appeal
    return Rated(
        number=appeal.number, status=appeal.status, status_name=STATUS_NAMES[appeal.status], round=appeal.round
    )
