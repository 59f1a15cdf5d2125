"""Working-day arithmetic against the package that people use for it."""

import importlib
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy

from app.calendars import load_calendar
from app.domain.clock import OFFICE_TIMEZONE, Promise, compute_due
from app.domain.limit import Limit, Unit
from benchmarks.bench import Bench
from benchmarks.report import Goal, Row, ratio_words, ratios

ADDITIONS = 20_000
FLOOR_ADDITIONS = 1_000
FIRST, LAST = date(2018, 1, 1), date(2025, 10, 31)
GOAL = Goal(must=250, aim=1_000)

Addition = tuple[date, int]

# It comes without types.
CHINESE_CALENDAR: Any = importlib.import_module("chinese_calendar")


def measure_calendar(bench: Bench) -> Iterator[Row]:
    """Measure additions of 1 to 30 working days; all must find the same days first."""
    additions = _additions()
    rest_days = _business_calendar()
    _refuse_difference(additions[:FLOOR_ADDITIONS], rest_days)
    floors, numpys, ours, dues = bench.in_turn(
        lambda: _rate(CHINESE_CALENDAR.find_workday, [(days, day) for day, days in additions[:FLOOR_ADDITIONS]]),
        lambda: _rate(partial(numpy.busday_offset, busdaycal=rest_days), additions),
        lambda: _rate(load_calendar().add_working_days, additions),
        lambda: _due_rate(additions),
    )
    yield _row("工作日加法 add_working_days : chinesecalendar", ours, floors, GOAL)
    yield _row("工作日加法 add_working_days : numpy.busday_offset", ours, numpys, None)
    yield _row("到期日 compute_due : chinesecalendar", dues, floors, None)


def _business_calendar() -> numpy.busdaycalendar:
    """Return the calendar of numpy, which knows no make-up days: every day is worked but the rest days listed."""
    calendar = load_calendar()
    days = (FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 366))
    return numpy.busdaycalendar("1111111", [day for day in days if not calendar.is_working_day(day)])


def _row(name: str, ours: Sequence[float], floors: Sequence[float], goal: Goal | None) -> Row:
    compared = ratios(ours, floors)
    return Row(
        name,
        f"{median(ours):,.0f}/s",
        f"{median(floors):,.0f}/s",
        ratio_words(compared),
        goal=goal,
        judged=median(compared),
    )


def _additions() -> list[Addition]:
    """Return starts that are working days: from a rest day the package counts one working day more than asked."""
    chance, span, is_worked = random.Random(20261122), (LAST - FIRST).days, load_calendar().is_working_day
    days = (FIRST + timedelta(days=chance.randint(0, span)) for _ in range(2 * ADDITIONS))
    return [(day, chance.randint(1, 30)) for day in days if is_worked(day)][:ADDITIONS]


def _refuse_difference(additions: Sequence[Addition], rest_days: numpy.busdaycalendar) -> None:
    for day, days in additions:
        theirs = CHINESE_CALENDAR.find_workday(days, day), numpy.busday_offset(day, days, busdaycal=rest_days).item()
        if {load_calendar().add_working_days(day, days)} != set(theirs):
            raise SystemExit(f"{day} 加 {days} 个工作日，结果不同。 The calendars differ.")


def _rate(add: Callable[..., object], arguments: Sequence[tuple[object, object]]) -> float:
    started = perf_counter()
    for first, second in arguments:
        add(first, second)
    return len(arguments) / (perf_counter() - started)


def _due_rate(additions: Sequence[Addition]) -> float:
    """Return due dates a second: time zone, clause unit and rolling included."""
    calendar = load_calendar()
    promises = [
        Promise(
            datetime(day.year, day.month, day.day, 10, tzinfo=OFFICE_TIMEZONE), Limit(Decimal(days), Unit.WORKING_DAY)
        )
        for day, days in additions
    ]
    started = perf_counter()
    for promise in promises:
        compute_due(promise, calendar)
    return len(promises) / (perf_counter() - started)
