"""What auditors read, and what those concerned read of who has read."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.pagination import AskedPage, cut
from app.api.positions import START, position, written
from app.api.reading import CurrentReading
from app.api.schemas.accesses import AccessesOut
from app.api.schemas.acts import ActsOut, act_out
from app.api.schemas.audit import AuditEventsOut
from app.services.accesses import readings_of
from app.services.audit_reading import acts_for, history_for

LAST_ID = 2**63 - 1

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


@router.get("/audit/acts", operation_id="list_audit_acts", summary="管理操作记录")
async def get_audit_acts(
    request: CurrentRequest,
    after: Annotated[int, Query(ge=0, le=LAST_ID, description="上次返回的 next；从头读取时省略。")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ActsOut:
    """Return who did what to accounts, keys, enterprises, calendars and rules, in the order of the chain."""
    rows = await acts_for(request.work, actor=request.actor, after=after, limit=limit)
    return ActsOut(items=list(map(act_out, rows)), next=rows[-1]["id"] if rows else after)


@router.get("/appeals/{number}/accesses", operation_id="list_accesses", summary="保密诉求的查阅记录")
async def get_accesses(request: CurrentReading, page: AskedPage) -> AccessesOut:
    """Return who has read a confidential appeal, by office and role, newest first."""
    case = await request.work.case(request.reading.case)
    rows = await readings_of(request.work, case, page, actor=request.actor)
    items, following = cut(rows, page, by="at", identity="id")
    return AccessesOut.model_validate({"items": items, "next": following})
