"""Why a clock ends when it ends: every day from day 0 to the due day, and sentences that a letter can quote."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from app.domain.calendar import WEEKDAYS, DayKind, Notice, WorkCalendar
from app.domain.clock import Due, compute_due
from app.domain.counting import Leg, Pause, Promise, legs_of, office_day, office_time, receipt_of, used_before
from app.domain.limit import Limit, Unit

LISTED_DAYS = 20
"""Up to so many counted working days a sentence names each; the table of days always has them all."""

_KIND_NAMES = {
    DayKind.WORKING: "工作日",
    DayKind.MAKE_UP: "调休上班日",
    DayKind.WEEKEND: "周末休息日",
    DayKind.HOLIDAY: "放假日",
}


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """One day: what it is, whether it counted, as which one of its limit or extension, and why."""

    day: date
    weekday: str
    kind: DayKind
    name: str | None
    counted: bool
    ordinal: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole answer; `due` is None while the clock is paused, and the days then end with the pause day."""

    due: Due | None
    days: tuple[ExplainedDay, ...]
    sentences: tuple[str, ...]
    calendar_version: str
    notices: tuple[Notice, ...]


def explain(promise: Promise, calendar: WorkCalendar) -> Explanation:
    """Explain the promise day by day; raises `Invalid` as `compute_due` does, but answers for a paused clock too."""
    due = None if promise.is_paused else compute_due(promise, calendar)
    legs = () if promise.limit.unit is Unit.HOUR else tuple(legs_of(promise, calendar))
    rows = _rows_of_legs(promise, legs, calendar) if legs else _rows_of_hours(promise, due, calendar)
    notices = tuple(dict.fromkeys(notice for row in rows if (notice := calendar.notice_of(row.day))))
    return Explanation(
        due=due,
        days=rows,
        sentences=(
            _start_sentence(promise, legs),
            _limit_sentence(promise.limit),
            *_counted_sentences(legs, rows),
            *_break_sentences(rows, calendar),
            *_leg_sentences(promise, legs, calendar),
            *_due_sentences(due),
            _calendar_sentence(calendar, notices),
        ),
        calendar_version=calendar.version,
        notices=notices,
    )


def chinese_day(day: date) -> str:
    """Write a day as a letter does: 2024年10月10日（周四）."""
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def chinese_instant(instant: datetime) -> str:
    """Write an instant in Shanghai to the minute: 2024年9月27日（周五）10:15."""
    return f"{chinese_day(office_day(instant))}{office_time(instant):%H:%M}"


def _row(
    calendar: WorkCalendar, day: date, why: str, *, counted: bool = False, ordinal: int | None = None
) -> ExplainedDay:
    kind, name = calendar.kind_of(day), calendar.holiday_name(day)
    projected = "" if calendar.is_published(day) else "（该年放假通知尚未发布，按推算）"
    return ExplainedDay(day, WEEKDAYS[day.weekday()], kind, name, counted, ordinal, why + projected)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _rows_of_hours(promise: Promise, due: Due | None, calendar: WorkCalendar) -> tuple[ExplainedDay, ...]:
    last = due.day if due else office_day(promise.pauses[-1].started_at)
    days = _days(office_day(promise.started_at), last)
    return tuple(_row(calendar, day, "按小时连续计算，不分工作日与休息日", counted=True) for day in days)


def _rows_of_legs(promise: Promise, legs: Sequence[Leg], calendar: WorkCalendar) -> tuple[ExplainedDay, ...]:
    rows = {row.day: row for row in _receipt_rows(promise, calendar)}
    for leg in legs:
        rows |= {row.day: row for row in _counted_rows(leg, calendar)}
        rows |= {row.day: row for row in _pause_rows(leg.pause, calendar)}
    return tuple(rows[day] for day in sorted(rows))


def _receipt_rows(promise: Promise, calendar: WorkCalendar) -> Iterator[ExplainedDay]:
    received, start = office_day(promise.started_at), receipt_of(promise, calendar)
    for day in _days(received, start.day - timedelta(days=1)):
        yield _row(calendar, day, "休息日或下班后收到，视为次一工作日收到，不计入")
    deemed = "" if start.day == received else "视为收到之日，"
    if start.morning and promise.limit.whole == 0:
        yield _row(calendar, start.day, f"{deemed}上午收到，半个工作日计至当日结束", counted=True)
    else:
        yield _row(calendar, start.day, f"{deemed}起算日，当日不计入")


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
    last = office_day(leg.pause.started_at) - timedelta(days=1) if leg.pause else leg.due_day
    days = _days(leg.start.day + timedelta(days=1), last)
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
            yield _row(calendar, day, f"{_kind_reason(calendar, day)}，不计入")
            continue
        ordinal += 1
        half = "，计至12时（半个工作日）" if leg.ends_at_noon and day == leg.due_day else ""
        why = f"{_kind_reason(calendar, day)}，{_phase_name(leg)}第{ordinal}个工作日{half}"
        yield _row(calendar, day, why, counted=True, ordinal=ordinal)


def _kind_reason(calendar: WorkCalendar, day: date) -> str:
    kind, name = calendar.kind_of(day), calendar.holiday_name(day)
    return f"{_KIND_NAMES[kind]}（{name}）" if name else _KIND_NAMES[kind]


def _calendar_row(leg: Leg, day: date, calendar: WorkCalendar) -> ExplainedDay:
    if day > leg.nominal_day:
        last = "，为顺延后的期满日" if day == leg.due_day else "，期满日继续顺延"
        return _row(calendar, day, _kind_reason(calendar, day) + last)
    ordinal = leg.used + (day - leg.start.day).days
    why = f"{_phase_name(leg)}第{ordinal}日"
    if day == leg.nominal_day:
        why += (
            "，期间的最后一日" if day == leg.due_day else f"，期间的最后一日，适逢{_kind_reason(calendar, day)}，顺延"
        )
    return _row(calendar, day, why, counted=True, ordinal=ordinal)


def _start_sentence(promise: Promise, legs: Sequence[Leg]) -> str:
    received = f"{chinese_instant(promise.started_at)}收到"
    if not legs:
        return f"{received}，按小时计算，自该时刻起算（民法典第二百零一条）。"
    day_zero = legs[0].start.day
    if day_zero != office_day(promise.started_at):
        received += f"，收到于休息日或下班后，按本地规则视为{chinese_day(day_zero)}收到"
    if promise.limit.whole == 0:
        return f"{received}。"
    return f"{received}，当日不计入，自次日起算（民法典第二百零一条）。"


_ROLL_NOTE = "最后一日是休息日的，顺延至休息日结束的次日（民法典第二百零三条）"
_LIMIT_NOTES = {
    Unit.WORKING_DAY: "只计工作日，周末与放假日不计，调休上班日计入",
    Unit.DAY: f"按自然日连续计算，{_ROLL_NOTE}",
    Unit.MONTH: f"以到期月的对应日为最后一日，没有对应日的以月末日为最后一日（民法典第二百零二条）；{_ROLL_NOTE}",
    Unit.HOUR: "昼夜连续计算，不分工作日与休息日",
}
_HALF_NOTE = "；半个工作日，工作日12时前收到的计至当日结束，其余计至次一工作日12时"


def _limit_sentence(limit: Limit) -> str:
    return f"期限为{limit.chinese}：{_LIMIT_NOTES[limit.unit]}{_HALF_NOTE if limit.has_half else ''}。"


def _counted_sentences(legs: Sequence[Leg], rows: Sequence[ExplainedDay]) -> Iterator[str]:
    if not legs or legs[0].left.unit is not Unit.WORKING_DAY:
        return
    days = [row.day for row in rows if row.counted]
    if 0 < len(days) <= LISTED_DAYS:
        yield f"计入的工作日依次为：{'、'.join(f'{day.month}月{day.day}日' for day in days)}。"
    elif days:
        yield f"自{chinese_day(days[0])}至{chinese_day(days[-1])}共计入{len(days)}日，逐日见明细。"


def _break_sentences(rows: Sequence[ExplainedDay], calendar: WorkCalendar) -> Iterator[str]:
    for (kind, name), group in groupby(rows, key=lambda row: (row.kind, row.name)):
        days = [row.day for row in group]
        if kind is DayKind.HOLIDAY:
            until = f"至{chinese_day(days[-1])}" if len(days) > 1 else ""
            projected = "" if calendar.is_published(days[-1]) else "（推算）"
            yield f"期间遇{name}放假{projected}：{chinese_day(days[0])}{until}。"
        elif kind is DayKind.MAKE_UP:
            yield f"{'、'.join(map(chinese_day, days))}因{name}调休上班，是工作日。"


def _leg_sentences(promise: Promise, legs: Sequence[Leg], calendar: WorkCalendar) -> Iterator[str]:
    started: set[int] = set()
    for leg in legs:
        if leg.phase and leg.phase not in started:
            yield f"延长{promise.limits[leg.phase].chinese}，自原到期日{chinese_day(leg.start.day)}的次日起继续计算。"
        started.add(leg.phase)
        if leg.pause:
            yield _pause_sentence(leg, leg.pause, calendar)
        elif leg.due_day != leg.nominal_day:
            yield f"期间的最后一日{chinese_day(leg.nominal_day)}是休息日，顺延至{chinese_day(leg.due_day)}。"
    if not legs:
        yield from (_hour_pause_sentence(pause) for pause in promise.pauses)


def _pause_sentence(leg: Leg, pause: Pause, calendar: WorkCalendar) -> str:
    used = leg.used + used_before(leg, office_day(pause.started_at), calendar)
    unit = "个工作日" if leg.left.unit is Unit.WORKING_DAY else "日"
    begun = f"{chinese_instant(pause.started_at)}暂停，此前已计{used}{unit}"
    if pause.ended_at is None:
        return f"{begun}，尚未恢复。"
    return f"{begun}；{chinese_instant(pause.ended_at)}恢复，当日不计入，其余自次日起计算。"


def _hour_pause_sentence(pause: Pause) -> str:
    ended = f"{chinese_instant(pause.ended_at)}恢复" if pause.ended_at else "尚未恢复"
    return f"{chinese_instant(pause.started_at)}暂停，{ended}；暂停的时长不计入。"


def _due_sentences(due: Due | None) -> Iterator[str]:
    if due is None:
        yield "时限正在暂停，恢复之后才有到期日。"
        return
    yield f"到期日为{chinese_day(due.day)}，{_closing_words(due)}起即为超期。"
    if due.provisional:
        yield f"国务院{due.day.year}年放假通知尚未发布，到期日为推算，仅供提醒，不得据以认定超期；通知发布后重算。"


def _closing_words(due: Due) -> str:
    local = office_time(due.at)
    if local.date() != due.day:
        return f"至当日24时止，{chinese_day(local.date())}零时"
    return f"至当日{local:%H:%M}止，{local:%H:%M}"


def _calendar_sentence(calendar: WorkCalendar, notices: Sequence[Notice]) -> str:
    basis = "、".join(notice.citation for notice in notices) or "尚无已发布的放假通知"
    return f"工作日历版本{calendar.version}，依据：{basis}。"
