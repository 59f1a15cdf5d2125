"""Why a clock of an appeal is due when it is due."""

from datetime import datetime
from uuid import UUID

from app.domain.case import Case, Clock
from app.domain.errors import NotFound
from app.domain.explanation import Explanation, explain
from app.domain.roles import Actor
from app.services.accesses import note_access
from app.services.office import Work
from app.storage.queries.cases import read_case_of_clock

EXPLAIN = "explain_clock"
"""The operation that a reading of a confidential appeal names."""


async def explain_clock(work: Work, clock_id: UUID, *, actor: Actor, now: datetime) -> tuple[Clock, Case, Explanation]:
    """Explain a clock of an appeal within the actor's reach, by the calendar that made its due date."""
    case = await work.case(await read_case_of_clock(work.connection, clock_id, actor))
    clock = next((one for one in case.clocks if one.id == clock_id), None)
    if clock is None:
        raise NotFound
    await note_access(work, case.appeal, EXPLAIN, actor=actor, now=now)
    made_by = await work.calendars.at_version(work.connection, clock.calendar_version)
    return clock, case, explain(clock.promise, made_by or case.calendar)
