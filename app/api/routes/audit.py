"""What auditors read, and what those concerned read of who has read."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.pagination import AskedPage, cut
from app.api.positions import START, position, written
from app.api.reading import CurrentReading
from app.api.schemas.audit import AccessesOut, AuditEventsOut
from app.services.accesses import readings_of
from app.services.audit import history_for

router = APIRouter(tags=["审计"], route_class=CommandRoute)


@router.get("/audit/events", operation_id="list_audit_events", summary="全部流转记录（不含内容）")
async def get_audit_events(
    request: CurrentRequest,
    after: Annotated[str, Query(max_length=40, description="上次返回的 next；从头读取时省略。")] = START,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AuditEventsOut:
    """Return the history of all appeals without its content, in an order that loses none."""
    transaction, event_id = position(after)
    rows = await history_for(request.work, actor=request.actor, transaction=transaction, event_id=event_id, limit=limit)
    following = written(rows[-1]) if rows else after
    return AuditEventsOut.model_validate({"items": rows, "next": following})


@router.get("/appeals/{number}/accesses", operation_id="list_accesses", summary="保密诉求的查阅记录")
async def get_accesses(request: CurrentReading, page: AskedPage) -> AccessesOut:
    """Return who has read a confidential appeal, by office and role, newest first."""
    case = await request.work.case(request.reading.case)
    rows = await readings_of(request.work, case, page, actor=request.actor)
    items, following = cut(rows, page, by="at", identity="id")
    return AccessesOut.model_validate({"items": items, "next": following})
