"""Filing, listing and reading appeals."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.pagination import AskedPage, cut
from app.api.reading import CurrentReading
from app.api.schemas.appeals import AppealCreate, AppealOut, AppealPage, FiledOut, appeal_out
from app.api.schemas.base import BoundedInstant, Code, CountableInstant, Word
from app.api.schemas.cases import case_values, clock_out
from app.api.schemas.clocks import ClocksOut
from app.api.schemas.timeline import TimelineOut, timeline_out
from app.api.schemas.verdicts import JudgementsOut, judgements_out
from app.domain.appeal import AppealStatus
from app.domain.policy import Level
from app.domain.roles import Role
from app.services.anonymising import redacted_events
from app.services.appeals import Filing, file_appeal
from app.services.contacts import contact_of
from app.storage.queries.events import timeline_of
from app.storage.queries.lists import list_appeals

Order = Literal["-received_at", "received_at", "due_at"]

router = APIRouter(prefix="/appeals", tags=["诉求"], route_class=CommandRoute)


@router.post("", status_code=201, operation_id="file_appeal", summary="提交诉求")
async def post_appeal(body: AppealCreate, request: CurrentRequest) -> FiledOut:
    """Register an appeal; every clock of the governing documents starts now."""
    actor, now = request.actor, request.now
    channel = (actor.channel if actor.has(Role.CONNECTOR) else None) or "api"
    filing = Filing(**body.model_dump(exclude={"citation"}), citation=body.cited(), channel=channel)
    case = await file_appeal(request.work, filing, actor=actor, now=now)
    request.tag(case.appeal.version)
    request.response.headers["Location"] = f"/api/v1/appeals/{case.appeal.number}"
    return FiledOut.model_validate({**case_values(case, actor=actor, now=now), "warnings": body.warnings()})


@router.get("", operation_id="list_appeals", summary="诉求列表")
async def get_appeals(
    request: CurrentRequest,
    page: AskedPage,
    status: AppealStatus | None = None,
    category: Code | None = None,
    level: Level | None = None,
    lead_department: Code | None = None,
    channel: Code | None = None,
    external_number: Word | None = None,
    due_before: BoundedInstant | None = None,
    late: Annotated[bool, Query(description="只看此刻已超期的。")] = False,
    order: Annotated[
        Order | None, Query(description="缺省：按 late 或 due_before 筛选时 due_at，否则 -received_at。")
    ] = None,
) -> AppealPage:
    """Return one page of the appeals within reach."""
    asked = {
        "status": status,
        "category": category,
        "level": level,
        "lead_department": lead_department,
        "channel": channel,
        "external_number": external_number,
        "due_before": due_before,
        "late_at": request.now if late else None,
    }
    # What is asked for by its due date is found by its due date.
    chosen: Order = order or ("due_at" if late or due_before else "-received_at")
    filters = {name: value for name, value in asked.items() if value is not None}
    rows = await list_appeals(request.work.connection, request.actor, filters=filters, order=chosen, page=page)
    items, following = cut(rows, page, by=chosen.removeprefix("-"), identity="id")
    return AppealPage.model_validate({"items": items, "next": following})


@router.get("/{number}", operation_id="read_appeal", summary="诉求详情")
async def get_appeal(request: CurrentReading) -> AppealOut:
    """Return one appeal: where it stands, what runs, and who owes what next."""
    case = await request.work.case(request.reading.case)
    contact = contact_of(request.work.seals, request.reading)
    return appeal_out(request.reading, case, contact, actor=request.actor, now=request.now)


@router.get("/{number}/clocks", operation_id="list_clocks", summary="诉求的全部时限")
async def get_clocks(request: CurrentReading) -> ClocksOut:
    """Return every clock of an appeal with its clause."""
    case = await request.work.case(request.reading.case)
    return ClocksOut(items=[clock_out(clock, case, now=request.now) for clock in case.clocks])


@router.get("/{number}/verdicts", operation_id="judge_clocks", summary="各时限在某一时刻的认定")
async def get_verdicts(
    request: CurrentReading,
    as_of: Annotated[CountableInstant | None, Query(description="缺省为现在；须带时区，年份2007至2100。")] = None,
) -> JudgementsOut:
    """Return for every clock whether it was in time as of any instant, from what was known then."""
    case = await request.work.case(request.reading.case)
    instant = as_of or request.now
    calendars = request.work.calendars
    calendar = await calendars.at_instant(request.work.connection, case.appeal.jurisdiction, instant)
    return judgements_out(case, calendar, instant)


@router.get("/{number}/timeline", operation_id="read_timeline", summary="流转记录")
async def get_timeline(request: CurrentReading) -> TimelineOut:
    """Return the history of an appeal, first event first."""
    appeal = request.reading.case.appeal
    events = await timeline_of(request.work.connection, appeal.id)
    told = redacted_events(request.work, request.reading, events, actor=request.actor)
    return timeline_out(told, appeal, actor=request.actor)
