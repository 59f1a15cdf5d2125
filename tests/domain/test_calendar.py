"""The calendar against two published packages, the notices' own words, and what it refuses."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from app.calendars import load_breaks, load_calendar, load_statutory_days, read_notice
from app.domain.calendar import Break, CalendarYear, DayKind, Notice, YearState, build
from app.domain.errors import Invalid

CALENDAR = load_calendar()
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
NOTICE = Notice(year=2026, title="通知")


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def one_break(**changes: object) -> Break:
    row = Break(name="元旦", notice=NOTICE, off=(date(2026, 1, 1),), make_up=(date(2026, 1, 4),))
    return replace(row, **changes)


def test_every_day_of_twenty_years_is_worked_when_chinesecalendar_says_so() -> None:
    differing = [d for d in days(FIRST, LAST) if CALENDAR.is_working_day(d) != chinese_calendar.is_workday(d)]
    assert differing == []


def test_every_day_since_2018_is_worked_when_holidays_says_so() -> None:
    china = holidays.country_holidays("CN", years=range(2018, 2027))
    differing = [d for d in days(date(2018, 1, 1), LAST) if CALENDAR.is_working_day(d) != china.is_working_day(d)]
    assert differing == []


@pytest.mark.parametrize(
    ("year", "working_days"),
    [
        (2018, 250),
        (2019, 250),
        (2020, 249),
        (2021, 250),
        (2022, 249),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ],
)
def test_a_year_has_as_many_working_days_as_its_notice_leaves(year: int, working_days: int) -> None:
    assert CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == working_days


@pytest.mark.parametrize(
    ("day", "kind", "name", "why"),
    [
        (date(2024, 2, 9), DayKind.WORKING, None, "除夕 2024 was only encouraged, not ordered"),
        (date(2024, 9, 29), DayKind.MAKE_UP, "国庆节", "a worked Sunday"),
        (date(2026, 2, 28), DayKind.MAKE_UP, "春节", "a worked Saturday"),
        (date(2026, 2, 15), DayKind.HOLIDAY, "春节", "a Sunday inside the break"),
        (date(2020, 2, 1), DayKind.HOLIDAY, "春节（延长）", "was to be worked until the break was extended"),
        (date(2018, 12, 29), DayKind.MAKE_UP, "元旦", "a row of the 2019 notice in the year before"),
        (date(2022, 12, 31), DayKind.HOLIDAY, "元旦", "a row of the 2023 notice in the year before"),
        (date(2015, 9, 4), DayKind.HOLIDAY, "抗战胜利70周年纪念日", "off once, by a notice of its own"),
        (date(2026, 7, 4), DayKind.WEEKEND, None, "a plain Saturday"),
        (date(2027, 2, 5), DayKind.HOLIDAY, "春节", "除夕 2027, projected from the 放假办法"),
        (date(2027, 2, 9), DayKind.WORKING, None, "no swap is guessed for 2027"),
        (date(2033, 1, 30), DayKind.HOLIDAY, "春节", "除夕 of the year whose leap month is disputed, 2033"),
        (date(2033, 9, 8), DayKind.HOLIDAY, "中秋节", "the month before the disputed one"),
        (date(2031, 10, 1), DayKind.HOLIDAY, "中秋节", "中秋节 and 国庆节 on one day"),
        (date(2100, 10, 3), DayKind.HOLIDAY, "国庆节", "the last statutory day"),
        (date(2100, 10, 4), DayKind.WORKING, None, "the first plain day after it"),
    ],
)
def test_a_day_is_what_the_notices_make_it(day: date, kind: DayKind, name: str | None, why: str) -> None:
    assert (CALENDAR.kind_of(day), CALENDAR.holiday_name(day)) == (kind, name), why


@pytest.mark.parametrize(
    ("day", "citation"),
    [
        (date(2024, 9, 29), "《国务院办公厅关于2024年部分节假日安排的通知》（国办发明电〔2023〕7号）"),
        (date(2025, 7, 1), "《国务院办公厅关于2025年部分节假日安排的通知》（国办发明电〔2024〕12号）"),
        (date(2019, 5, 2), "《国务院办公厅关于调整2019年劳动节假期安排的通知》（国办发明电〔2019〕3号）"),
        (date(2020, 2, 2), "《国务院办公厅关于延长2020年春节假期的通知》"),
        (date(2018, 12, 31), "《国务院办公厅关于2019年部分节假日安排的通知》（国办发明电〔2018〕15号）"),
    ],
)
def test_a_day_names_the_notice_that_decides_it(day: date, citation: str) -> None:
    notice = CALENDAR.notice_of(day)
    assert notice is not None
    assert notice.citation == citation


def test_an_ordinary_day_is_decided_by_the_first_notice_of_its_year() -> None:
    extension = replace(NOTICE, title="延长通知")
    calendar = build([one_break(), Break("元旦（延长）", extension, off=(date(2026, 1, 5),))])
    assert calendar.notice_of(date(2026, 7, 1)) == NOTICE
    assert calendar.notice_of(date(2026, 1, 5)) == extension


def test_a_notice_without_its_paper_says_so_and_invents_no_number() -> None:
    uncited = [row.notice for row in load_breaks() if not (row.notice.number and row.notice.url)]
    assert {notice.year for notice in uncited} >= set(range(2007, 2016))
    assert all(notice.source for notice in uncited)


def test_days_after_the_last_notice_are_projected_and_have_no_notice() -> None:
    assert CALENDAR.published_until == LAST
    assert CALENDAR.is_published(LAST)
    assert not CALENDAR.is_published(LAST + timedelta(days=1))
    assert CALENDAR.notice_of(LAST + timedelta(days=1)) is None


def test_the_statutory_days_until_2100_are_those_that_holidays_computes_but_for_one() -> None:
    china = holidays.country_holidays("CN", years=range(2027, 2101))
    expected = {day for day, name in china.items() if not all("observed" in part for part in name.split("; "))}
    ours = {day for day in load_statutory_days() if day.year >= 2027}
    # 清明 2100 begins at 00:43 on 5 April in China; the package takes 2100 for a leap year and finds 4 April.
    assert ours ^ expected == {date(2100, 4, 4), date(2100, 4, 5)}
    assert date(2100, 4, 5) in ours


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_statutory_days_of_a_published_year_are_off_in_its_notice(year: int) -> None:
    statutory = [day for day in load_statutory_days() if day.year == year]
    assert len(statutory) == 13
    assert {CALENDAR.kind_of(day) for day in statutory} == {DayKind.HOLIDAY}


def test_the_statutory_days_of_a_year_are_thirteen_unless_two_festivals_meet() -> None:
    counts = Counter(day.year for day in load_statutory_days())
    meeting = {
        year
        for year in range(2025, 2101)
        for day, name in load_statutory_days().items()
        if name == "中秋节" and day in {date(year, 10, 1), date(year, 10, 2), date(year, 10, 3)}
    }
    assert counts == {year: 13 - (year in meeting) for year in range(2025, 2101)}
    assert {2028, 2031} <= meeting


def test_qingming_is_the_fourth_or_the_fifth_of_april() -> None:
    found = {(day.month, day.day) for day, name in load_statutory_days().items() if name == "清明节"}
    assert found == {(4, 4), (4, 5)}


def test_every_year_until_2100_says_whether_its_notice_is_published() -> None:
    years = CALENDAR.years()
    assert [row.year for row in years] == list(range(2007, 2101))
    assert {row.year for row in years if row.state is YearState.PUBLISHED} == set(range(2007, 2027))
    assert years[19].notice == load_breaks()[-1].notice
    assert years[20] == CalendarYear(2027, YearState.NOT_PUBLISHED, None)


def test_a_year_without_notice_and_without_projection_is_still_not_published() -> None:
    assert build([one_break()]).years()[1:3] == (
        CalendarYear(2027, YearState.NOT_PUBLISHED, None),
        CalendarYear(2028, YearState.NOT_PUBLISHED, None),
    )


@pytest.mark.parametrize(
    ("day", "count", "expected", "why"),
    [
        (date(2024, 9, 27), 1, date(2024, 9, 29), "the next working day is a Sunday"),
        (date(2024, 9, 30), 1, date(2024, 10, 8), "across the National Day break"),
        (date(2024, 10, 5), 1, date(2024, 10, 8), "from inside the break: counted, not rolled first"),
        (date(2024, 10, 5), 0, date(2024, 10, 5), "nothing added, nothing moved, not even off a rest day"),
    ],
)
def test_adding_working_days_lands_on_the_nth_one_after(day: date, count: int, expected: date, why: str) -> None:
    assert CALENDAR.add_working_days(day, count) == expected, why


def test_find_workday_of_chinesecalendar_is_one_day_late_from_a_rest_day_and_only_there() -> None:
    late: Counter[tuple[bool, int]] = Counter()
    for day in days(date(2025, 1, 1), date(2025, 11, 30)):
        theirs, ours = chinese_calendar.find_workday(5, day), CALENDAR.add_working_days(day, 5)
        late[CALENDAR.is_working_day(day), CALENDAR.working_days_between(ours, theirs)] += 1
    assert set(late) == {(True, 0), (False, 1)}


def test_a_make_up_day_does_not_roll_and_a_rest_day_rolls_past_the_whole_break() -> None:
    assert CALENDAR.roll_forward(date(2025, 9, 28)) == date(2025, 9, 28)
    assert CALENDAR.roll_forward(date(2026, 2, 17)) == date(2026, 2, 24)


def test_the_previous_and_the_next_working_day_skip_the_break() -> None:
    assert CALENDAR.previous_working_day(date(2026, 2, 24)) == date(2026, 2, 14)
    assert CALENDAR.previous_working_day(date(2026, 2, 17)) == date(2026, 2, 14)
    assert CALENDAR.next_working_day(date(2026, 2, 14)) == date(2026, 2, 24)


def test_counting_between_leaves_the_first_day_out_and_takes_the_last_in() -> None:
    assert CALENDAR.working_days_between(date(2024, 9, 27), date(2024, 10, 10)) == 5
    assert CALENDAR.working_days_between(date(2024, 10, 10), date(2024, 10, 10)) == 0
    assert CALENDAR.working_days_between(date(2024, 10, 10), date(2024, 9, 27)) == 0


def test_ordinals_count_the_working_days_from_the_first_day_on() -> None:
    assert [CALENDAR.ordinal_of(day) for day in (date(2007, 1, 1), date(2007, 1, 4), date(2007, 1, 5))] == [0, 1, 2]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CALENDAR.is_working_day(date(2006, 12, 31)),
        lambda: CALENDAR.add_working_days(date(2006, 12, 29), 5),
        lambda: CALENDAR.add_working_days(date(2006, 12, 29), 0),
        lambda: CALENDAR.add_working_days(date(2100, 12, 29), 5),
        lambda: CALENDAR.add_working_days(date(2026, 1, 5), -1),
        lambda: CALENDAR.previous_working_day(date(2007, 1, 4)),
        lambda: CALENDAR.roll_forward(date(2101, 1, 1)),
    ],
    ids=["before", "count from before", "zero from before", "count beyond", "negative", "nothing earlier", "beyond"],
)
def test_what_lies_outside_the_calendar_is_refused(ask: Callable[[], object]) -> None:
    with pytest.raises(Invalid):
        ask()


def test_calendars_of_equal_content_are_equal_and_one_changed_day_makes_another_version() -> None:
    same = build(load_breaks(), statutory=load_statutory_days())
    *others, last = load_breaks()
    shorter = build([*others, replace(last, off=last.off[:-1])], statutory=load_statutory_days())
    assert same == CALENDAR
    assert shorter != CALENDAR
    assert CALENDAR.version.startswith("CN-2026-")
    assert shorter.version.startswith("CN-2026-")


def test_a_published_year_takes_the_place_of_its_projection() -> None:
    notice = Notice(year=2027, title="测试用通知")
    row = Break("元旦", notice, off=(date(2027, 1, 1), date(2027, 1, 4)), make_up=(date(2027, 1, 9),))
    later = build([*load_breaks(), row], statutory=load_statutory_days())
    assert later.published_until == date(2027, 12, 31)
    assert later.kind_of(date(2027, 1, 4)) is DayKind.HOLIDAY
    assert later.kind_of(date(2027, 2, 5)) is DayKind.WORKING
    assert later.kind_of(date(2028, 1, 26)) is DayKind.HOLIDAY


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "没有任何放假通知"),
        ([one_break(make_up=(date(2026, 1, 5),))], "调休上班日2026-01-05是周一，只能是周六或周日"),
        (
            [one_break(off=(date(2026, 1, 1), date(2026, 1, 1)))],
            "2026-01-01（周四）已列在2026年「元旦」，同一天只能列一次，请删去一处。",
        ),
        (
            [one_break(), one_break(name="春节")],
            "2026-01-01（周四）已列在2026年「元旦」，同一天只能列一次，请删去一处。",
        ),
        ([one_break(make_up=(date(2026, 1, 1),))], "2026-01-01（周四）既放假又调休上班（另见2026年「元旦」）"),
        ([one_break(make_up=(), off=(date(2025, 1, 1),))], "2025-01-01（周三）离2026年太远"),
        ([one_break(off=(), make_up=())], "没有任何日子"),
        ([one_break(), one_break(notice=replace(NOTICE, year=2028))], "缺少2027年的放假通知（已有2026年与2028年）"),
    ],
    ids=[
        "none",
        "worked Monday",
        "day twice",
        "day in two breaks",
        "day off and worked",
        "wrong year",
        "empty break",
        "missing year",
    ],
)
def test_a_faulty_notice_is_refused_in_words_that_say_where(rows: list[Break], message: str) -> None:
    with pytest.raises(Invalid, match="放假安排不能用作工作日历") as refusal:
        build(rows)
    assert message in "".join(fault.reason for fault in refusal.value.faults)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        build([one_break(off=(date(2025, 1, 1),), make_up=(date(2026, 1, 5), date(2026, 1, 6)))])
    assert len(refusal.value.faults) == 3


def test_a_break_left_with_its_make_up_day_alone_is_worked_then() -> None:
    calendar = build([one_break(off=())])
    assert calendar.is_working_day(date(2026, 1, 4))
    assert calendar.is_working_day(date(2026, 1, 1))


@pytest.mark.parametrize("text", ["not toml", "year = 2026\nmonth = 1"], ids=["no toml", "misspelt"])
def test_a_notice_file_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="放假通知无法读取"):
        read_notice(text)


def test_notices_without_breaks_make_no_calendar() -> None:
    with pytest.raises(Invalid, match="没有任何放假通知"):
        build(read_notice('year = 2026\n[notice]\ntitle = "通知"'))


def test_a_projection_that_is_put_right_is_no_other_version() -> None:
    other = build(load_breaks(), statutory={date(2027, 3, 3): "样例"})
    assert other.version == CALENDAR.version
    assert other.kind_of(date(2027, 3, 3)) is not CALENDAR.kind_of(date(2027, 3, 3))
