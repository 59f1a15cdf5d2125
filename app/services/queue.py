"""A department's queue."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.appeal import AppealStatus, Hold
from app.domain.clock import office_day, start_of_day
from app.domain.errors import NotAllowed
from app.domain.roles import DEPARTMENT_ROLES, Actor
from app.services.office import Work
from app.storage.queries.lists import Page, list_assignments


class Shade(StrEnum):
    """The lamp of a line in the queue."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    GREY = "grey"


async def queue_of(
    work: Work,
    *,
    state: str | None,
    lamp: Shade | None,
    due_before: datetime | None,
    page: Page,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return one page of what the actor's department holds, with the lamp of each line."""
    if not actor.has(*DEPARTMENT_ROLES) or actor.department is None:
        raise NotAllowed("只有承办单位的账号有待办清单。", code="not-a-department")
    yellow_until = _yellow_until(work, now)
    asked = (state, lamp, None if due_before is None else "due_before")
    rows = await list_assignments(
        work.connection,
        jurisdictions=actor.jurisdictions,
        department=actor.department,
        filters=[name for name in asked if name is not None],
        parameters={"now": now, "yellow_until": yellow_until, "due_before": due_before},
        page=page,
    )
    return [{**row, "due_at": row["assignment_due_at"], "lamp": _shade(row, now, yellow_until)} for row in rows]


def _yellow_until(work: Work, now: datetime) -> datetime:
    """What is due up to the end of the next working day is yellow: one working day before due."""
    return start_of_day(work.calendar.add_working_days(office_day(now), 1) + timedelta(days=1))


def _shade(row: dict[str, Any], now: datetime, yellow_until: datetime) -> Shade:
    """Grey while nothing runs for the department: the appeal is held, or its answer is being reviewed."""
    if row["status"] != AppealStatus.ASSIGNED or row["hold"] != Hold.NONE:
        return Shade.GREY
    due_at: datetime = row["assignment_due_at"]
    if due_at <= now and not row["provisional"]:
        return Shade.RED
    return Shade.YELLOW if due_at <= yellow_until else Shade.GREEN
