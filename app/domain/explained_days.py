"""The table of days of an explanation: every day from the event to the due day, and why it counted or did not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.calendar import WEEKDAYS, DayKind, WorkCalendar
from app.domain.counting import ONE_DAY, Leg, Pause, Promise, office_day
from app.domain.explained_parts import is_paused_when_rolled
from app.domain.limit import Unit
from app.domain.working_hours import NOTHING, WorkingTime, running_stretches

_KIND_NAMES = {
    DayKind.WORKING: "工作日",
    DayKind.MAKE_UP: "调休上班日",
    DayKind.WEEKEND: "周末休息日",
    DayKind.HOLIDAY: "放假日",
}
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """One day: what it is, whether it counted, as which one of its limit or extension, and why.

    `minutes` is the working time that counted, in whole minutes; None unless the limit is in working hours.
    """

    day: date
    weekday: str
    kind: DayKind
    name: str | None
    counted: bool
    ordinal: int | None
    why: str
    minutes: int | None = None


def explained_days(
    promise: Promise, legs: Sequence[Leg], until: datetime, calendar: WorkCalendar
) -> tuple[ExplainedDay, ...]:
    """Return a row for every day; `until` is where a promise in hours ends, or is paused."""
    match promise.limit.unit:
        case Unit.HOUR:
            return tuple(_hour_rows(promise, until, calendar))
        case Unit.WORKING_HOUR:
            return tuple(_working_hour_rows(promise, until, calendar))
        case _:
            return _rows_of_legs(promise, legs, calendar)


def kind_reason(calendar: WorkCalendar, day: date) -> str:
    """Name what a day is, with its holiday: 放假日（国庆节）."""
    kind, name = calendar.kind_of(day), calendar.holiday_name(day)
    return f"{_KIND_NAMES[kind]}（{name}）" if name else _KIND_NAMES[kind]


def chinese_length(length: timedelta) -> str:
    """Write a length to the nearest minute: 3小时30分."""
    minutes = round(length / _MINUTE)
    hours, rest = divmod(minutes, _HOUR // _MINUTE)
    return (f"{hours}小时" if hours else "") + (f"{rest}分" if rest else "") or "0分"


def _row(
    calendar: WorkCalendar,
    day: date,
    why: str,
    *,
    counted: bool = False,
    ordinal: int | None = None,
    minutes: int | None = None,
) -> ExplainedDay:
    kind, name = calendar.kind_of(day), calendar.holiday_name(day)
    projected = "" if calendar.is_published(day) else "（该年放假通知尚未发布，按推算）"
    return ExplainedDay(day, WEEKDAYS[day.weekday()], kind, name, counted, ordinal, why + projected, minutes)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _last_day(until: datetime) -> date:
    """Return the day on which an exclusive bound falls due; a midnight belongs to the day before."""
    return office_day(until - timedelta.resolution)


def _hour_rows(promise: Promise, until: datetime, calendar: WorkCalendar) -> Iterator[ExplainedDay]:
    first = office_day(promise.started_at)
    for day in _days(first, office_day(until) if promise.is_paused else _last_day(until)):
        yield _row(calendar, day, "按小时连续计算，不分工作日与休息日", counted=True)


def _working_hour_rows(promise: Promise, until: datetime, calendar: WorkCalendar) -> Iterator[ExplainedDay]:
    axis = WorkingTime(calendar)
    worked = _worked_by_day(promise, until, axis)
    so_far = NOTHING
    for day in _days(office_day(promise.started_at), office_day(until)):
        counted = worked[day]
        so_far += counted
        paused = counted < axis.worked_on(day, promise.started_at, until)
        yield _working_hour_row(calendar, day, counted, so_far, paused=paused)


def _working_hour_row(
    calendar: WorkCalendar, day: date, worked: timedelta, so_far: timedelta, *, paused: bool
) -> ExplainedDay:
    why = kind_reason(calendar, day)
    if worked:
        note = "（已扣除暂停时间）" if paused else ""
        why += f"，计入工作时间{chinese_length(worked)}{note}，累计{chinese_length(so_far)}"
    elif not calendar.is_working_day(day):
        why += "，不计入"
    else:
        why += "，暂停期间，不计入" if paused else "，没有计入的工作时间"
    return _row(calendar, day, why, counted=bool(worked), minutes=round(worked / _MINUTE))


def _worked_by_day(promise: Promise, until: datetime, axis: WorkingTime) -> Mapping[date, timedelta]:
    worked: defaultdict[date, timedelta] = defaultdict(timedelta)
    for begin, end in running_stretches(promise, until):
        for day in _days(office_day(begin), office_day(end)):
            worked[day] += axis.worked_on(day, begin, end)
    return worked


def _rows_of_legs(promise: Promise, legs: Sequence[Leg], calendar: WorkCalendar) -> tuple[ExplainedDay, ...]:
    rows = {row.day: row for row in _receipt_rows(promise, legs[0], calendar)}
    reached: dict[int, date] = {}
    for leg in legs:
        told = {row.day: row for row in _rows_of_leg(leg, calendar, is_first=leg is legs[0])}
        settled = reached.get(leg.phase - 1)
        if settled in told:
            # What counted before the extension keeps its row; the extension only adds what it did that day.
            told[settled] = replace(rows[settled], why=f"{rows[settled].why}；{_afterwards(leg)}")
        rows |= told
        if leg.pause is None:
            reached[leg.phase] = leg.due_day
    return tuple(rows[day] for day in sorted(rows))


def _receipt_rows(promise: Promise, first: Leg, calendar: WorkCalendar) -> Iterator[ExplainedDay]:
    received, day_zero = office_day(promise.started_at), first.start.day
    for day in _days(received, day_zero - ONE_DAY):
        yield _row(calendar, day, "休息日或下班后收到，视为次一工作日收到，不计入")
    deemed = "" if day_zero == received else "视为收到之日，"
    if _ends_on_day_zero(first):
        yield _row(calendar, day_zero, f"{deemed}上午收到，半个工作日计至当日结束", counted=True, ordinal=1)
    else:
        yield _row(calendar, day_zero, f"{deemed}起算日，当日不计入")


def _rows_of_leg(leg: Leg, calendar: WorkCalendar, *, is_first: bool) -> Iterator[ExplainedDay]:
    if _ends_on_day_zero(leg) and not is_first:
        ordinal = leg.used + 1
        why = f"恢复计算之日，上午恢复，{_phase_name(leg)}第{ordinal}个工作日，计至当日结束（半个工作日）"
        yield _row(calendar, leg.due_day, why, counted=True, ordinal=ordinal)
    yield from _counted_rows(leg, calendar)
    yield from _pause_rows(leg.pause, calendar)


def _ends_on_day_zero(leg: Leg) -> bool:
    """Tell whether half a working day from before noon ended the leg where it began."""
    return leg.pause is None and leg.due_day == leg.start.day


def _afterwards(leg: Leg) -> str:
    """Say what an extension did on the day on which the time before it had ended."""
    if leg.pause is None:
        return f"{_phase_name(leg)}的半个工作日计至当日结束"
    is_over = leg.pause.ended_at is not None and office_day(leg.pause.ended_at) == office_day(leg.pause.started_at)
    return "期满后暂停，当日恢复" if is_over else "期满后暂停"


def _pause_rows(pause: Pause | None, calendar: WorkCalendar) -> Iterator[ExplainedDay]:
    if pause is None:
        return
    first = office_day(pause.started_at)
    last = office_day(pause.ended_at) if pause.ended_at else first
    for day in _days(first, last):
        yield _row(calendar, day, _pause_reason(day, first, last if pause.ended_at else None))


def _pause_reason(day: date, first: date, resumed: date | None) -> str:
    if day == resumed:
        return "恢复计算之日，为新的起算日，当日不计入"
    return "暂停之日，不计入" if day == first else "暂停期间，不计入"


def _counted_rows(leg: Leg, calendar: WorkCalendar) -> Iterator[ExplainedDay]:
    last = office_day(leg.pause.started_at) - ONE_DAY if leg.pause else leg.due_day
    days = _days(leg.start.day + ONE_DAY, last)
    if leg.left.unit is Unit.WORKING_DAY:
        return _working_rows(leg, days, calendar)
    return (_calendar_row(leg, day, calendar) for day in days)


def _phase_name(leg: Leg) -> str:
    return "延长期" if leg.phase else ""


def _working_rows(leg: Leg, days: Iterable[date], calendar: WorkCalendar) -> Iterator[ExplainedDay]:
    ordinal = leg.used
    for day in days:
        kind = calendar.kind_of(day)
        if not kind.is_worked:
            yield _row(calendar, day, f"{kind_reason(calendar, day)}，不计入")
            continue
        ordinal += 1
        half = "，计至12时（半个工作日）" if leg.ends_at_noon and day == leg.due_day else ""
        why = f"{kind_reason(calendar, day)}，{_phase_name(leg)}第{ordinal}个工作日{half}"
        yield _row(calendar, day, why, counted=True, ordinal=ordinal)


def _calendar_row(leg: Leg, day: date, calendar: WorkCalendar) -> ExplainedDay:
    if day > leg.nominal_day:
        last = "，为顺延后的期满日" if day == leg.due_day else "，期满日继续顺延"
        return _row(calendar, day, kind_reason(calendar, day) + last)
    if day == leg.nominal_day and is_paused_when_rolled(leg):
        return _row(calendar, day, f"期间的最后一日，适逢{kind_reason(calendar, day)}，顺延，未届满即暂停，当日不计入")
    ordinal = leg.used + (day - leg.start.day).days
    why = f"{_phase_name(leg)}第{ordinal}日"
    if day == leg.nominal_day:
        why += "，期间的最后一日" if day == leg.due_day else f"，期间的最后一日，适逢{kind_reason(calendar, day)}，顺延"
    return _row(calendar, day, why, counted=True, ordinal=ordinal)
