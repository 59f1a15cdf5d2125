"""Golden days: every day of twenty years against chinesecalendar, and every one of them as the start of each limit."""

from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import partial

import chinese_calendar
import pytest

from app.calendars import load_breaks, load_calendar, load_statutory_days
from app.domain.calendar import DayKind, WorkCalendar, build
from app.domain.clock import Due, Promise, compute_due
from app.domain.limit import Limit
from tests.domain.slow_oracle import DAY, FIRST, LAST_NOTICED, at, days, walk

CALENDAR = load_calendar()
DAYS = days(FIRST, LAST_NOTICED)
LIMITS = [f"{n} WD" for n in (1, 2, 3, 5, 7, 10, 15, 20, 30, 60)]
LIMITS += [f"{n} d" for n in (7, 15, 30, 60, 90)] + [f"{n} m" for n in (1, 2, 3)]

Compute = Callable[[Promise], Due]


class RollsMakeUpDays(WorkCalendar):
    """A calendar that takes a last day for a rest day when it is a make-up day."""

    def roll_forward(self, day: date) -> date:
        rolled = super().roll_forward(day)
        return self.roll_forward(rolled + DAY) if self.kind_of(rolled) is DayKind.MAKE_UP else rolled


def without(removed: date) -> WorkCalendar:
    rows = (replace(row, off=tuple(day for day in row.off if day != removed)) for row in load_breaks())
    return build((row for row in rows if row.off), statutory=load_statutory_days())


REMOVED = date(2026, 10, 7)
ONE_HOLIDAY_FEWER = without(REMOVED)
NO_MAKE_UPS = build((replace(row, make_up=()) for row in load_breaks()), statutory=load_statutory_days())
ROLLING = RollsMakeUpDays(*(getattr(CALENDAR, field.name) for field in fields(CALENDAR)))


# Every day --------------------------------------------------------------------------------------------------------

NAMES = {
    None: {None},
    "New Year's Day": {"元旦"},
    "Spring Festival": {"春节", "春节（延长）"},
    "Tomb-sweeping Day": {"清明节"},
    "Labour Day": {"劳动节"},
    "Dragon Boat Festival": {"端午节"},
    "Mid-autumn Festival": {"中秋节", "中秋节、国庆节", "国庆节、中秋节"},
    "National Day": {"国庆节", "中秋节、国庆节", "国庆节、中秋节"},
    "Anti-Fascist 70th Day": {"抗战胜利70周年纪念日"},
}
"""The names of chinesecalendar, and what the notices say for them."""

PLAIN_WEEKEND = days(date(2023, 12, 30), date(2023, 12, 31))
"""The 2024 notice gives 1 January alone, 与周末连休; chinesecalendar names this weekend after the New Year as well."""


def golden_name(day: date) -> str | None:
    return None if day in PLAIN_WEEKEND else chinese_calendar.get_holiday_detail(day)[1]


def golden_kind(day: date) -> DayKind:
    is_weekend = day.weekday() >= 5
    if chinese_calendar.is_workday(day):
        return DayKind.MAKE_UP if is_weekend else DayKind.WORKING
    return DayKind.WEEKEND if is_weekend and golden_name(day) is None else DayKind.HOLIDAY


def misjudged(calendar: WorkCalendar) -> list[date]:
    return [day for day in DAYS if calendar.kind_of(day) is not golden_kind(day)]


def test_every_day_is_of_the_kind_that_chinesecalendar_says() -> None:
    assert len(DAYS) == 7305
    assert misjudged(CALENDAR) == []


def test_the_days_that_chinesecalendar_knows_are_of_every_kind() -> None:
    counts = Counter(map(golden_kind, DAYS))
    assert counts == {DayKind.WORKING: 4861, DayKind.MAKE_UP: 130, DayKind.WEEKEND: 1765, DayKind.HOLIDAY: 549}


def test_every_day_has_the_name_that_chinesecalendar_gives_it() -> None:
    assert [day for day in DAYS if CALENDAR.holiday_name(day) not in NAMES[golden_name(day)]] == []


def test_a_day_in_lieu_is_off_and_would_be_worked_without_its_notice() -> None:
    in_lieu = [day for day in DAYS if chinese_calendar.is_in_lieu(day)]
    assert len(in_lieu) > 100
    assert {(CALENDAR.kind_of(day), day.weekday() < 5) for day in in_lieu} == {(DayKind.HOLIDAY, True)}


def test_a_dropped_make_up_day_or_holiday_is_noticed_on_that_very_day() -> None:
    assert misjudged(NO_MAKE_UPS) == [day for day in DAYS if CALENDAR.kind_of(day) is DayKind.MAKE_UP]
    assert misjudged(ONE_HOLIDAY_FEWER) == [REMOVED]


# Every start day --------------------------------------------------------------------------------------------------


def started_on(day: date, limit: Limit) -> Promise:
    """Promise the limit at an hour that differs from day to day."""
    return Promise(at(day, timedelta(hours=day.toordinal() * 7 % 24)), limit)


def due(promise: Promise, calendar: WorkCalendar = CALENDAR) -> Due:
    return compute_due(promise, calendar)


def misdated(limit: str, start_days: list[date], compute: Compute = due) -> list[date]:
    promises = {day: started_on(day, Limit.parse(limit)) for day in start_days}
    return [day for day, promise in promises.items() if not walk(promise).agrees_with(compute(promise))]


@pytest.mark.parametrize("limit", LIMITS)
def test_from_every_day_of_twenty_years_the_limit_ends_where_walking_ends(limit: str) -> None:
    assert misdated(limit, DAYS) == []


def test_the_starts_and_the_limits_are_all_there() -> None:
    assert (len(DAYS), len(LIMITS), len(DAYS) * len(LIMITS)) == (7305, 18, 131_490)


@pytest.mark.parametrize("limit", LIMITS)
def test_a_due_day_is_provisional_exactly_when_it_is_later_than_the_last_notice(limit: str) -> None:
    dues = [due(started_on(day, Limit.parse(limit))) for day in DAYS]
    assert {answer.provisional for answer in dues} == {True, False}
    assert all(answer.provisional is (answer.day > date(2026, 12, 31)) for answer in dues)


FAULTS: dict[str, Compute] = {
    "the make-up days are dropped": partial(due, calendar=NO_MAKE_UPS),
    "one holiday is removed": partial(due, calendar=ONE_HOLIDAY_FEWER),
    "a make-up day rolls": partial(due, calendar=ROLLING),
    "the day of the event counts": lambda promise: due(replace(promise, started_at=promise.started_at - DAY)),
}


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("fault", FAULTS)
def test_the_walk_notices_a_fault_in_every_limit(fault: str, limit: str) -> None:
    assert misdated(limit, days(date(2026, 1, 1), LAST_NOTICED), FAULTS[fault])


def test_a_removed_holiday_misdates_only_what_it_takes_part_in() -> None:
    # From these days the next working day is 8 October; whoever works on the 7th finds it a day early.
    assert misdated("1 WD", DAYS, FAULTS["one holiday is removed"]) == days(date(2026, 9, 30), date(2026, 10, 6))
