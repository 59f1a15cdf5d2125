"""Promises at random against a slow walk, with pauses, extensions and switches, in four time zones of the process.

Every protection has its misreading: the walk must notice it, or it could not notice a fault in the program either.
"""

import struct
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from app.calendars import load_calendar
from app.domain.clock import Pause, Promise, Switch, compute_due, office_day
from app.domain.explanation import explain
from app.domain.limit import Limit, Unit
from tests.domain.slow_oracle import DAY, FIRST, LAST_NOTICED, OPEN, SHANGHAI, at, days, walk

CALENDAR = load_calendar()
START_DAYS = days(FIRST, LAST_NOTICED)

PROMISES_PER_ZONE = 25_000
BYTES, BATCH = 200, 25
"""A promise is read off so many random bytes, and one example of Hypothesis holds so many promises."""

ZONES = {"UTC": 0, "Asia/Shanghai": 8, "America/New_York": -4, "Pacific/Apia": 13}
"""The process time zones with their hours ahead of UTC on 1 July 2026."""

UNUSUAL = [day for day in START_DAYS if OPEN[day] != (day.weekday() <= 4)]
NEAR_UNUSUAL = [near for day in UNUSUAL for near in days(day - DAY, day + DAY) if FIRST <= near <= LAST_NOTICED]
MICROSECOND = timedelta(microseconds=1)
EDGES = [timedelta(hours=hours) for hours in (0, 12, 17.5)]
EDGES += [edge - MICROSECOND for edge in (*EDGES[1:], DAY)]
FITTING = {"WD": ("WD", "half", "d"), "half": ("half", "WD"), "d": ("d", "WD"), "m": ("m", "d"), "h": ("h",)}
LONGEST = {"WD": 60, "half": 6, "d": 90, "m": 6, "h": 200}


class Choices:
    """Reads choices off random bytes, two bytes each."""

    def __init__(self, drawn: bytes) -> None:
        self.numbers = iter(struct.unpack(f">{len(drawn) // 2}H", drawn))

    def below(self, bound: int) -> int:
        return next(self.numbers) % bound

    def of(self, row: Sequence[Any]) -> Any:
        return row[self.below(len(row))]

    def day(self) -> date:
        return self.of(self.of((START_DAYS, START_DAYS, NEAR_UNUSUAL, NEAR_UNUSUAL, START_DAYS[-90:])))

    def time(self) -> timedelta:
        return self.of((self.of(EDGES), timedelta(minutes=self.below(24 * 60))))

    def length(self) -> timedelta:
        return self.below(self.of((1, 4, 60))) * DAY

    def limit(self, unit: str) -> Limit:
        amount = self.below(self.of((4, LONGEST[unit])))
        return Limit.parse(f"{amount}.5 WD" if unit == "half" else f"{amount + 1} {unit}")

    def zone(self) -> timezone:
        return timezone(timedelta(minutes=self.below(26 * 60) - 12 * 60))

    def pause(self, promise: Promise) -> Pause:
        """Read a pause that follows those of the promise: soon, at once, on the due day so far, or after it."""
        earliest = promise.pauses[-1].ended_at if promise.pauses else promise.started_at
        due = walk(promise)
        soon = at(earliest.astimezone(SHANGHAI).date() + self.length(), self.time())
        begins = (earliest, soon, soon, soon, at(due.day, self.time()), due.at + self.length())
        begin = max(earliest, self.of(begins))
        ends = begin, at(begin.astimezone(SHANGHAI).date() + self.length(), self.time())
        return Pause(begin.astimezone(self.zone()), max(begin, self.of(ends)).astimezone(self.zone()))

    def promise(self) -> Promise:
        unit = self.of(sorted(FITTING))
        promise = Promise(
            started_at=at(self.day(), self.time()).astimezone(self.zone()),
            limit=self.limit(unit),
            extensions=tuple(self.limit(self.of(FITTING[unit])) for _ in range(self.below(4))),
            switches=frozenset(switch for switch in Switch if self.below(2)),
        )
        for _ in range(self.below(5)):
            promise = replace(promise, pauses=(*promise.pauses, self.pause(promise)))
        return promise


def promises_of(example: bytes) -> tuple[Promise, ...]:
    return tuple(Choices(example[cut : cut + BYTES]).promise() for cut in range(0, len(example), BYTES))


def promises_at_random(number: int, examples: int) -> list[Promise]:
    """Let Hypothesis draw promises, each once: by its seed the same in every run, and others for every number.

    Nothing is checked while drawing, so that a fault is not shrunk for minutes: the simplest of all found tells it.
    """
    found: dict[Promise, None] = {}

    @seed(number)
    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck]
    )
    @given(st.binary(min_size=BATCH * BYTES, max_size=BATCH * BYTES))
    def draw(example: bytes) -> None:
        found.update(dict.fromkeys(promises_of(example)))

    draw()
    return list(found)


@cache
def sample() -> list[Promise]:
    """Draw a thousand promises that no zone has."""
    return promises_at_random(len(ZONES), 40)


def misdated(promises: list[Promise], change: Callable[[Promise], Promise] = replace) -> list[Promise]:
    """Find the promises that the program, given them changed, dates otherwise than the walk: the simplest first."""
    wrong = (promise for promise in promises if not walk(promise).agrees_with(compute_due(change(promise), CALENDAR)))
    return sorted(wrong, key=lambda promise: len(repr(promise)))


@pytest.fixture(params=ZONES)
def process_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Move the process into the zone, by a path of its own so that no zone of the system is needed."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", f":{files('tzdata') / 'zoneinfo' / request.param}")
        time.tzset()
        yield request.param
    time.tzset()


def is_begun_on_its_due_day(promise: Promise) -> bool:
    """Tell whether a pause begins on the last day that the promise has without it, before that day is over."""
    befores = (replace(promise, pauses=promise.pauses[:number]) for number in range(len(promise.pauses)))
    ends = zip(promise.pauses, map(walk, befores), strict=True)
    return any(pause.started_at < end.at and office_day(pause.started_at) == end.day for pause, end in ends)


def is_moved_by_a_pause(promise: Promise) -> bool:
    return walk(promise).at != walk(replace(promise, pauses=())).at


FEATURES: dict[str, Callable[[Promise], bool]] = {
    "extended": lambda promise: bool(promise.extensions),
    "thrice extended": lambda promise: len(promise.extensions) == 3,
    "deemed receipt": lambda promise: Switch.DEEMED_RECEIPT in promise.switches,
    "close of business": lambda promise: Switch.CLOSE_OF_BUSINESS in promise.switches,
    "provisional": lambda promise: walk(promise).is_provisional,
    "empty pause": lambda promise: any(pause.is_empty for pause in promise.pauses),
    "pause within a day": lambda promise: any(
        not pause.is_empty and office_day(pause.started_at) == office_day(pause.ended_at) for pause in promise.pauses
    ),
    "pauses that touch": lambda promise: any(
        not (a.is_empty or b.is_empty) and a.ended_at == b.started_at for a, b in pairwise(promise.pauses)
    ),
    "pause begun on the due day": is_begun_on_its_due_day,
    "pause begun too late": lambda promise: any(pause.started_at >= walk(promise).at for pause in promise.pauses),
    "moved by a pause": is_moved_by_a_pause,
    "half a day moved by a pause": lambda promise: promise.limit.has_half and is_moved_by_a_pause(promise),
    **{f"in {unit}": lambda promise, unit=unit: promise.limit.unit == unit for unit in ("WD", "d", "m", "h")},
}
"""What makes a promise hard; a run must have met each of it often."""


@pytest.mark.timeout(300)
def test_promises_at_random_end_where_walking_ends_whatever_the_zone_of_the_process(process_zone: str) -> None:
    assert datetime(2026, 7, 1).astimezone().utcoffset() == timedelta(hours=ZONES[process_zone])
    promises = promises_at_random(list(ZONES).index(process_zone), PROMISES_PER_ZONE // BATCH + 20)
    assert misdated(promises) == []
    assert len(promises) >= PROMISES_PER_ZONE


@pytest.mark.parametrize("feature", FEATURES)
def test_the_promises_at_random_are_hard_in_every_way(feature: str) -> None:
    assert sum(map(FEATURES[feature], sample())) >= 25


def inner_sample() -> list[Promise]:
    """Give promises that may start a day earlier and still be within the calendar."""
    return [promise for promise in sample() if promise.started_at.year > 2007]


def in_process_zone(promise: Promise) -> Promise:
    return replace(promise, started_at=promise.started_at.astimezone().replace(tzinfo=SHANGHAI))


def test_a_date_taken_in_the_zone_of_the_process_is_noticed_unless_that_is_the_right_one(process_zone: str) -> None:
    promises = [replace(promise, pauses=()) for promise in inner_sample()]
    assert bool(misdated(promises, in_process_zone)) is (process_zone != "Asia/Shanghai")


def resumed_a_day_early(promise: Promise) -> Promise:
    return replace(
        promise,
        pauses=tuple(Pause(pause.started_at, max(pause.started_at, pause.ended_at - DAY)) for pause in promise.pauses),
    )


MISREADINGS: dict[str, Callable[[Promise], Promise]] = {
    "the day of the event counts": lambda promise: replace(promise, started_at=promise.started_at - DAY),
    "a date is that of UTC": lambda promise: replace(promise, started_at=promise.started_at - timedelta(hours=8)),
    "the day of resumption counts": resumed_a_day_early,
    "pauses are ignored": lambda promise: replace(promise, pauses=()),
    "the last extension is ignored": lambda promise: replace(promise, extensions=promise.extensions[:-1]),
    "half a day is none": lambda promise: replace(
        promise, limit=Limit(Decimal(promise.limit.whole), promise.limit.unit)
    ),
    **{
        f"{switch} is ignored": lambda promise, s=switch: replace(promise, switches=promise.switches - {s})
        for switch in Switch
    },
}


@pytest.mark.parametrize("misreading", MISREADINGS)
def test_the_walk_notices_a_rule_misread(misreading: str) -> None:
    assert misdated(inner_sample(), MISREADINGS[misreading])


def test_the_explanation_counts_the_days_that_walking_counts() -> None:
    promises = [promise for promise in sample() if promise.limit.unit is not Unit.HOUR]
    assert len(promises) >= 500
    for promise in promises:
        explanation, end = explain(promise, CALENDAR), walk(promise)
        shown = {row.day for row in explanation.days if row.counted}
        assert explanation.due == compute_due(promise, CALENDAR)
        assert [row.day for row in explanation.days] == days(office_day(promise.started_at), end.day)
        assert shown <= set(end.counted)
        assert set(end.counted) - shown <= set(rest_days_before_a_pause(promise))


def rest_days_before_a_pause(promise: Promise) -> Iterator[date]:
    """Give the rest days that end in a pause: one that had counted as the last day is made up for by another day."""
    for pause in promise.pauses:
        day = office_day(pause.started_at) - DAY
        while not OPEN.get(day, True):
            yield day
            day -= DAY
