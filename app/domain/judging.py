"""In time or late, and by how much: pure functions of a clock's facts, at the stop or as of any instant."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.calendar import WorkCalendar
from app.domain.case import Clock, ClockState
from app.domain.clock import Pause, office_day
from app.domain.supervision import RIGHTS
from app.domain.verdict import Verdict

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What could be said of one clock at one instant, from what was known then."""

    clock: Clock
    as_of: datetime
    late: bool
    late_by: int


def verdict_of(clock: Clock) -> Verdict | None:
    """Return the verdict on a stopped clock; none for one that runs, or that only bounds a right."""
    if clock.stopped_at is None or clock.kind in RIGHTS:
        return None
    if clock.is_late(clock.stopped_at):
        return Verdict.LATE
    projected = clock.provisional and (clock.halted_at or clock.stopped_at) >= clock.due_at
    return Verdict.UNJUDGED if projected else Verdict.ON_TIME


def late_by(clock: Clock, verdict: Verdict | None, calendar: WorkCalendar) -> int | None:
    """Return how many working days after its due day a clock was stopped.

    0 when in time, and when late by less than one working day; none where there is no verdict.
    """
    if verdict is None or verdict is Verdict.UNJUDGED or clock.halted_at is None:
        return None
    return working_days_late(clock.due_day, clock.halted_at, calendar)


def working_days_late(due_day: date, at: datetime, calendar: WorkCalendar) -> int:
    """Count the working days after the due day, up to and including the day of `at`."""
    return calendar.working_days_between(due_day, office_day(at))


def last_day_before(due_at: datetime) -> date:
    """Return the last day of a promise that is broken from `due_at` on, which is an exclusive bound."""
    return office_day(due_at - _INSTANT)


def judge(clock: Clock, as_of: datetime, calendar: WorkCalendar) -> Judgement | None:
    """Judge a clock from what was known at an instant; none if it had not started.

    Stops, pauses and due dates of later instants are left out. `calendar` is the one in force then and counts the
    working days of lateness so far; a clock that was stopped by then keeps what was fixed at its stop.
    """
    if clock.started_at > as_of:
        return None
    known = clock_as_of(clock, as_of)
    late = known.is_late(as_of)
    if not late or known.late_by is not None:
        return Judgement(known, as_of, late, known.late_by or 0)
    return Judgement(known, as_of, late, working_days_late(known.due_day, known.halted_at or as_of, calendar))


def clock_as_of(clock: Clock, as_of: datetime) -> Clock:
    """Return the clock as it stood at an instant: its state, pauses and due date of that time."""
    pauses = tuple(_pause_as_of(pause, as_of) for pause in clock.pauses if pause.started_at <= as_of)
    stopped = clock.stopped_at is not None and clock.stopped_at <= as_of
    former = next((due for due in clock.former_dues if as_of < due.until), None)
    dated = (
        clock
        if former is None
        else replace(
            clock,
            due_at=former.due_at,
            due_day=last_day_before(former.due_at),
            provisional=former.provisional,
            calendar_version=former.calendar_version,
        )
    )
    return replace(
        dated,
        pauses=pauses,
        state=_state(stopped, pauses),
        stopped_at=clock.stopped_at if stopped else None,
        verdict=clock.verdict if stopped else None,
        late_by=clock.late_by if stopped else None,
    )


def _pause_as_of(pause: Pause, as_of: datetime) -> Pause:
    over = pause.ended_at is not None and pause.ended_at <= as_of
    return pause if over else replace(pause, ended_at=None)


def _state(stopped: bool, pauses: tuple[Pause, ...]) -> ClockState:
    if stopped:
        return ClockState.STOPPED
    return ClockState.PAUSED if pauses and pauses[-1].ended_at is None else ClockState.RUNNING
