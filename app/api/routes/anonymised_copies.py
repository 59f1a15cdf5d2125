"""The copy of a confidential appeal that departments read."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentMove
from app.api.reading import CurrentReading
from app.api.schemas.anonymised_copies import CopyChange, CopyOut
from app.api.schemas.cases import CaseOut
from app.domain.anonymity import COPY_MISSING
from app.services.anonymising import correct_copy, may_compare

router = APIRouter(prefix="/appeals/{number}/anonymised-copy", tags=["受理与交办"], route_class=CommandRoute)


@router.get("", operation_id="read_copy", summary="匿名副本与原文对照")
async def get_copy(request: CurrentReading) -> CopyOut:
    """Return the copy beside the original, for the dispatcher to compare before assigning."""
    reading, appeal = request.reading, request.reading.case.appeal
    may_compare(appeal, request.actor)
    return CopyOut(
        number=appeal.number,
        title=appeal.title,
        text=reading.text,
        anonymised_title=appeal.anonymised_title or COPY_MISSING,
        anonymised_text=reading.anonymised_text or COPY_MISSING,
        version=appeal.version,
    )


@router.put("", operation_id="correct_copy", summary="更正匿名副本")
async def put_copy(body: CopyChange, move: CurrentMove) -> CaseOut:
    """Replace the copy; the history says that it was corrected, without any of the words."""
    return move.answer(
        correct_copy(move.work, move.case, title=body.title, text=body.text, actor=move.actor, now=move.now)
    )
