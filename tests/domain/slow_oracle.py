"""A slow and obvious count of deadlines, made from the law and the policy's words and not from the program.

It walks day by day and knows no tables, legs or jumps. Its own day table is made of chinesecalendar up to the last year
with a notice, and after that of plain weekends and the statutory holidays. The rules, in words:

1. A day is a day of Shanghai. The day of the event is day 0, at any hour and on any kind of day (民法典 201).
   Deemed receipt: what comes on a rest day, or at close of business or later, came first thing on the next working day.
2. Working days: each day after day 0 on which offices are open counts. Days: each day after day 0 counts. Months last
   to the corresponding day, or to the last day of a month without one (民法典 202), and count as that many days.
3. The count ends on the first day with open offices by which enough days have counted: a last day that is a rest day
   rolls forward, a make-up day does not roll (民法典 203).
4. The last day ends at midnight or, where the policy says so, at close of business. That instant is already late.
5. A half working day from before noon of a working day lasts to the end of that day; from any other time it lasts to
   noon of the next working day. Whole days that go with it are counted first. (No law: the policy's reading.)
6. An extension counts from the last day reached, rolled or not, as its day 0. Where that day ended at noon, its
   afternoon is the half day of an extension with a half; whole days make nothing of it.
7. A pause is felt when it starts before the count has ended. None of its days counts, not even the first or the last,
   however short it was within the day. The day on which it ends is a new day 0 for all that had not counted, and its
   hour decides about a half as in 5; deemed receipt has no say in it.
8. A pause that starts once enough days have counted, on or before the working day to which the last one rolls, leaves
   one day to count.
9. Pauses without length are none, and so are those over before the day of the deemed receipt.
10. Hours run day and night except in pauses; the day is the one in which the last instant lies, and it never rolls.
    (Working hours are not walked.)
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

import chinese_calendar

from app.calendars import load_statutory_days
from app.domain.clock import Due, Pause, Promise
from app.domain.limit import Limit

SHANGHAI = timezone(timedelta(hours=8))
DAY = timedelta(days=1)
FIRST, LAST_NOTICED, LAST = date(2007, 1, 1), date(2026, 12, 31), date(2035, 12, 31)
NOON, CLOSE = time(12), time(17, 30)


def at(day: date, since_midnight: timedelta) -> datetime:
    return datetime.combine(day, time(), SHANGHAI) + since_midnight


def days(first: date, last: date) -> list[date]:
    return [first + offset * DAY for offset in range((last - first).days + 1)]


def _is_open(day: date, statutory: frozenset[date]) -> bool:
    if day <= LAST_NOTICED:
        return chinese_calendar.is_workday(day)
    return day.weekday() <= 4 and day not in statutory


OPEN = {day: _is_open(day, frozenset(load_statutory_days())) for day in days(FIRST, LAST)}
"""Whether offices are open, for every day that a walk may cross."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk ended: the last day, the instant from which an act is late, and the days that counted."""

    day: date
    at: datetime
    counted: tuple[date, ...] = ()

    @property
    def is_provisional(self) -> bool:
        return self.day > LAST_NOTICED

    def agrees_with(self, due: Due) -> bool:
        """Tell whether the program found the same day, instant and standing."""
        return (self.day, self.at, self.is_provisional) == (due.day, due.at, due.provisional)


def walk(promise: Promise) -> Walk:
    """Walk the promise to its end."""
    pauses = [pause for pause in promise.pauses if pause.started_at != pause.ended_at]
    if promise.limit.unit == "h":
        return _walk_hours(promise, pauses)
    walker = _Walker(promise, pauses)
    for limit in (promise.limit, *promise.extensions):
        walker.serve(limit)
    return Walk(walker.today, walker.end, tuple(walker.counted))


class _Walker:
    """Stands on `today`; `has_half` says whether half a working day is left of it for the day 0 that it is."""

    def __init__(self, promise: Promise, pauses: list[Pause]) -> None:
        self.switches = promise.switches
        self.today, self.has_half = _receipt(promise)
        self.pauses = [pause for pause in pauses if _local(pause.ended_at).date() >= self.today]
        self.counted: dict[date, None] = {}
        self.end = promise.started_at

    def serve(self, limit: Limit) -> None:
        """Walk from `today` as day 0 to the last day of the limit."""
        left, has_counted, is_day_zero = _whole_days(limit, self.today), 0, True
        wants_half = limit.amount % 1 != 0
        while True:
            wanted = left + (wants_half and not self.has_half)
            counts = not is_day_zero and has_counted < wanted and (OPEN[self.today] or limit.unit != "WD")
            is_last = has_counted + counts >= wanted and OPEN[self.today]
            end = self._end_of_today(wants_half) if is_last else None
            if self._is_paused_before(end):
                left = max(left - has_counted, 0 if limit.unit == "WD" else 1)
                has_counted, is_day_zero = 0, True
                self._resume()
                continue
            has_counted += counts
            if counts or (is_last and is_day_zero):
                self.counted[self.today] = None
            if end is not None:
                self.end, self.has_half = end, end.time() == NOON
                return
            self.today, is_day_zero = self.today + DAY, False

    def _end_of_today(self, wants_half: bool) -> datetime:
        if wants_half and not self.has_half:
            return datetime.combine(self.today, NOON, SHANGHAI)
        if "close_of_business" in self.switches:
            return datetime.combine(self.today, CLOSE, SHANGHAI)
        return at(self.today, DAY)

    def _is_paused_before(self, end: datetime | None) -> bool:
        if not self.pauses or _local(self.pauses[0].started_at).date() > self.today:
            return False
        return end is None or self.pauses[0].started_at < end

    def _resume(self) -> None:
        resumed = _local(self.pauses.pop(0).ended_at)
        self.today, self.has_half = resumed.date(), _is_working_morning(resumed)


def _receipt(promise: Promise) -> tuple[date, bool]:
    received = _local(promise.started_at)
    day = received.date()
    if "deemed_receipt" not in promise.switches or (OPEN[day] and received.time() < CLOSE):
        return day, _is_working_morning(received)
    day += DAY
    while not OPEN[day]:
        day += DAY
    return day, True


def _local(instant: datetime) -> datetime:
    return instant.astimezone(SHANGHAI)


def _is_working_morning(local: datetime) -> bool:
    return OPEN[local.date()] and local.time() < NOON


def _whole_days(limit: Limit, day_zero: date) -> int:
    """Count the whole days of the limit; those of months by walking to the last of them."""
    if limit.unit != "m":
        return int(limit.amount)
    day = day_zero
    while not _are_months_over(limit, day_zero, day):
        day += DAY
    return (day - day_zero).days


def _are_months_over(limit: Limit, day_zero: date, day: date) -> bool:
    months = (day.year - day_zero.year) * 12 + day.month - day_zero.month
    is_month_end = (day + DAY).day == 1
    return months == limit.amount and (day.day == day_zero.day or is_month_end)


def _walk_hours(promise: Promise, pauses: list[Pause]) -> Walk:
    """Let the hours run from each resumption to the next pause until they are used up."""
    left = timedelta(hours=sum(int(limit.amount) for limit in (promise.limit, *promise.extensions)))
    running_since = _local(promise.started_at)
    for pause in pauses:
        ran = pause.started_at - running_since
        if ran >= left:
            break
        left, running_since = left - ran, _local(pause.ended_at)
    at = running_since + left
    return Walk((at - timedelta(microseconds=1)).date(), at)
