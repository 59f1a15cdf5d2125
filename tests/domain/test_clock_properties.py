"""What holds of the clocks whatever the promise; where exactly each one ends is for the slow walk to say."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars import load_calendar
from app.domain.clock import OFFICE_TIMEZONE, Due, Pause, Promise, Switch, compute_due, remaining
from app.domain.limit import Limit

CALENDAR = load_calendar()
DAY = timedelta(days=1)

EARLIEST, LATEST = datetime(2008, 1, 1, tzinfo=OFFICE_TIMEZONE), datetime(2024, 6, 30, tzinfo=OFFICE_TIMEZONE)
"""The longest promise that is drawn lasts two years, and chinesecalendar ends with 2026."""

instants = st.integers(0, (LATEST - EARLIEST) // timedelta(minutes=1)).map(lambda n: EARLIEST + timedelta(minutes=n))
limits = st.one_of(
    st.integers(1, 40).map("{} WD".format), st.integers(1, 60).map("{} d".format), st.integers(1, 6).map("{} m".format)
).map(Limit.parse)
zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    started_at = draw(instants)
    gaps = draw(st.lists(st.integers(0, 30 * 24 * 60), max_size=6).filter(lambda drawn: len(drawn) % 2 == 0))
    bounds = [started_at + timedelta(minutes=sum(gaps[: index + 1])) for index in range(len(gaps))]
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return Promise(
        started_at=started_at,
        limit=draw(limits),
        pauses=tuple(Pause(begin, end) for begin, end in pairs if begin < end),
        extensions=tuple(draw(st.lists(limits, max_size=2))),
    )


@settings(deadline=None)
@given(instants, st.integers(0, 60))
def test_working_days_are_added_as_by_walking(start: datetime, number: int) -> None:
    day, left = start.date(), number
    while left:
        day += DAY
        left -= chinese_calendar.is_workday(day)
    assert CALENDAR.add_working_days(start.date(), number) == day


@settings(deadline=None)
@given(instants, st.integers(0, 90))
def test_counting_back_gives_what_was_added(start: datetime, number: int) -> None:
    day = start.date()
    assert CALENDAR.working_days_between(day, CALENDAR.add_working_days(day, number)) == number


@given(promises(), zones)
def test_the_machine_and_the_sender_may_be_in_any_zone(promise: Promise, zone: timezone) -> None:
    moved = replace(
        promise,
        started_at=promise.started_at.astimezone(zone),
        pauses=tuple(Pause(p.started_at.astimezone(UTC), p.ended_at.astimezone(zone)) for p in promise.pauses),
    )
    assert compute_due(moved, CALENDAR) == compute_due(promise, CALENDAR)


@given(promises())
def test_a_due_day_is_worked_later_than_the_start_and_ends_at_midnight(promise: Promise) -> None:
    due = compute_due(promise, CALENDAR)
    assert CALENDAR.is_working_day(due.day)
    assert due.at > promise.started_at
    assert due.at == datetime.combine(due.day + DAY, time(), OFFICE_TIMEZONE)


@given(instants, st.integers(0, 40), st.integers(1, 80))
def test_whoever_files_later_is_never_due_earlier(start: datetime, hours: int, halves: int) -> None:
    limit = Limit.parse(f"{halves // 2}.{5 * (halves % 2)} WD")
    earlier, later = (Promise(at, limit) for at in (start, start + timedelta(hours=hours)))
    assert compute_due(earlier, CALENDAR).at <= compute_due(later, CALENDAR).at


@given(instants, st.integers(1, 80))
def test_half_a_day_more_is_never_due_earlier(start: datetime, halves: int) -> None:
    shorter, longer = (Limit.parse(f"{n // 2}.{5 * (n % 2)} WD") for n in (halves, halves + 1))
    assert compute_due(Promise(start, shorter), CALENDAR).at <= compute_due(Promise(start, longer), CALENDAR).at


@given(promises())
def test_deemed_receipt_only_ever_lengthens(promise: Promise) -> None:
    plain = Promise(promise.started_at, promise.limit)
    deemed = Promise(promise.started_at, promise.limit, switches=frozenset({Switch.DEEMED_RECEIPT}))
    assert compute_due(deemed, CALENDAR).at >= compute_due(plain, CALENDAR).at


@given(instants, st.integers(1, 200), st.lists(st.integers(0, 300), min_size=2, max_size=2))
def test_hours_are_hours(start: datetime, hours: int, minutes: list[int]) -> None:
    begin = start + timedelta(minutes=minutes[0])
    pause = Pause(begin, begin + timedelta(minutes=minutes[1]))
    at = start + timedelta(hours=hours)
    expected = at + timedelta(minutes=minutes[1]) if begin < at else at
    assert compute_due(Promise(start, Limit.parse(f"{hours} h"), (pause,)), CALENDAR).at == expected


@given(instants, st.integers(2, 40), st.integers(1, 200), st.integers(1, 200))
def test_what_is_left_of_a_paused_clock_is_what_it_counts_on_resuming(
    start: datetime, number: int, after: int, length: int
) -> None:
    limit = Limit.parse(f"{number} WD")
    paused_at = min(
        start + timedelta(hours=after), compute_due(Promise(start, limit), CALENDAR).at - timedelta(hours=1)
    )
    resumed_at = paused_at + timedelta(hours=length)
    left = remaining(Promise(start, limit, (Pause(paused_at),)), CALENDAR, paused_at)
    due: Due = compute_due(Promise(start, limit, (Pause(paused_at, resumed_at),)), CALENDAR)
    assert CALENDAR.add_working_days(resumed_at.date(), left.whole) == due.day
