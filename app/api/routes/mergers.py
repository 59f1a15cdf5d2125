"""Merging appeals about one matter, and taking them apart."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentMove, CurrentVersioned, answer
from app.api.schemas.base import Word
from app.api.schemas.cases import CaseOut
from app.api.schemas.decisions import Merger, Reason
from app.services import mergers

router = APIRouter(prefix="/appeals/{number}", tags=["受理与交办"], route_class=CommandRoute)


@router.post("/merger", operation_id="merge_appeal", summary="并案")
async def post_merger(number: Word, body: Merger, request: CurrentVersioned) -> CaseOut:
    """Merge an appeal into its master, which inherits the earliest due date; the enterprise keeps its own rating."""
    case = await mergers.merge(
        request.work,
        number,
        into=body.into,
        reason=body.reason,
        actor=request.actor,
        now=request.now,
        version=request.version,
    )
    return answer(request, case)


@router.post("/separation", operation_id="unmerge_appeal", summary="拆分并案")
async def post_separation(body: Reason, move: CurrentMove) -> CaseOut:
    """Take an appeal out of its master; its clocks are deemed never stopped."""
    return move.answer(await mergers.unmerge(move.work, move.case, reason=body.reason, actor=move.actor, now=move.now))
