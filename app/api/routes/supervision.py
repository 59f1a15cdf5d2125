"""Supervision records."""

from uuid import UUID

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentVersioned, answer
from app.api.reading import CurrentReading
from app.api.schemas.cases import CaseOut
from app.api.schemas.supervision import SupervisionAnswer, SupervisionsOut
from app.domain.supervision import RUNG_NAMES, Rung
from app.services import supervision
from app.services.anonymising import redacted_words
from app.storage.queries.supervision import supervisions_of

WRITTEN = frozenset({"reason", "answer"})

router = APIRouter(tags=["督办"], route_class=CommandRoute)


@router.post("/supervisions/{supervision_id}/answer", operation_id="answer_supervision", summary="督办回复")
async def post_supervision_answer(supervision_id: UUID, body: SupervisionAnswer, request: CurrentVersioned) -> CaseOut:
    """Answer a supervision order in writing."""
    case = await supervision.answer(
        request.work, supervision_id, text=body.text, actor=request.actor, now=request.now, version=request.version
    )
    return answer(request, case)


@router.get("/appeals/{number}/supervisions", operation_id="list_supervisions", summary="督办记录")
async def get_supervisions(request: CurrentReading) -> SupervisionsOut:
    """Return the supervision records of an appeal."""
    rows = await supervisions_of(request.work.connection, request.reading.case.appeal.id)
    told = redacted_words(request.work, request.reading, rows, actor=request.actor, keys=WRITTEN)
    named = [{**row, "name": RUNG_NAMES[Rung(row["rung"])]} for row in told]
    return SupervisionsOut.model_validate({"items": named})
