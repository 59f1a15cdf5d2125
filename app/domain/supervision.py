"""What the passing of time calls for: warnings, breaches, and the first rungs of the supervision ladder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from app.domain.calendar import WorkCalendar
from app.domain.case import Clock, ClockState
from app.domain.clock import Due, end_of_day, start_of_day, warn_at
from app.domain.clock_kind import ClockKind
from app.domain.roles import Role

LADDER_CLOCKS = frozenset(
    {ClockKind.HANDLING, ClockKind.REWORK, ClockKind.PROCEDURAL_REPLY, ClockKind.SUBSTANTIVE_REPLY}
)
"""Breaches of these climb the ladder; a breach of any other clock alerts its owner."""

SERVICE_PROMISES = LADDER_CLOCKS | {
    ClockKind.BAD_RATING_CONTACT,
    ClockKind.BAD_RATING_RECTIFICATION,
    ClockKind.STATUTORY_DECISION,
    ClockKind.STATUTORY_MAXIMUM,
}
"""Promises to the enterprise: breaking one marks the appeal overdue."""

RIGHTS = frozenset({ClockKind.OBJECTION})
"""Windows in which somebody may act; they end quietly, nobody is late."""

SUPPLEMENT_REMINDERS = (2, 1)
"""Working days before the due day on which the enterprise is reminded of its supplement (东宝)."""


class Rung(IntEnum):
    """The rungs that time alone reaches; higher ones are proposed and confirmed by a named person."""

    REMINDER = 0
    URGING = 1
    ORDER = 2
    ESCALATION = 3


RUNG_NAMES = {Rung.REMINDER: "提醒", Rung.URGING: "催办", Rung.ORDER: "督办", Rung.ESCALATION: "提级"}


class Act(StrEnum):
    """What a clock calls for when its next instant has come."""

    WARN = "warn"
    BREACH = "breach"
    ORDER = "order"
    END = "end"


@dataclass(frozen=True, slots=True)
class Call:
    """One act that a clock calls for, from an instant on."""

    act: Act
    at: datetime


OWNERS = {
    ClockKind.ACCEPTANCE: Role.DISPATCHER,
    ClockKind.RETURN_RULING: Role.DISPATCHER,
    ClockKind.REVIEW: Role.REVIEWER,
    ClockKind.FEEDBACK: Role.CALLBACK,
    ClockKind.SUPPLEMENT: Role.ENTERPRISE,
    ClockKind.OBJECTION: Role.ENTERPRISE,
    ClockKind.MILESTONE: Role.LEADER,
    ClockKind.STATUTORY_ACCEPTANCE: Role.DISPATCHER,
    ClockKind.STATUTORY_TRANSFER: Role.DISPATCHER,
}
"""Who owes what a clock promises; every kind that is not named here is owed by the handling department."""


def owner_of(kind: ClockKind) -> Role:
    """Return the role that owes what the clock promises."""
    return OWNERS.get(kind, Role.OFFICER)


def next_call(clock: Clock, calendar: WorkCalendar) -> Call | None:
    """Return what a running clock calls for next and from when; none when nothing more follows.

    A provisional clock is warned about and never declared breached.
    """
    if clock.state is not ClockState.RUNNING:
        return None
    warnings = _warn_instants(clock, calendar)
    if clock.breached_at is None and clock.warnings < len(warnings):
        return Call(Act.WARN, warnings[clock.warnings])
    if clock.provisional:
        return None
    return _after_due(clock, calendar)


def _after_due(clock: Clock, calendar: WorkCalendar) -> Call | None:
    if clock.kind in RIGHTS:
        return Call(Act.END, clock.due_at)
    if clock.breached_at is None:
        return Call(Act.BREACH, clock.due_at)
    if clock.kind in LADDER_CLOCKS and clock.ordered_at is None:
        return Call(Act.ORDER, order_at(clock.due_day, calendar))
    return None


def order_at(due_day: date, calendar: WorkCalendar) -> datetime:
    """Return the instant from which a breach calls for a supervision order: more than one working day overdue."""
    return end_of_day(calendar.add_working_days(due_day, 1))


def _warn_instants(clock: Clock, calendar: WorkCalendar) -> tuple[datetime, ...]:
    if clock.kind in RIGHTS:
        return ()
    if clock.kind is ClockKind.SUPPLEMENT:
        return tuple(_after_start(clock, _reminder_days(clock.due_day, calendar)))
    due = Due(day=clock.due_day, at=clock.due_at, provisional=clock.provisional)
    instant = warn_at(due, clock.started_at, calendar)
    return () if instant is None else (instant,)


def _reminder_days(due_day: date, calendar: WorkCalendar) -> Iterable[date]:
    day, days = due_day, []
    for _ in range(max(SUPPLEMENT_REMINDERS)):
        day = calendar.previous_working_day(day)
        days.append(day)
    return [days[before - 1] for before in SUPPLEMENT_REMINDERS]


def _after_start(clock: Clock, days: Iterable[date]) -> Iterable[datetime]:
    return [instant for day in days if (instant := start_of_day(day)) > clock.started_at]
