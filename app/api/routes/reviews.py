"""The check of a reply."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentMove, MoveRequest
from app.api.schemas.cases import CaseOut
from app.api.schemas.feedback import ReviewVerdict
from app.domain.case import Case
from app.services import reviews

router = APIRouter(prefix="/appeals/{number}", tags=["复核与反馈"], route_class=CommandRoute)


@router.post("/review", operation_id="review_reply", summary="复核")
async def post_review(body: ReviewVerdict, move: CurrentMove) -> CaseOut:
    """Pass the reply on to the enterprise, or send it back with its defects."""
    return move.answer(await _review(move, body))


async def _review(move: MoveRequest, verdict: ReviewVerdict) -> Case:
    if verdict.verdict == "pass":
        return await reviews.pass_review(move.work, move.case, note=verdict.note, actor=move.actor, now=move.now)
    return await reviews.send_back(
        move.work, move.case, defects=verdict.defects, note=verdict.note, actor=move.actor, now=move.now
    )
