"""Appeals kept beyond their time."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentMove
from app.api.schemas.cases import CaseOut
from app.api.schemas.decisions import Reason
from app.services import retention

router = APIRouter(prefix="/appeals/{number}", tags=["留存与销毁"], route_class=CommandRoute)


@router.post("/retention-hold", operation_id="hold_retention", summary="依法留存（到期不销毁）")
async def post_hold(body: Reason, move: CurrentMove) -> CaseOut:
    """Have an appeal kept, for an investigation or a dispute; nothing of it is erased meanwhile."""
    return move.answer(retention.hold(move.work, move.case, reason=body.reason, actor=move.actor, now=move.now))


@router.post("/retention-release", operation_id="release_retention", summary="解除依法留存")
async def post_release(body: Reason, move: CurrentMove) -> CaseOut:
    """Let an appeal go that was kept; it is erased when its time is over."""
    return move.answer(retention.release(move.work, move.case, reason=body.reason, actor=move.actor, now=move.now))
