"""How a promise is counted, leg by leg: each pause ends a leg and the rest starts a new one; so does an extension.

The law is 民法典 200–204: the day of the event is day 0, a last day that is a rest day rolls forward, the last day
ends at 24:00. `app.domain.clock` is what the rest of the program asks; this module is what it asks itself.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.domain.calendar import FIRST_YEAR, LAST_YEAR, WorkCalendar
from app.domain.errors import Fault, Invalid
from app.domain.limit import Limit, Unit

OFFICE_TIMEZONE = ZoneInfo("Asia/Shanghai")
CLOSE_OF_BUSINESS = time(17, 30)
NOON = time(12)
OFFICE_HOURS = ((time(8, 30), NOON), (time(14), CLOSE_OF_BUSINESS))
"""The hours that limits in working hours count on worked days: common practice, demanded by no document.

A clause in hours runs day and night unless it says business hours.
"""
MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)


class Switch(StrEnum):
    """Choices of a policy; both are off unless it sets them."""

    DEEMED_RECEIPT = "deemed_receipt"
    CLOSE_OF_BUSINESS = "close_of_business"


@dataclass(frozen=True, slots=True)
class Pause:
    """A half-open stretch in which the clock stands still; open while `ended_at` is None."""

    started_at: datetime
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        """Raise `Invalid` for naive instants, or an end before the start."""
        require_aware(self.started_at, "pause")
        if self.ended_at is None:
            return
        require_aware(self.ended_at, "pause")
        if self.ended_at < self.started_at:
            raise _pause_fault("恢复时间早于暂停时间")

    @property
    def is_empty(self) -> bool:
        """Whether it ended at the instant when it started, and so paused nothing."""
        return self.ended_at == self.started_at


@dataclass(frozen=True, slots=True)
class Promise:
    """What a clock must keep: its start, limit, pauses in order, extensions in order, and the policy's switches."""

    started_at: datetime
    limit: Limit
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Limit, ...] = ()
    switches: frozenset[Switch] = frozenset()

    def __post_init__(self) -> None:
        """Raise `Invalid` for a naive start, pauses out of order, or hours mixed with days or with working hours."""
        require_aware(self.started_at, "started_at")
        if self.pauses:
            _refuse_disorder(self)
        if self.extensions:
            _refuse_mixture(self)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limit, then its extensions."""
        return (self.limit, *self.extensions)

    @property
    def is_paused(self) -> bool:
        """Whether the last pause is still open."""
        return bool(self.pauses) and self.pauses[-1].ended_at is None


@dataclass(frozen=True, slots=True)
class Start:
    """A day 0; whether it is the `morning` of a working day matters to half days only."""

    day: date
    morning: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """One uninterrupted count: `left` counted from `start`, of a limit of which earlier legs used up `used`.

    `phase` is 0 for the limit and n for its n-th extension. `nominal_day` is the last day before it rolls.
    Where a `pause` cut the leg short, the due day was never reached.
    """

    start: Start
    left: Limit
    nominal_day: date
    due_day: date
    due_at: datetime
    phase: int
    used: int
    pause: Pause | None = None

    @property
    def ends_at_noon(self) -> bool:
        """Whether the last half day is a morning."""
        return self.due_at == start_of_day(self.due_day) + ONE_DAY / 2


def legs_of(promise: Promise, calendar: WorkCalendar) -> Iterator[Leg]:
    """Yield the legs in order; the last one ends at the due day, or at an open pause.

    Hours have no legs: `app.domain.working_hours` counts them.
    """
    start = receipt_of(promise, calendar)
    pauses = deque(promise.pauses)
    for phase, limit in enumerate(promise.limits):
        leg = _leg(promise, calendar, start, limit, phase=phase)
        while pauses and pauses[0].started_at < leg.due_at:
            pause = pauses.popleft()
            if _is_idle(pause, leg.start.day):
                continue
            yield replace(leg, pause=pause)
            if pause.ended_at is None:
                return
            leg = _resume(promise, calendar, leg, pause.started_at, pause.ended_at)
        yield leg
        start = Start(leg.due_day, morning=leg.ends_at_noon)


def receipt_of(promise: Promise, calendar: WorkCalendar) -> Start:
    """Return day 0: the day of the event, or the next working day where the policy deems it received then."""
    start = _start(promise.started_at, calendar)
    if Switch.DEEMED_RECEIPT not in promise.switches:
        return start
    after_hours = office_time(promise.started_at).time() >= CLOSE_OF_BUSINESS
    if after_hours or not calendar.is_working_day(start.day):
        return Start(calendar.next_working_day(start.day), morning=True)
    return start


def used_before(leg: Leg, pause_day: date, calendar: WorkCalendar) -> int:
    """Count the days of the leg strictly between its day 0 and the pause: working days, or else all days."""
    if leg.left.unit is Unit.WORKING_DAY:
        elapsed = calendar.working_days_between(leg.start.day, pause_day) - calendar.is_working_day(pause_day)
    else:
        elapsed = (pause_day - leg.start.day).days - 1
    return max(0, elapsed)


def add_months(day: date, months: int) -> date:
    """Return the corresponding day, or the last day of the month when there is none (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year >= date.max.year:
        return date.max
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - ONE_DAY).day))


def office_day(instant: datetime) -> date:
    """Return the date in Shanghai; raise `Invalid` for a naive instant or one at the edge of the datetime range."""
    return office_time(instant).date()


def office_time(instant: datetime) -> datetime:
    """Return the instant as the clocks of Shanghai show it; raises as `office_day` does."""
    require_aware(instant, "instant")
    try:
        return instant.astimezone(OFFICE_TIMEZONE)
    except OverflowError:
        raise beyond(instant) from None


def start_of_day(day: date) -> datetime:
    """Return the midnight with which the day begins in Shanghai."""
    return datetime.combine(day, MIDNIGHT, OFFICE_TIMEZONE)


def end_of_day(day: date) -> datetime:
    """Return the midnight that ends the day in Shanghai, as an exclusive bound."""
    return start_of_day(day + ONE_DAY)


def is_countable(instant: datetime) -> bool:
    """Tell whether an aware instant lies in the years that a calendar can hold."""
    return _EARLIEST <= instant < _LATEST


def require_aware(instant: datetime, name: str) -> None:
    """Raise `Invalid` on the field `name` unless the instant has a time zone."""
    if instant.utcoffset() is None:
        raise Invalid(f"时间{instant.isoformat()}没有时区，请写明时区，例如+08:00。", Fault(name, "缺少时区"))


def _leg(promise: Promise, calendar: WorkCalendar, start: Start, left: Limit, *, phase: int, used: int = 0) -> Leg:
    nominal = _nominal_day(calendar, start, left)
    if left.has_half and not start.morning:
        day = calendar.next_working_day(nominal)
        return Leg(start, left, day, day, datetime.combine(day, NOON, OFFICE_TIMEZONE), phase, used)
    due_day = calendar.roll_forward(nominal)
    return Leg(start, left, nominal, due_day, _closing(promise, due_day), phase, used)


def _nominal_day(calendar: WorkCalendar, start: Start, left: Limit) -> date:
    match left.unit:
        case Unit.WORKING_DAY:
            return calendar.add_working_days(start.day, left.whole)
        case Unit.MONTH:
            return add_months(start.day, left.whole)
        case _:
            return start.day + left.whole * ONE_DAY


def _resume(promise: Promise, calendar: WorkCalendar, leg: Leg, paused_at: datetime, resumed_at: datetime) -> Leg:
    used = used_before(leg, office_day(paused_at), calendar)
    left = Limit(_rest(leg, used), Unit.WORKING_DAY if leg.left.unit is Unit.WORKING_DAY else Unit.DAY)
    return _leg(promise, calendar, _start(resumed_at, calendar), left, phase=leg.phase, used=leg.used + used)


def _rest(leg: Leg, used: int) -> Decimal:
    if leg.left.unit is Unit.WORKING_DAY:
        return leg.left.amount - used
    # A pause that starts on a rolled last day leaves that one day, as it does in a count of working days.
    return Decimal(max(1, (leg.nominal_day - leg.start.day).days - used))


def _is_idle(pause: Pause, day_zero: date) -> bool:
    # Under deemed receipt a pause may be over before day 0.
    return pause.is_empty or (pause.ended_at is not None and office_day(pause.ended_at) < day_zero)


def _start(instant: datetime, calendar: WorkCalendar) -> Start:
    local = office_time(instant)
    day = local.date()
    return Start(day, morning=calendar.is_working_day(day) and local.time() < NOON)


def beyond(instant: datetime) -> Invalid:
    """Return the refusal of an instant at the edge of the years that can be written."""
    return Invalid(f"时间{instant.isoformat()}超出可用范围，请核对年份。", Fault("instant", "年份有误"))


def _closing(promise: Promise, day: date) -> datetime:
    if Switch.CLOSE_OF_BUSINESS in promise.switches:
        return datetime.combine(day, CLOSE_OF_BUSINESS, OFFICE_TIMEZONE)
    return end_of_day(day)


def _pause_fault(reason: str) -> Invalid:
    return Invalid(f"暂停记录有误：{reason}。", Fault("pause", reason))


def _refuse_disorder(promise: Promise) -> None:
    if promise.pauses[0].started_at < promise.started_at:
        raise _pause_fault("暂停早于时限的起算")
    for earlier, later in pairwise(promise.pauses):
        if earlier.ended_at is None or later.started_at < earlier.ended_at:
            raise _pause_fault("各次暂停须按先后排列，不得重叠，只有最后一次可以尚未恢复")


def _refuse_mixture(promise: Promise) -> None:
    if len({limit.unit if limit.unit.is_hourly else Unit.DAY for limit in promise.limits}) > 1:
        reason = "按小时的期限只能按小时延长，按工作小时的期限只能按工作小时延长，按日的期限不能按小时延长。"
        raise Invalid(reason, Fault("extension", "单位不一致"))


_EARLIEST, _LATEST = start_of_day(date(FIRST_YEAR, 1, 1)), end_of_day(date(LAST_YEAR, 12, 31))
