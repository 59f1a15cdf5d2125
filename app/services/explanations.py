"""Why a clock of an appeal is due when it is due."""

from uuid import UUID

from app.domain.case import Case, Clock
from app.domain.errors import NotFound
from app.domain.explanation import Explanation, explain
from app.domain.roles import Actor
from app.services.office import Work
from app.storage.queries.cases import read_case_of_clock


async def explain_clock(work: Work, clock_id: UUID, *, actor: Actor) -> tuple[Clock, Case, Explanation]:
    """Explain a clock of an appeal within the actor's reach, by the calendar that made its due date."""
    case = await work.case(await read_case_of_clock(work.connection, clock_id, actor))
    clock = next((one for one in case.clocks if one.id == clock_id), None)
    if clock is None:
        raise NotFound
    made_by = await work.calendars.at_version(work.connection, clock.calendar_version)
    return clock, case, explain(clock.promise, made_by or case.calendar)
