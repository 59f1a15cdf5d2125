"""The sentences of an explanation, each fit to be quoted in a letter."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, zip_longest

from app.domain.calendar import WEEKDAYS, DayKind, Notice, WorkCalendar
from app.domain.clock import Due
from app.domain.counting import (
    CLOSE_OF_BUSINESS,
    OFFICE_HOURS,
    Leg,
    Pause,
    Promise,
    Switch,
    office_day,
    office_time,
)
from app.domain.explained_days import ExplainedDay, chinese_length
from app.domain.explained_parts import (
    ExplainedExtension,
    ExplainedPause,
    ExplainedSwitch,
    is_paused_when_rolled,
    used_in,
)
from app.domain.limit import Limit, Unit
from app.domain.working_hours import WORKDAY, WorkingTime

LISTED_DAYS = 20
"""Up to so many counted working days a sentence names each; the table of days always has them all."""

_ROLL_NOTE = "最后一日是休息日的，顺延至休息日结束的次日（民法典第二百零三条）"
_OFFICE_HOURS = "、".join(f"{opens:%H:%M}至{closes:%H:%M}" for opens, closes in OFFICE_HOURS)
_LIMIT_NOTES = {
    Unit.WORKING_DAY: "只计工作日，周末与放假日不计，调休上班日计入",
    Unit.DAY: f"按自然日连续计算，{_ROLL_NOTE}",
    Unit.MONTH: f"以到期月的对应日为最后一日，没有对应日的以月末日为最后一日（民法典第二百零二条）；{_ROLL_NOTE}",
    Unit.HOUR: "昼夜连续计算，不分工作日与休息日",
    Unit.WORKING_HOUR: f"只计工作日的上班时间（{_OFFICE_HOURS}），每个工作日计{chinese_length(WORKDAY)}",
}
_HALF_NOTE = "；半个工作日，工作日12时前收到的计至当日结束，其余计至次一工作日12时"
_LISTED = {Unit.WORKING_DAY: "工作日", Unit.WORKING_HOUR: "工作时间"}
_SWITCH_RULES = {
    Switch.DEEMED_RECEIPT: "休息日或下班后收到的，视为次一工作日收到",
    Switch.CLOSE_OF_BUSINESS: f"最后一日计至下班时间{CLOSE_OF_BUSINESS:%H:%M}，不计至24时",
}


def chinese_day(day: date) -> str:
    """Write a day as a letter does: 2024年10月10日（周四）."""
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def chinese_instant(instant: datetime) -> str:
    """Write an instant in Shanghai to the minute: 2024年9月27日（周五）10:15."""
    return f"{chinese_day(office_day(instant))}{office_time(instant):%H:%M}"


def start_sentence(promise: Promise, legs: Sequence[Leg], calendar: WorkCalendar) -> str:
    """Say when it was received and from when it counts."""
    received = f"{chinese_instant(promise.started_at)}收到"
    if promise.limit.unit.is_hourly:
        return f"{received}，{_hourly_start(promise, calendar)}。"
    day_zero = legs[0].start.day
    if day_zero != office_day(promise.started_at):
        received += f"，收到于休息日或下班后，按本地规则视为{chinese_day(day_zero)}收到"
    if promise.limit.whole == 0:
        return f"{received}。"
    return f"{received}，当日不计入，自次日起算（民法典第二百零一条）。"


def limit_sentence(limit: Limit) -> str:
    """Say how long it is and how its unit is counted."""
    return f"期限为{limit.chinese}：{_LIMIT_NOTES[limit.unit]}{_HALF_NOTE if limit.has_half else ''}。"


def switch_sentences(
    promise: Promise, switches: Sequence[ExplainedSwitch], legs: Sequence[Leg], due: Due | None
) -> Iterator[str]:
    """Say which local rules ran, and what they changed, even if that is nothing."""
    for one in switches:
        effect = _EFFECTS[one.switch](promise, legs, one.applied)
        if one.switch is Switch.CLOSE_OF_BUSINESS and due is None:
            effect = "恢复计算之后适用"
        yield f"按本地规则，{_SWITCH_RULES[one.switch]}；{effect}。"


def counted_sentences(promise: Promise, rows: Sequence[ExplainedDay]) -> Iterator[str]:
    """List the working days that counted, or the working time of each day."""
    if promise.limit.unit not in _LISTED:
        return
    counted = [row for row in rows if row.counted]
    if 0 < len(counted) <= LISTED_DAYS:
        is_pure = len({limit.unit for limit in promise.limits}) == 1
        what = _LISTED[promise.limit.unit] if is_pure else "日期"
        yield f"计入的{what}依次为：{'、'.join(map(_counted_words, counted))}。"
    elif counted:
        yield f"自{chinese_day(counted[0].day)}至{chinese_day(counted[-1].day)}共计入{len(counted)}日，逐日见明细。"


def break_sentences(rows: Sequence[ExplainedDay], calendar: WorkCalendar) -> Iterator[str]:
    """Name the holidays and the make-up days on the way."""
    for (kind, name), group in groupby(rows, key=lambda row: (row.kind, row.name)):
        days = [row.day for row in group]
        if kind is DayKind.HOLIDAY:
            until = f"至{chinese_day(days[-1])}" if len(days) > 1 else ""
            projected = "" if calendar.is_published(days[-1]) else "（推算）"
            yield f"期间遇{name}放假{projected}：{chinese_day(days[0])}{until}。"
        elif kind is DayKind.MAKE_UP:
            yield f"{'、'.join(map(chinese_day, days))}因{name}调休上班，是工作日。"


def leg_sentences(
    legs: Sequence[Leg], extensions: Sequence[ExplainedExtension], calendar: WorkCalendar
) -> Iterator[str]:
    """Tell of pauses, extensions and rolls, in the order in which they happened."""
    told = 0
    for leg, following in zip_longest(legs, legs[1:]):
        if leg.phase > told:
            told = leg.phase
            yield f"{_extension_words(extensions[told - 1])}，{_goes_on(leg)}。"
        if leg.pause:
            yield _pause_sentence(leg, leg.pause, following, calendar)
        elif leg.due_day != leg.nominal_day:
            yield f"期间的最后一日{chinese_day(leg.nominal_day)}是休息日，顺延至{chinese_day(leg.due_day)}。"


def hour_sentences(
    promise: Promise,
    pauses: Sequence[ExplainedPause],
    extensions: Sequence[ExplainedExtension],
    calendar: WorkCalendar,
) -> Iterator[str]:
    """Tell of the pauses and extensions of a promise in hours."""
    if not promise.limit.unit.is_hourly:
        return
    for pause in pauses:
        if pause.applied:
            yield _hour_pause_sentence(pause, promise.limit.unit, calendar)
    for extension in extensions:
        if extension.former_due_at:
            goes_on = f"自原到期时刻{chinese_instant(extension.former_due_at)}起继续计算"
            yield f"{_extension_words(extension)}，{goes_on}。"


def due_sentences(due: Due | None) -> Iterator[str]:
    """Say until when it is in time, and whether that may be relied on."""
    if due is None:
        yield "时限正在暂停，恢复之后才有到期日。"
        return
    yield f"到期日为{chinese_day(due.day)}，{_closing_words(due)}起即为超期。"
    if due.provisional:
        yield f"国务院{due.day.year}年放假通知尚未发布，到期日为推算，仅供提醒，不得据以认定超期；通知发布后重算。"


def calendar_sentence(calendar: WorkCalendar, notices: Sequence[Notice]) -> str:
    """Name the calendar and the notices that it rests on."""
    basis = "、".join(notice.citation for notice in notices) or "尚无已发布的放假通知"
    return f"工作日历版本{calendar.version}，依据：{basis}。"


def origin_sentence(clause: str | None) -> str:
    """Say by which clause the limit is so long, or that none was named."""
    return f"期限依据：{clause}。" if clause else "期限由提问者直接给出，未注明条款。"


def _hourly_start(promise: Promise, calendar: WorkCalendar) -> str:
    if promise.limit.unit is Unit.HOUR:
        return "按小时计算，自该时刻起算（民法典第二百零一条）"
    opening = WorkingTime(calendar).opening(promise.started_at)
    if opening == promise.started_at:
        return "按工作小时计算，自该时刻起算"
    return f"按工作小时计算，该时刻不在上班时间内，自{chinese_instant(opening)}起算"


def _deemed_effect(promise: Promise, legs: Sequence[Leg], applied: bool) -> str:
    if promise.limit.unit.is_hourly:
        return "本期限按小时计算，自收到时刻起算，此项不起作用"
    if applied:
        return f"本件因此视为{chinese_day(legs[0].start.day)}收到"
    return "本件在工作日下班前收到，收到之日不变"


def _closing_effect(promise: Promise, _legs: Sequence[Leg], applied: bool) -> str:
    if promise.limit.unit.is_hourly:
        return "本期限按小时计算，止于期满时刻，此项不起作用"
    return "本件适用" if applied else "本期限止于12时，此项不起作用"


_EFFECTS = {Switch.DEEMED_RECEIPT: _deemed_effect, Switch.CLOSE_OF_BUSINESS: _closing_effect}


def _counted_words(row: ExplainedDay) -> str:
    day = f"{row.day.month}月{row.day.day}日"
    return day if row.minutes is None else f"{day}{chinese_length(timedelta(minutes=row.minutes))}"


def _extension_words(extension: ExplainedExtension) -> str:
    return f"第{extension.number}次延长（共{extension.count}次）：延长{extension.limit.chinese}"


def _goes_on(leg: Leg) -> str:
    day = chinese_day(leg.start.day)
    if leg.start.morning and leg.left.has_half:
        return f"自原到期日{day}12时起继续计算"
    return f"自原到期日{day}的次日起继续计算"


def _pause_sentence(leg: Leg, pause: Pause, following: Leg | None, calendar: WorkCalendar) -> str:
    unit = "个工作日" if leg.left.unit is Unit.WORKING_DAY else "日"
    used = f"{_served_words(leg.phase)}已计{leg.used + used_in(leg, calendar)}{unit}"
    begun = f"{chinese_instant(pause.started_at)}暂停，此前{used}{_roll_words(leg)}"
    if pause.ended_at is None or following is None:
        return f"{begun}，尚未恢复。"
    return f"{begun}；{chinese_instant(pause.ended_at)}恢复，{_rest_words(leg, following)}。"


def _served_words(phase: int) -> str:
    if phase <= 1:
        return "原期限已计满，延长期" if phase else ""
    return f"原期限和前{phase - 1}次延长期已计满，第{phase}次延长期"


def _roll_words(leg: Leg) -> str:
    if not is_paused_when_rolled(leg):
        return ""
    return f"，期间的最后一日{chinese_day(leg.nominal_day)}是休息日，已顺延至{chinese_day(leg.due_day)}，尚未届满"


def _rest_words(leg: Leg, following: Leg) -> str:
    if following.start.morning and following.left.whole == 0:
        return f"余下的半个工作日自恢复时起{'计算' if following.pause else '计至当日结束'}"
    return f"当日不计入，{'余下的最后一日' if is_paused_when_rolled(leg) else '其余'}自次日起计算"


def _hour_pause_sentence(pause: ExplainedPause, unit: Unit, calendar: WorkCalendar) -> str:
    begun = f"{chinese_instant(pause.started_at)}暂停"
    if pause.ended_at is None:
        return f"{begun}，尚未恢复；暂停的时长不计入。"
    ended = f"{begun}，{chinese_instant(pause.ended_at)}恢复"
    if unit is Unit.HOUR:
        return f"{ended}；暂停的时长不计入。"
    lost = WorkingTime(calendar).between(pause.started_at, pause.ended_at)
    return f"{ended}；其间的工作时间{chinese_length(lost)}不计入。"


def _closing_words(due: Due) -> str:
    local = office_time(due.at)
    if local.date() != due.day:
        return f"至当日24时止，{chinese_day(local.date())}零时"
    return f"至当日{local:%H:%M}止，{local:%H:%M}"
