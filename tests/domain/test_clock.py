"""Half days, hours, months, pauses, extensions, switches, warnings, lamps: each with the reason it is so."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from app.calendars import load_calendar
from app.domain.clock import (
    OFFICE_TIMEZONE,
    Due,
    Lamp,
    Pause,
    Promise,
    Switch,
    compute_due,
    end_of_day,
    is_breached,
    lamp,
    office_day,
    remaining,
    start_of_day,
    warn_at,
    working_days_used,
)
from app.domain.errors import Invalid
from app.domain.limit import Limit, Unit

CALENDAR = load_calendar()


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


def due_at(*args: object, **options: str) -> datetime:
    return compute_due(promise(*args, **options), CALENDAR).at


@pytest.mark.parametrize(
    ("start", "limit", "expected", "why"),
    [
        ("2026-03-03T09:00", "0.5 WD", "2026-03-04T00:00", "a morning lasts to the end of the day"),
        ("2026-03-03T11:59:59.999999", "0.5 WD", "2026-03-04T00:00", "the last instant of the morning"),
        ("2026-03-03T12:00", "0.5 WD", "2026-03-04T12:00", "noon is no longer morning"),
        ("2026-03-06T15:00", "0.5 WD", "2026-03-09T12:00", "over the weekend to Monday noon"),
        ("2026-03-07T09:00", "0.5 WD", "2026-03-09T12:00", "a Saturday has no working morning"),
        ("2026-02-14T09:00", "0.5 WD", "2026-02-15T00:00", "a make-up Saturday has one"),
        ("2026-03-03T09:00", "1.5 WD", "2026-03-05T00:00", "one whole day, then as above"),
        ("2026-03-03T15:00", "1.5 WD", "2026-03-05T12:00", "one whole day, then the next noon"),
    ],
)
def test_half_a_working_day_is_decided_at_noon(start: str, limit: str, expected: str, why: str) -> None:
    assert due_at(start, limit) == at(expected), why


@pytest.mark.parametrize(
    ("start", "pauses", "extend", "expected", "day", "why"),
    [
        ("2026-02-14T23:00", [], "", "2026-02-15T01:00", "2026-02-15", "into a holiday, day and night alike"),
        ("2026-03-03T22:00", [], "", "2026-03-04T00:00", "2026-03-03", "midnight ends the day before"),
        ("2026-03-03T09:00", [("10:00", "10:45")], "", "2026-03-03T11:45", "2026-03-03", "three quarters later"),
        ("2026-03-03T09:00", [("11:00", "12:00")], "", "2026-03-03T11:00", "2026-03-03", "a pause too late"),
        ("2026-03-03T09:00", [], "1 h", "2026-03-03T12:00", "2026-03-03", "extended by an hour"),
        ("2026-03-03T09:00", [("11:30", "12:00")], "1 h", "2026-03-03T12:30", "2026-03-03", "paused in the extension"),
    ],
)
def test_two_hours_run_on_and_pauses_add_their_length(
    start: str, pauses: list[tuple[str, str]], extend: str, expected: str, day: str, why: str
) -> None:
    today = start[: len("2026-03-03T")]
    stretches = [(today + begin, today + end) for begin, end in pauses]
    due = compute_due(promise(start, "2 h", *stretches, extend=extend), CALENDAR)
    assert (due.at, due.day) == (at(expected), date.fromisoformat(day)), why


@pytest.mark.parametrize(
    ("start", "limit", "due_day", "why"),
    [
        ("2024-01-31T09:00", "1 m", "2024-02-29", "no 31 February: the last day of a leap February"),
        ("2025-01-31T09:00", "1 m", "2025-02-28", "no 31 February: a Friday"),
        ("2025-12-31T09:00", "2 m", "2026-02-28", "month end, a worked Saturday: no roll"),
        ("2025-08-31T09:00", "1 m", "2025-09-30", "a short month"),
        ("2025-10-15T09:00", "3 m", "2026-01-15", "over the year"),
        ("2024-02-29T09:00", "12 m", "2025-02-28", "a year has no 29 February"),
        ("2025-12-05T09:00", "12 m", "2026-12-07", "a Saturday rolls to Monday"),
    ],
)
def test_months_end_on_the_corresponding_day(start: str, limit: str, due_day: str, why: str) -> None:
    assert compute_due(promise(start, limit), CALENDAR).day == date.fromisoformat(due_day), why


@pytest.mark.parametrize(
    ("limit", "pauses", "extend", "due_day", "why"),
    [
        ("5 WD", [], "", "2026-03-10", "unpaused"),
        ("5 WD", [("2026-03-05T10:00", "2026-03-05T11:00")], "", "2026-03-11", "within a day: that day is lost"),
        ("5 WD", [("2026-03-03T10:00", "2026-03-04T11:00")], "", "2026-03-11", "paused on day 0: nothing used"),
        ("5 WD", [("2026-03-10T23:59", "2026-03-12T08:00")], "", "2026-03-13", "on the last day one day is left"),
        ("5 WD", [("2026-03-11T00:00", "2026-03-12T08:00")], "", "2026-03-10", "after the end nothing changes"),
        ("5 WD", [("2026-03-07T10:00", "2026-03-08T11:00")], "", "2026-03-10", "over a weekend nothing is lost"),
        (
            "5 WD",
            [("2026-03-04T10:00", "2026-03-04T11:00"), ("2026-03-04T14:00", "2026-03-04T15:00")],
            "",
            "2026-03-11",
            "twice within a day: that day is lost once",
        ),
        (
            "5 WD",
            [("2026-03-04T10:00", "2026-03-05T11:00"), ("2026-03-09T14:00", "2026-03-11T15:00")],
            "",
            "2026-03-17",
            "two pauses: Friday counts between them",
        ),
        ("5 WD", [("2026-03-05T10:00", "2026-03-05T10:00")], "", "2026-03-10", "an empty pause pauses nothing"),
        ("5 WD", [], "3 WD", "2026-03-13", "three more from the old due day"),
        ("5 WD", [("2026-03-12T10:00", "2026-03-16T10:00")], "3 WD", "2026-03-18", "a pause within the extension"),
        ("5 WD", [], "2 WD,1 WD", "2026-03-13", "extensions follow each other"),
        ("5 WD", [], "7 d", "2026-03-17", "an extension may be in other units"),
        ("5 d", [], "", "2026-03-09", "day 5 is a Sunday: rolls"),
        ("5 d", [("2026-03-05T10:00", "2026-03-09T10:00")], "", "2026-03-13", "one day used, four left"),
        ("5 d", [("2026-03-09T10:00", "2026-03-11T10:00")], "", "2026-03-12", "a rolled last day is given back"),
        ("1 m", [("2026-03-13T10:00", "2026-03-23T10:00")], "", "2026-04-14", "31 days, 9 used, 22 left"),
    ],
)
def test_pauses_and_extensions_move_the_due_day(
    limit: str, pauses: list[tuple[str, str]], extend: str, due_day: str, why: str
) -> None:
    due = compute_due(promise("2026-03-03T09:00", limit, *pauses, extend=extend), CALENDAR)
    assert due.day == date.fromisoformat(due_day), why


@pytest.mark.parametrize(
    ("start", "limit", "due_day", "why"),
    [
        ("2026-03-03T17:29:59", "1 WD", "2026-03-04", "still in business"),
        ("2026-03-03T17:30", "1 WD", "2026-03-05", "received as if on the next working day"),
        ("2026-03-07T09:00", "1 WD", "2026-03-10", "a Saturday counts as Monday"),
        ("2026-02-28T09:00", "1 WD", "2026-03-02", "a make-up Saturday is a working day"),
        ("2026-03-07T09:00", "0.5 WD", "2026-03-09", "received first thing on Monday"),
        ("2026-03-07T09:00", "3 d", "2026-03-12", "days too are counted from the deemed day"),
    ],
)
def test_deemed_receipt_moves_day_zero_to_the_next_working_day(start: str, limit: str, due_day: str, why: str) -> None:
    due = compute_due(promise(start, limit, switch="deemed_receipt"), CALENDAR)
    assert due.day == date.fromisoformat(due_day), why


def test_a_pause_that_is_over_before_the_deemed_receipt_changes_nothing() -> None:
    weekend = ("2026-03-07T10:00", "2026-03-08T10:00")
    expected = due_at("2026-03-07T09:00", "2 WD", switch="deemed_receipt")
    assert due_at("2026-03-07T09:00", "2 WD", weekend, switch="deemed_receipt") == expected


def test_half_a_day_that_resumes_on_the_afternoon_of_the_deemed_receipt_lasts_to_the_next_noon() -> None:
    weekend = ("2026-03-07T10:00", "2026-03-09T14:00")
    assert due_at("2026-03-07T09:00", "0.5 WD", weekend, switch="deemed_receipt") == at("2026-03-10T12:00")


@pytest.mark.parametrize(
    ("start", "expected"), [("2026-03-03T15:00", "2026-03-05T00:00"), ("2026-03-03T09:00", "2026-03-04T12:00")]
)
def test_half_a_day_more_goes_on_from_where_the_first_half_ended(start: str, expected: str) -> None:
    assert due_at(start, "0.5 WD", extend="0.5 WD") == at(expected)


def test_close_of_business_ends_the_last_day_at_half_past_five() -> None:
    due = compute_due(promise("2026-03-03T09:00", "5 WD", switch="close_of_business"), CALENDAR)
    assert (due.day, due.at) == (date(2026, 3, 10), at("2026-03-10T17:30"))


def test_a_pause_after_the_close_of_the_last_day_is_too_late() -> None:
    evening = ("2026-03-10T18:00", "2026-03-20T09:00")
    assert due_at("2026-03-03T09:00", "5 WD", evening, switch="close_of_business") == at("2026-03-10T17:30")


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))], ids=str)
def test_the_zone_in_which_an_instant_is_written_does_not_matter(zone: timezone) -> None:
    start = at("2024-09-30T00:30")
    elsewhere = Promise(started_at=start.astimezone(zone), limit=Limit.parse("5 WD"))
    assert compute_due(elsewhere, CALENDAR) == Due(date(2024, 10, 12), at("2024-10-13T00:00"), provisional=False)


def test_a_date_is_the_one_that_shanghai_has() -> None:
    assert office_day(datetime(2024, 9, 29, 15, 59, 59, 999999, UTC)) == date(2024, 9, 29)
    assert office_day(datetime(2024, 9, 29, 16, 0, tzinfo=UTC)) == date(2024, 9, 30)
    assert start_of_day(date(2024, 9, 30)) == end_of_day(date(2024, 9, 29)) == datetime(2024, 9, 29, 16, tzinfo=UTC)


def test_the_due_instant_is_written_in_the_time_of_shanghai() -> None:
    assert due_at("2024-09-27T10:15", "5 WD").isoformat() == "2024-10-11T00:00:00+08:00"


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("2026-03-03T09:00", "5 WD", ("2026-03-05T10:00", "2026-03-04T10:00")), {}, "恢复时间早于暂停时间"),
        (("2026-03-03T09:00", "5 WD", ("2026-03-02T10:00", "2026-03-04T10:00")), {}, "暂停早于时限的起算"),
        (
            ("2026-03-03T09:00", "5 WD", ("2026-03-04T10:00", "2026-03-06T10:00"), ("2026-03-05T10:00", None)),
            {},
            "不得重叠",
        ),
        (("2026-03-03T09:00", "5 WD", ("2026-03-04T10:00", None), ("2026-03-05T10:00", None)), {}, "不得重叠"),
        (("2026-03-03T09:00", "5 WD", ("2026-03-04T10:00", None)), {}, "时限正在暂停"),
        (("2026-03-03T09:00", "5 WD"), {"extend": "2 h"}, "不能按小时延长"),
        (("2026-03-03T09:00", "5 h"), {"extend": "2 WD"}, "只能按小时延长"),
        (("2006-03-03T09:00", "5 WD"), {}, "超出工作日历范围"),
        (("2006-03-03T09:00", "5 h"), {}, "超出工作日历范围"),
        (("9999-01-01T15:00", "400 d"), {}, "超出工作日历范围"),
        (("2026-03-03T09:00", "99999 m"), {}, "超出工作日历范围"),
        (("2026-03-03T09:00", "99999 WD"), {}, "超出工作日历范围"),
        (("9999-12-31T09:00", "99 h"), {}, "超出可用范围"),
    ],
)
def test_a_promise_that_cannot_be_counted_is_refused(
    arguments: tuple[object, ...], options: dict[str, str], message: str
) -> None:
    with pytest.raises(Invalid, match=message):
        due_at(*arguments, **options)


def test_an_instant_without_a_zone_is_refused_everywhere() -> None:
    naive, aware = at("2026-03-03T09:00").replace(tzinfo=None), at("2026-03-03T09:00")
    limit = Limit.parse("5 WD")
    for refuse in (
        lambda: Promise(started_at=naive, limit=limit),
        lambda: Pause(naive),
        lambda: Pause(aware, naive),
        lambda: office_day(naive),
        lambda: remaining(Promise(aware, limit), CALENDAR, naive),
        lambda: warn_at(Due(date(2026, 3, 10), aware, provisional=False), naive, CALENDAR),
    ):
        with pytest.raises(Invalid, match="没有时区"):
            refuse()


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        ("2026-12-24T09:00", "5 WD", False),
        ("2026-12-25T09:00", "5 WD", True),
        ("2026-12-31T23:00", "1 h", False),
        ("2026-12-31T23:00", "2 h", True),
        ("2026-12-01T09:00", "30 d", False),
        ("2026-12-01T09:00", "31 d", True),
    ],
)
def test_a_due_day_beyond_the_last_notice_is_provisional(start: str, limit: str, provisional: bool) -> None:
    assert compute_due(promise(start, limit), CALENDAR).provisional is provisional


@pytest.mark.parametrize(
    ("limit", "pauses", "now", "left", "why"),
    [
        ("5 WD", [], "2026-03-03T09:00", "5", "at the start"),
        ("5 WD", [], "2026-03-09T18:00", "1", "the day before the last"),
        ("5 WD", [], "2026-03-10T18:00", "0", "the last day"),
        ("5 WD", [], "2026-04-10T18:00", "0", "over"),
        ("15 WD", [("2026-03-06T10:00", None)], "2026-03-06T10:00", "13", "at the instant of the pause"),
        ("15 WD", [("2026-03-06T10:00", None)], "2026-08-08T10:00", "13", "as much months later"),
        ("5 WD", [("2026-03-11T10:00", None)], "2026-03-12T10:00", "0", "paused when it was over already"),
        ("30 d", [("2026-03-06T10:00", None)], "2026-03-21T10:00", "28", "days are not rolled yet"),
        ("1 m", [("2026-03-06T10:00", None)], "2026-03-17T10:00", "29", "a month leaves days"),
        ("5 d", [], "2026-03-08T10:00", "1", "to the rolled last day"),
        ("1.5 WD", [], "2026-03-03T10:00", "1", "a morning: to the end of the next day"),
        ("0.5 WD", [("2026-03-03T15:00", None)], "2026-03-05T15:00", "0.5", "half a day"),
        ("2 h", [("2026-03-03T09:30", None)], "2026-03-05T15:00", "1.5", "an hour and a half"),
        ("2 h", [], "2026-03-05T15:00", "0", "over"),
    ],
)
def test_what_is_left_does_not_shrink_while_paused(
    limit: str, pauses: list[tuple[str, str | None]], now: str, left: str, why: str
) -> None:
    assert remaining(promise("2026-03-03T09:00", limit, *pauses), CALENDAR, at(now)).amount == Decimal(left), why


def test_what_is_left_is_told_in_the_unit_that_counts() -> None:
    start = "2026-03-03T09:00"
    promises = [promise(start, limit) for limit in ("5 WD", "5 d", "1 m", "2 h")]
    units = [remaining(each, CALENDAR, at(start)).unit for each in promises]
    assert units == [Unit.WORKING_DAY, Unit.DAY, Unit.DAY, Unit.HOUR]


@pytest.mark.parametrize(
    ("start", "limit", "expected", "why"),
    [
        ("2026-03-03T09:00", "5 WD", "2026-03-09T00:00", "one working day before"),
        ("2026-03-05T09:00", "2 WD", "2026-03-06T00:00", "the working day before Monday is Friday"),
        ("2026-03-03T09:00", "1 WD", "2026-03-04T00:00", "started on that day: warned on the due day"),
        ("2026-03-03T00:00", "1 WD", "2026-03-04T00:00", "not after the start: warned on the due day"),
        ("2026-03-07T09:00", "1 WD", "2026-03-09T00:00", "from a rest day"),
        ("2026-03-03T09:00", "2 h", None, "too short to be warned about"),
        ("2026-03-03T09:00", "0.5 WD", None, "due on the day of the start"),
    ],
)
def test_the_yellow_lamp_comes_one_working_day_before(start: str, limit: str, expected: str | None, why: str) -> None:
    due = compute_due(promise(start, limit), CALENDAR)
    assert warn_at(due, at(start), CALENDAR) == (at(expected) if expected else None), why


DUE, WARN = at("2026-03-11T00:00"), at("2026-03-09T00:00")
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "stopped", "paused", "provisional", "expected", "why"),
    [
        (WARN - MICROSECOND, None, None, False, Lamp.GREEN, "before the warning"),
        (WARN, None, None, False, Lamp.YELLOW, "from the warning on"),
        (DUE - MICROSECOND, None, None, False, Lamp.YELLOW, "to the last instant"),
        (DUE, None, None, False, Lamp.RED, "from the bound on"),
        (DUE, None, None, True, Lamp.YELLOW, "a projected date warns and never condemns"),
        (DUE, DUE - MICROSECOND, None, False, Lamp.GREY, "stopped in time"),
        (DUE, DUE, None, False, Lamp.RED, "stopped at the bound is late"),
        (DUE, None, WARN, False, Lamp.GREY, "paused in time"),
        (DUE + MICROSECOND, None, DUE, False, Lamp.RED, "paused when it was late already"),
    ],
)
def test_the_lamp_tells_how_a_clock_stands(
    now: datetime, stopped: datetime | None, paused: datetime | None, provisional: bool, expected: Lamp, why: str
) -> None:
    shown = lamp(DUE, provisional=provisional, warn_at=WARN, stopped_at=stopped, paused_at=paused, now=now)
    assert shown is expected, why


def test_a_clock_that_is_never_warned_about_stays_green_until_it_is_red() -> None:
    before = lamp(DUE, provisional=False, warn_at=None, now=DUE - MICROSECOND)
    assert (before, lamp(DUE, provisional=False, warn_at=None, now=DUE)) == (Lamp.GREEN, Lamp.RED)


def test_a_breach_is_decided_by_the_stop_and_not_by_when_it_is_looked_at() -> None:
    assert not is_breached(DUE, False, DUE - MICROSECOND, DUE + timedelta(days=99))
    assert is_breached(DUE, False, None, DUE)
    assert not is_breached(DUE, True, DUE, DUE)


def test_the_working_days_used_leave_the_first_day_out() -> None:
    assert working_days_used(at("2026-03-03T23:00"), at("2026-03-03T23:30"), CALENDAR) == 0
    assert working_days_used(at("2026-02-13T09:00"), at("2026-02-24T09:00"), CALENDAR) == 2


def test_the_midnight_of_shanghai_is_the_afternoon_of_the_day_before_in_utc() -> None:
    assert end_of_day(date(2026, 3, 10)).astimezone(UTC).time() == time(16)
