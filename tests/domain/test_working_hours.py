"""Working hours: 08:30 to 12:00 and 14:00 to 17:30 on worked days, each row with the reason it is so."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars import load_calendar
from app.domain.clock import (
    CLOSE_OF_BUSINESS,
    OFFICE_TIMEZONE,
    Lamp,
    Pause,
    Promise,
    Switch,
    compute_due,
    is_breached,
    lamp,
    remaining,
    warn_at,
)
from app.domain.counting import OFFICE_HOURS
from app.domain.errors import Invalid
from app.domain.explanation import Explanation, explain
from app.domain.limit import Limit, Unit

CALENDAR = load_calendar()
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_TIMEZONE)


def promise(start: str, limit: str, *pauses: tuple[str, str | None], extend: str = "", switch: str = "") -> Promise:
    return Promise(
        started_at=at(start),
        limit=Limit.parse(limit),
        pauses=tuple(Pause(at(begin), at(end) if end else None) for begin, end in pauses),
        extensions=tuple(map(Limit.parse, filter(None, extend.split(",")))),
        switches=frozenset(map(Switch, filter(None, switch.split(",")))),
    )


def explained(*arguments: object, **options: str) -> Explanation:
    return explain(promise(*arguments, **options), CALENDAR)


def test_the_working_day_has_seven_hours_and_ends_with_business() -> None:
    (morning, noon), (afternoon, close) = OFFICE_HOURS
    assert (morning, noon, afternoon, close) == (time(8, 30), time(12), time(14), CLOSE_OF_BUSINESS)


# 2026-03-03 is a Tuesday, far from every holiday.
@pytest.mark.parametrize(
    ("start", "limit", "expected", "why"),
    [
        ("2026-03-03T16:30", "1 WH", "2026-03-03T17:30", "the last hour of the day ends at its close"),
        ("2026-03-03T16:31", "1 WH", "2026-03-04T08:31", "a minute is left for the next morning"),
        ("2026-03-03T11:00", "1 WH", "2026-03-03T12:00", "the last hour of the morning ends at noon, not at two"),
        ("2026-03-03T11:30", "1 WH", "2026-03-03T14:30", "over the noon break"),
        ("2026-03-03T12:00", "1 WH", "2026-03-03T15:00", "at noon the morning is over"),
        ("2026-03-03T13:00", "1 WH", "2026-03-03T15:00", "within the noon break"),
        ("2026-03-03T08:30", "1 WH", "2026-03-03T09:30", "at the opening"),
        ("2026-03-03T06:00", "1 WH", "2026-03-03T09:30", "before the opening"),
        ("2026-03-03T00:00", "7 WH", "2026-03-03T17:30", "a whole day"),
        ("2026-03-03T17:30", "1 WH", "2026-03-04T09:30", "at the close"),
        ("2026-03-03T23:59", "1 WH", "2026-03-04T09:30", "late at night"),
        ("2026-03-03T10:00", "7 WH", "2026-03-04T10:00", "seven hours are a working day"),
        ("2026-03-03T10:00", "35 WH", "2026-03-10T10:00", "five working days, over a weekend"),
        ("2026-03-06T17:00", "1 WH", "2026-03-09T09:00", "Friday afternoon to Monday morning"),
        ("2026-03-07T10:00", "1 WH", "2026-03-09T09:30", "a Saturday begins on Monday"),
        ("2026-02-28T10:00", "1 WH", "2026-02-28T11:00", "a make-up Saturday is worked"),
        ("2026-02-14T17:00", "1 WH", "2026-02-24T09:00", "over the Spring Festival, from a make-up Saturday"),
        ("2026-02-16T10:00", "8 WH", "2026-02-25T09:30", "from within the festival"),
        ("2026-03-03T10:00:30.000001", "1 WH", "2026-03-03T11:00:30.000001", "to the microsecond"),
        (
            "2026-03-03T17:29:59.999999",
            "1 WH",
            "2026-03-04T09:29:59.999999",
            "one microsecond of work on the first day",
        ),
    ],
)
def test_it_is_due_when_so_many_hours_have_been_worked(start: str, limit: str, expected: str, why: str) -> None:
    due = compute_due(promise(start, limit), CALENDAR)
    assert (due.at, due.day) == (at(expected), at(expected).date()), why


@pytest.mark.parametrize(
    ("pauses", "extend", "expected", "why"),
    [
        ([("03T10:00", "03T10:45")], "", "03T14:15", "three quarters of an hour, past noon"),
        ([("03T12:00", "03T14:00")], "", "03T11:30", "a pause that begins when it is over"),
        ([("03T10:00", "03T10:00")], "", "03T11:30", "an empty pause"),
        ([("03T11:00", "03T14:00")], "", "03T14:30", "only the hour before noon was worked in it"),
        ([("03T11:00", "04T08:30")], "", "04T09:00", "overnight: what was left is worked next morning"),
        ([("03T11:00", "09T08:00")], "", "09T09:00", "over days"),
        ([("03T10:00", "03T10:15"), ("03T11:00", "03T11:15")], "", "03T12:00", "two add up, to noon and not beyond"),
        ([], "2 WH", "03T15:30", "two more"),
        ([], "2 WH,4 WH", "04T10:30", "and four more"),
        ([("03T14:00", "03T15:00")], "2 WH", "03T16:30", "paused within the extension"),
        ([("03T12:30", "03T15:00")], "2 WH", "03T16:30", "paused from the noon break of the extension"),
    ],
)
def test_pauses_take_out_working_time_and_extensions_add_it(
    pauses: list[tuple[str, str]], extend: str, expected: str, why: str
) -> None:
    month = "2026-03-"
    stretches = [(month + begin, month + end) for begin, end in pauses]
    stated = promise("2026-03-03T09:30", "2 WH", *stretches, extend=extend)
    assert compute_due(stated, CALENDAR).at == at(month + expected), why


@pytest.mark.parametrize("start", ["2026-03-03T10:00", "2026-03-03T20:00", "2026-03-07T10:00", "2026-02-28T16:00"])
@pytest.mark.parametrize("switch", ["deemed_receipt", "close_of_business", "deemed_receipt,close_of_business"])
def test_the_switches_of_a_policy_change_nothing(start: str, switch: str) -> None:
    assert compute_due(promise(start, "5 WH", switch=switch), CALENDAR) == compute_due(promise(start, "5 WH"), CALENDAR)


@pytest.mark.parametrize(
    ("limit", "extend"),
    [("3 WH", "1 WD"), ("3 WH", "1 d"), ("3 WH", "1 m"), ("3 WH", "1 h"), ("3 h", "1 WH"), ("3 WD", "1 WH")],
)
def test_working_hours_mix_with_no_other_unit(limit: str, extend: str) -> None:
    with pytest.raises(Invalid, match="按工作小时的期限只能按工作小时延长"):
        promise("2026-03-03T10:00", limit, extend=extend)


@pytest.mark.parametrize("written", ["0.5 WH", "1.5 WH", "0 WH", "-1 WH", "3 wh", "3 W H"])
def test_only_whole_working_hours_can_be_written(written: str) -> None:
    with pytest.raises(Invalid):
        Limit.parse(written)


def test_a_limit_in_working_hours_is_written_as_it_is_read() -> None:
    limit = Limit.parse(" 3WH ")
    assert (str(limit), limit.chinese, limit.unit) == ("3 WH", "3个工作小时", Unit.WORKING_HOUR)


def test_beyond_the_calendar_nothing_is_counted() -> None:
    for start, limit in (("2006-12-29T10:00", "1 WH"), ("2100-12-31T17:00", "99 WH"), ("2060-03-03T10:00", "99999 WH")):
        with pytest.raises(Invalid, match="超出工作日历范围"):
            compute_due(promise(start, limit), CALENDAR)


@pytest.mark.parametrize(
    ("start", "provisional"), [("2026-12-31T16:30", False), ("2026-12-31T16:31", True), ("2027-03-02T10:00", True)]
)
def test_a_due_day_in_a_year_without_a_notice_is_projected_and_never_enforced(start: str, provisional: bool) -> None:
    due = compute_due(promise(start, "1 WH"), CALENDAR)
    assert due.provisional is provisional
    assert is_breached(due.at, due.provisional, None, due.at) is not provisional


@pytest.mark.parametrize(
    ("pauses", "now", "left", "why"),
    [
        ([], "2026-03-03T16:30", "3", "at the start"),
        ([], "2026-03-03T16:36", "2.9", "six minutes are a tenth"),
        ([], "2026-03-03T16:37", "2.8", "a tenth that has begun is gone"),
        ([], "2026-03-03T17:30", "2", "at the close"),
        ([], "2026-03-04T08:30", "2", "as much at the opening: the night is not worked"),
        ([], "2026-03-04T10:29:59", "0", "less than a tenth"),
        ([], "2026-03-04T10:30", "0", "over"),
        ([], "2060-01-01T00:00", "0", "over for longer than there are calendars"),
        ([("2026-03-03T17:00", None)], "2026-03-03T17:00", "2.5", "at the instant of the pause"),
        ([("2026-03-03T17:00", None)], "2026-08-08T03:00", "2.5", "as much months later"),
        ([("2026-03-03T17:00", "2026-03-05T08:30")], "2026-03-05T09:00", "2", "running again"),
    ],
)
def test_what_is_left_is_working_time(pauses: list[tuple[str, str | None]], now: str, left: str, why: str) -> None:
    answer = remaining(promise("2026-03-03T16:30", "3 WH", *pauses), CALENDAR, at(now))
    assert (answer.amount, answer.unit) == (Decimal(left), Unit.WORKING_HOUR), why


@pytest.mark.parametrize(
    ("start", "limit", "expected", "why"),
    [
        ("2026-03-03T10:00", "1 WH", None, "due on the day of the start: too short to be warned about"),
        ("2026-03-03T17:00", "1 WH", "2026-03-04T00:00", "due next morning: warned on the due day"),
        ("2026-03-03T10:00", "35 WH", "2026-03-09T00:00", "one working day before"),
    ],
)
def test_it_is_warned_about_as_every_clock(start: str, limit: str, expected: str | None, why: str) -> None:
    due = compute_due(promise(start, limit), CALENDAR)
    assert warn_at(due, at(start), CALENDAR) == (at(expected) if expected else None), why


def test_the_bound_is_late_and_the_instant_before_is_not() -> None:
    due = compute_due(promise("2026-03-03T16:30", "1 WH"), CALENDAR)
    lamps = [
        lamp(due.at, provisional=False, warn_at=None, now=now) for now in (due.at - timedelta(microseconds=1), due.at)
    ]
    assert lamps == [Lamp.GREEN, Lamp.RED]


def test_the_explanation_tells_the_office_hours_and_what_was_worked_on_each_day() -> None:
    explanation = explained("2026-03-06T16:12", "3 WH", ("2026-03-09T09:00", "2026-03-09T09:30"), extend="1 WH")
    assert explanation.sentences == (
        "2026年3月6日（周五）16:12收到，按工作小时计算，自该时刻起算。",
        "期限为3个工作小时：只计工作日的上班时间（08:30至12:00、14:00至17:30），每个工作日计7小时。",
        "计入的工作时间依次为：3月6日1小时18分、3月9日2小时42分。",
        "2026年3月9日（周一）09:00暂停，2026年3月9日（周一）09:30恢复；其间的工作时间30分不计入。",
        "第1次延长（共1次）：延长1个工作小时，自原到期时刻2026年3月9日（周一）10:42起继续计算。",
        "到期日为2026年3月9日（周一），至当日11:42止，11:42起即为超期。",
        f"工作日历版本{CALENDAR.version}，依据：{CALENDAR.notice_of(date(2026, 3, 6)).citation}。",
    )
    assert [(row.day.day, row.counted, row.minutes, row.why) for row in explanation.days] == [
        (6, True, 78, "工作日，计入工作时间1小时18分，累计1小时18分"),
        (7, False, 0, "周末休息日，不计入"),
        (8, False, 0, "周末休息日，不计入"),
        (9, True, 162, "工作日，计入工作时间2小时42分（已扣除暂停时间），累计4小时"),
    ]


@pytest.mark.parametrize(
    ("explanation", "phrase", "why"),
    [
        (
            explained("2026-03-06T20:00", "3 WH"),
            "该时刻不在上班时间内，自2026年3月9日（周一）08:30起算",
            "a start after hours says when it begins",
        ),
        (explained("2026-03-03T13:00", "3 WH"), "自2026年3月3日（周二）14:00起算", "so does one in the noon break"),
        (explained("2026-03-03T12:00", "3 WH"), "自2026年3月3日（周二）14:00起算", "at noon the break has begun"),
        (explained("2026-03-03T17:30", "3 WH"), "自2026年3月4日（周三）08:30起算", "at the close the day is over"),
        (explained("2026-03-03T08:30", "3 WH"), "收到，按工作小时计算，自该时刻起算", "at the opening"),
        (explained("2026-02-14T17:00", "1 WH"), "期间遇春节放假", "a break on the way is named"),
        (explained("2026-12-31T17:00", "1 WH"), "不得据以认定超期", "a projected date says what it is"),
        (explained("2026-03-03T10:00", "210 WH"), "共计入31日，逐日见明细", "a long list is left to the table"),
        (
            explained("2026-03-03T10:00", "3 WH", ("2026-03-03T11:00", None)),
            "2026年3月3日（周二）11:00暂停，尚未恢复",
            "an open pause",
        ),
    ],
)
def test_what_moved_the_due_instant_is_told(explanation: Explanation, phrase: str, why: str) -> None:
    assert any(phrase in sentence for sentence in explanation.sentences), why


def test_a_day_that_was_received_after_its_close_or_paused_says_so() -> None:
    evening = explained("2026-03-03T20:00", "1 WH")
    assert [(row.counted, row.why) for row in evening.days[:1]] == [(False, "工作日，没有计入的工作时间")]
    paused = explained("2026-03-03T16:30", "2 WH", ("2026-03-03T17:30", "2026-03-05T08:30"))
    assert [row.why for row in paused.days if row.day.day == 4] == ["工作日，暂停期间，不计入"]


def test_a_paused_clock_is_explained_up_to_the_pause() -> None:
    explanation = explained("2026-03-03T16:00", "5 WH", ("2026-03-04T09:00", None))
    assert explanation.due is None
    assert [row.minutes for row in explanation.days] == [90, 30]


# A slow and obvious count: walk minute by minute, and count those that are worked and not paused.
EARLIEST = datetime(2008, 1, 1, tzinfo=OFFICE_TIMEZONE)
starts = st.integers(0, 18 * 365 * 24 * 60).map(lambda minutes: EARLIEST + minutes * MINUTE)


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    started_at = draw(starts)
    gaps = draw(st.lists(st.integers(0, 2 * 24 * 60), max_size=6).filter(lambda drawn: len(drawn) % 2 == 0))
    bounds = [started_at + sum(gaps[: index + 1]) * MINUTE for index in range(len(gaps))]
    hours = st.integers(1, 20).map(lambda number: Limit(Decimal(number), Unit.WORKING_HOUR))
    return Promise(
        started_at=started_at,
        limit=draw(hours),
        pauses=tuple(Pause(begin, end) for begin, end in zip(bounds[::2], bounds[1::2], strict=True)),
        extensions=tuple(draw(st.lists(hours, max_size=2))),
    )


def is_open(minute: datetime) -> bool:
    morning, afternoon = time(8, 30) <= minute.time() < time(12), time(14) <= minute.time() < time(17, 30)
    return (morning or afternoon) and bool(chinese_calendar.is_workday(minute.date()))


def minutes_from(instant: datetime) -> Iterator[datetime]:
    while True:
        yield instant
        instant += MINUTE


def slow_due_at(stated: Promise) -> datetime:
    left = 60 * sum(limit.whole for limit in (stated.limit, *stated.extensions))
    for minute in minutes_from(stated.started_at):
        if is_open(minute) and not any(pause.started_at <= minute < pause.ended_at for pause in stated.pauses):
            left -= 1
        if not left:
            return minute + MINUTE
    raise AssertionError


@settings(deadline=None, max_examples=150)
@given(promises())
def test_it_is_due_when_walking_minute_by_minute_says_so(stated: Promise) -> None:
    assert compute_due(stated, CALENDAR).at == slow_due_at(stated)


@settings(deadline=None)
@given(promises())
def test_the_explanation_counts_as_many_minutes_as_the_limit_has(stated: Promise) -> None:
    explanation = explain(stated, CALENDAR)
    total = sum(limit.whole for limit in (stated.limit, *stated.extensions))
    assert sum(row.minutes for row in explanation.days) == 60 * total
    assert explanation.days[-1].day == explanation.due.day


@settings(deadline=None)
@given(promises(), st.integers(0, 10_000))
def test_what_is_left_at_any_instant_is_what_is_worked_until_the_end(stated: Promise, minutes: int) -> None:
    due = compute_due(stated, CALENDAR)
    now = min(due.at, stated.started_at + minutes * MINUTE)
    worked = 0
    for minute in minutes_from(now):
        if minute >= due.at:
            break
        worked += is_open(minute)
    assert remaining(stated, CALENDAR, now.astimezone(UTC)).amount == Decimal(worked // 6) / 10
