"""A department's queue."""

from datetime import datetime, timedelta
from typing import Any

from app.domain.appeal import AppealStatus, Hold
from app.domain.calendar import WorkCalendar
from app.domain.clock import Lamp, office_day, start_of_day
from app.domain.errors import NotAllowed
from app.domain.roles import DEPARTMENT_ROLES, Actor
from app.services.office import Work
from app.storage.queries.lists import Page, list_assignments


async def queue_of(
    work: Work,
    *,
    state: str | None,
    lamp: Lamp | None,
    due_before: datetime | None,
    page: Page,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return one page of what the actor's department holds, with the lamp of each line."""
    if not actor.has(*DEPARTMENT_ROLES) or actor.department is None:
        raise NotAllowed("只有承办单位的账号有待办清单。", code="not-a-department")
    yellow_until = _yellow_until(work.calendars.of(min(actor.jurisdictions, default=None)), now)
    asked = (state, lamp, None if due_before is None else "due_before")
    rows = await list_assignments(
        work.connection,
        actor,
        jurisdictions=actor.jurisdictions,
        department=actor.department,
        filters=[name for name in asked if name is not None],
        parameters={"now": now, "yellow_until": yellow_until, "due_before": due_before},
        page=page,
    )
    return [{**row, "due_at": row["assignment_due_at"], "lamp": _shade(row, now, yellow_until)} for row in rows]


def _yellow_until(calendar: WorkCalendar, now: datetime) -> datetime:
    """What is due up to the end of the next working day is yellow: one working day before due."""
    return start_of_day(calendar.add_working_days(office_day(now), 1) + timedelta(days=1))


def _shade(row: dict[str, Any], now: datetime, yellow_until: datetime) -> Lamp:
    """Grey while nothing runs for the department: the appeal is held, or its answer is being reviewed."""
    if row["status"] != AppealStatus.ASSIGNED or row["hold"] != Hold.NONE:
        return Lamp.GREY
    due_at: datetime = row["assignment_due_at"]
    if due_at <= now and not row["provisional"]:
        return Lamp.RED
    return Lamp.YELLOW if due_at <= yellow_until else Lamp.GREEN
