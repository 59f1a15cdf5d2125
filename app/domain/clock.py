"""What a clock answers: when it is late, what is left, when to warn, whether it is broken, and its lamp.

Every answer is a pure function of the promise, the calendar and the instants given.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.calendar import WorkCalendar
from app.domain.counting import (
    CLOSE_OF_BUSINESS,
    OFFICE_TIMEZONE,
    Leg,
    Pause,
    Promise,
    Switch,
    end_of_day,
    legs_of,
    office_day,
    require_aware,
    start_of_day,
)
from app.domain.errors import Fault, Invalid
from app.domain.limit import Limit, Unit
from app.domain.working_hours import hours_due, hours_left

__all__ = [
    "CLOSE_OF_BUSINESS",
    "OFFICE_TIMEZONE",
    "Due",
    "Lamp",
    "Pause",
    "Promise",
    "Switch",
    "compute_due",
    "end_of_day",
    "is_breached",
    "lamp",
    "office_day",
    "remaining",
    "start_of_day",
    "warn_at",
    "working_days_used",
]

_INSTANT = timedelta(microseconds=1)
_TENTH_OF_AN_HOUR = timedelta(minutes=6)
_HALF = Decimal("0.5")


class Lamp(StrEnum):
    """What a list shows for a clock: grey when it is stopped in time or paused."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Due:
    """The last day, the exclusive instant from which an act is late, and whether the day is only projected."""

    day: date
    at: datetime
    provisional: bool


def compute_due(promise: Promise, calendar: WorkCalendar) -> Due:
    """Return when the promise is late; raise `Invalid` while a pause is open, or beyond the calendar."""
    if promise.is_paused:
        raise Invalid("时限正在暂停，恢复之后才能计算到期日。", Fault("pause", "最后一次暂停尚未恢复"))
    if promise.limit.unit.is_hourly:
        return _due_of_hours(promise, calendar)
    *_, last = legs_of(promise, calendar)
    return Due(last.due_day, last.due_at, provisional=not calendar.is_published(last.due_day))


def remaining(promise: Promise, calendar: WorkCalendar, now: datetime) -> Limit:
    """Return what is left at `now`, today not counted; zero on the last day and once it is over.

    In working days (halves kept), hours or working hours (tenths kept), or days. A paused clock answers what it will
    count on resuming.
    """
    require_aware(now, "now")
    resumed = _resumed(promise, now)
    if promise.limit.unit.is_hourly:
        tenths = hours_left(resumed, calendar, now) // _TENTH_OF_AN_HOUR
        return Limit(Decimal(tenths) / 10, promise.limit.unit)
    *_, last = legs_of(resumed, calendar)
    if last.left.unit is Unit.WORKING_DAY:
        return Limit(_working_days_left(last, office_day(now), calendar), Unit.WORKING_DAY)
    until = last.nominal_day if promise.is_paused else last.due_day
    return Limit(Decimal(max(0, (until - office_day(now)).days)), Unit.DAY)


def warn_at(due: Due, started_at: datetime, calendar: WorkCalendar) -> datetime | None:
    """Return when the lamp turns yellow: 00:00 of the working day before the due day, else of the due day itself.

    None when neither is later than the start: such a clock is too short to be warned about.
    """
    require_aware(started_at, "started_at")
    mornings = (start_of_day(calendar.previous_working_day(due.day)), start_of_day(due.day))
    return next((morning for morning in mornings if morning > started_at), None)


def is_breached(due_at: datetime, provisional: bool, stopped_at: datetime | None, now: datetime) -> bool:
    """Tell whether the promise is broken at `now`; never by a provisional due date."""
    return not provisional and (stopped_at or now) >= due_at


def lamp(
    due_at: datetime,
    *,
    provisional: bool,
    warn_at: datetime | None,
    stopped_at: datetime | None = None,
    paused_at: datetime | None = None,
    now: datetime,
) -> Lamp:
    """Return the lamp of a clock at `now`; `paused_at` is the start of the pause that it is in."""
    halted_at = stopped_at or paused_at
    if is_breached(due_at, provisional, halted_at, now):
        return Lamp.RED
    if halted_at is not None:
        return Lamp.GREY
    return Lamp.YELLOW if warn_at is not None and now >= warn_at else Lamp.GREEN


def working_days_used(started_at: datetime, stopped_at: datetime, calendar: WorkCalendar) -> int:
    """Count the working days after the day of the start, up to and including the day of the stop."""
    return calendar.working_days_between(office_day(started_at), office_day(stopped_at))


def _due_of_hours(promise: Promise, calendar: WorkCalendar) -> Due:
    at = hours_due(promise, calendar)
    # The bound is exclusive: hours that end at midnight end on the day before. Adding 0 refuses foreign days.
    day = calendar.add_working_days(office_day(at - _INSTANT), 0)
    return Due(day, at, provisional=not calendar.is_published(day))


def _working_days_left(leg: Leg, today: date, calendar: WorkCalendar) -> Decimal:
    whole = calendar.working_days_between(today, leg.due_day)
    return max(Decimal(0), whole - _HALF if leg.ends_at_noon else Decimal(whole))


def _resumed(promise: Promise, now: datetime) -> Promise:
    if not promise.is_paused:
        return promise
    *earlier, last = promise.pauses
    return replace(promise, pauses=(*earlier, replace(last, ended_at=max(now, last.started_at + _INSTANT))))
