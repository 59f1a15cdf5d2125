"""Limits in hours: counted on the axis of all time (`h`), or on that of working time (`WH`, `OFFICE_HOURS`).

Both run from the instant of the event. A pause takes out what of the axis lies inside it.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from app.domain.calendar import WorkCalendar
from app.domain.counting import OFFICE_HOURS, ONE_DAY, Promise, beyond, office_time, start_of_day
from app.domain.limit import Limit, Unit

NOTHING = timedelta(0)
OFFICE_SPANS = tuple(
    (timedelta(hours=opens.hour, minutes=opens.minute), timedelta(hours=closes.hour, minutes=closes.minute))
    for opens, closes in OFFICE_HOURS
)
"""The office hours as lengths since midnight."""

WORKDAY = sum((closes - opens for opens, closes in OFFICE_SPANS), NOTHING)
"""The working time of one worked day."""


class Axis(Protocol):
    """What hours are counted on."""

    def after(self, instant: datetime, length: timedelta) -> datetime:
        """Return the earliest instant by which so much of the axis has passed; raise `Invalid` where it ends."""

    def between(self, earlier: datetime, later: datetime) -> timedelta:
        """Return how much of the axis lies between two instants; nothing when they are in disorder."""


class AllTime:
    """The axis of hours that run on day and night."""

    def after(self, instant: datetime, length: timedelta) -> datetime:
        """Return the instant so much later; raise `Invalid` beyond the years that can be written."""
        try:
            return instant + length
        except OverflowError:
            raise beyond(instant) from None

    def between(self, earlier: datetime, later: datetime) -> timedelta:
        """Return the time between two instants."""
        return max(NOTHING, later - earlier)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The axis of working time: the office hours of worked days; raises `Invalid` outside the calendar."""

    calendar: WorkCalendar

    def after(self, instant: datetime, length: timedelta) -> datetime:
        """Return the earliest instant by which so much more has been worked; `instant` itself for no length."""
        if not length:
            return instant
        day = office_time(instant).date()
        days, rest = divmod(self._worked_until(day, instant) + length, WORKDAY)
        # A day's work is done when its afternoon closes, not when the next morning opens.
        if not rest:
            days, rest = days - 1, WORKDAY
        return _instant_of(self.calendar.add_working_days(self.calendar.roll_forward(day), days), rest)

    def between(self, earlier: datetime, later: datetime) -> timedelta:
        """Return the working time between two instants."""
        return max(NOTHING, self._position(later) - self._position(earlier))

    def opening(self, instant: datetime) -> datetime:
        """Return the instant itself within office hours, else the next opening."""
        local = office_time(instant)
        day = local.date()
        since = local - start_of_day(day)
        for opens, closes in OFFICE_SPANS if self.calendar.is_working_day(day) else ():
            if since < closes:
                return max(local, start_of_day(day) + opens)
        return start_of_day(self.calendar.next_working_day(day)) + OFFICE_SPANS[0][0]

    def worked_on(self, day: date, begin: datetime, end: datetime) -> timedelta:
        """Return the working time of one day that lies between two instants of any days."""
        return max(NOTHING, self._worked_until(day, end) - self._worked_until(day, begin))

    def _position(self, instant: datetime) -> timedelta:
        day = office_time(instant).date()
        full_days = self.calendar.ordinal_of(day) - self.calendar.is_working_day(day)
        return full_days * WORKDAY + self._worked_until(day, instant)

    def _worked_until(self, day: date, instant: datetime) -> timedelta:
        if not self.calendar.is_working_day(day):
            return NOTHING
        since = min(max(instant - start_of_day(day), NOTHING), ONE_DAY)
        return sum((max(NOTHING, min(since, closes) - opens) for opens, closes in OFFICE_SPANS), NOTHING)


@dataclass(frozen=True, slots=True)
class HourPhase:
    """The limit (`number` 0) or its n-th extension, and the exclusive instant at which it ends."""

    number: int
    limit: Limit
    due_at: datetime


def axis_of(unit: Unit, calendar: WorkCalendar) -> Axis:
    """Return what a unit of hours is counted on."""
    return WorkingTime(calendar) if unit is Unit.WORKING_HOUR else AllTime()


def hour_phases(promise: Promise, calendar: WorkCalendar) -> Iterator[HourPhase]:
    """Yield when the limit and each extension end; what an open pause keeps from ending is left out."""
    axis = axis_of(promise.limit.unit, calendar)
    pauses = deque(promise.pauses)
    at = office_time(promise.started_at)
    for number, limit in enumerate(promise.limits):
        at = axis.after(at, timedelta(hours=limit.whole))
        while pauses and pauses[0].started_at < at:
            pause = pauses.popleft()
            if pause.ended_at is None:
                return
            at = axis.after(at, axis.between(pause.started_at, pause.ended_at))
        yield HourPhase(number, limit, at)


def hours_due(promise: Promise, calendar: WorkCalendar) -> datetime:
    """Return when a promise in hours ends; none of its pauses may be open."""
    *_, last = hour_phases(promise, calendar)
    return last.due_at


def hours_left(promise: Promise, calendar: WorkCalendar, now: datetime) -> timedelta:
    """Return what of its axis lies between `now` and the end of a promise in hours; nothing once it is over."""
    due_at = hours_due(promise, calendar)
    return NOTHING if now >= due_at else axis_of(promise.limit.unit, calendar).between(now, due_at)


def running_stretches(promise: Promise, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the half-open stretches from the start to `until` in which no pause held the count up."""
    begun = promise.started_at
    for pause in promise.pauses:
        if pause.started_at >= until or pause.ended_at is None:
            break
        yield begun, pause.started_at
        begun = pause.ended_at
    yield begun, until


def _instant_of(day: date, worked: timedelta) -> datetime:
    """Return the earliest instant of a worked day by which so much has been worked on it."""
    for opens, closes in OFFICE_SPANS[:-1]:
        if worked <= closes - opens:
            return start_of_day(day) + opens + worked
        worked -= closes - opens
    return start_of_day(day) + OFFICE_SPANS[-1][0] + worked
