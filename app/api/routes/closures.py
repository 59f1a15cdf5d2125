"""Striking an appeal off, and taking it up again."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentMove
from app.api.schemas.cases import CaseOut
from app.api.schemas.decisions import NO_NOTE, Note, Reason, Reopening
from app.services import appeals, closures

router = APIRouter(prefix="/appeals/{number}", tags=["复核与反馈"], route_class=CommandRoute)


@router.post("/certificate", operation_id="certify_appeal", summary="领导认定依法办结")
async def post_certificate(body: Reason, move: CurrentMove) -> CaseOut:
    """Certify that the appeal was dealt with lawfully; it goes on counting as dissatisfied."""
    return move.answer(closures.certify(move.work, move.case, reason=body.reason, actor=move.actor, now=move.now))


@router.post("/closure", operation_id="close_appeal", summary="销号")
async def post_closure(move: CurrentMove, body: Note = NO_NOTE) -> CaseOut:
    """Strike the appeal off: the enterprise was heard, or three attempts failed, or a leader has certified."""
    return move.answer(await closures.close(move.work, move.case, note=body.note, actor=move.actor, now=move.now))


@router.post("/reopening", status_code=201, operation_id="reopen_appeal", summary="申请复核（重新受理）")
async def post_reopening(body: Reopening, move: CurrentMove) -> CaseOut:
    """File a new appeal linked to a closed one; the old figures stay as they were."""
    case = await appeals.reopen(
        move.work, move.case, reason=body.reason, text=body.text, actor=move.actor, now=move.now
    )
    move.response.headers["Location"] = f"/api/v1/appeals/{case.appeal.number}"
    return move.answer(case)
