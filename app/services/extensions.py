"""More time, asked for in time."""

from datetime import datetime

from app.domain.appeal import Assignment
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, ClockState, Given
from app.domain.limit import Limit
from app.domain.roles import Actor
from app.domain.turning import extend
from app.services.assignments import named
from app.services.office import Work
from app.services.transitions import Move, advance


def request_extension(
    work: Work,
    case: Case,
    assignment: Assignment,
    *,
    length: Limit,
    reason: str,
    progress: str,
    actor: Actor,
    now: datetime,
) -> Case:
    """Ask for more time, with reason and progress so far, at least one working day before due."""
    move = Move(
        given=Given(assignment_id=assignment.id, reason=reason, extension=length),
        appeal={"extension_asked": str(length)},
        payload={"length": str(length), "progress": progress, **named(assignment)},
    )
    return advance(work, case, AppealAction.REQUEST_EXTENSION, move, actor=actor, now=now)


def grant_extension(work: Work, case: Case, *, reason: str, actor: Actor, now: datetime) -> Case:
    """Grant the extension asked for: so many more units from the old due day, which is kept."""
    clock, asked = case.main_clock(), case.appeal.extension_asked
    clocks = (
        [extend(clock, Limit.parse(asked), case.calendar, now)]
        if clock and clock.state is ClockState.RUNNING and asked
        else []
    )
    payload = {"length": asked, "old_due_at": case.appeal.due_at, "new_due_at": clocks[0].due_at if clocks else None}
    move = Move(
        given=Given(reason=reason),
        appeal={"extension_asked": None, "extension_count": case.appeal.extension_count + 1},
        clocks=clocks,
        payload=payload,
    )
    return advance(work, case, AppealAction.GRANT_EXTENSION, move, actor=actor, now=now)


def deny_extension(work: Work, case: Case, *, reason: str, actor: Actor, now: datetime) -> Case:
    """Refuse the extension asked for."""
    move = Move(given=Given(reason=reason), appeal={"extension_asked": None})
    return advance(work, case, AppealAction.DENY_EXTENSION, move, actor=actor, now=now)
