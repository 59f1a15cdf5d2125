"""The deadlines that were worked out by hand."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.calendars import load_calendar
from app.domain.clock import Pause, Promise, Switch, compute_due, end_of_day, is_breached
from app.domain.explanation import explain
from app.domain.limit import Limit

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("deadlines.json").read_text(encoding="utf-8"))[
    "cases"
]
SETTLED = [case for case in CASES if "due_day" in case]
CALENDAR = load_calendar()


def promise_of(case: dict[str, Any]) -> Promise:
    return Promise(
        started_at=datetime.fromisoformat(case["received"]),
        limit=Limit.parse(case["limit"]),
        pauses=tuple(Pause(*map(datetime.fromisoformat, pause)) for pause in case.get("pauses", ())),
        extensions=tuple(map(Limit.parse, case.get("extensions", ()))),
        switches=frozenset(map(Switch, case.get("switches", ()))),
    )


def name_of(case: dict[str, Any]) -> str:
    return f"{case['id']} {case['why']}"


def test_the_oracle_is_whole() -> None:
    assert len(CASES) == 22
    assert [case["id"] for case in CASES if case not in SETTLED] == ["X4"]


@pytest.mark.parametrize("case", SETTLED, ids=name_of)
def test_the_due_day_is_the_one_worked_out_by_hand(case: dict[str, Any]) -> None:
    due = compute_due(promise_of(case), CALENDAR)
    assert due.day == date.fromisoformat(case["due_day"])
    assert due.at == end_of_day(due.day)
    assert not due.provisional


@pytest.mark.parametrize("case", SETTLED, ids=name_of)
def test_one_microsecond_before_the_bound_is_in_time_and_the_bound_is_late(case: dict[str, Any]) -> None:
    due = compute_due(promise_of(case), CALENDAR)
    just_before = due.at - timedelta(microseconds=1)
    assert not is_breached(due.at, due.provisional, just_before, due.at)
    assert is_breached(due.at, due.provisional, due.at, due.at)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_explanation_ends_where_the_clock_does(case: dict[str, Any]) -> None:
    explanation = explain(promise_of(case), CALENDAR)
    assert explanation.due == compute_due(promise_of(case), CALENDAR)
    assert explanation.days[-1].day == explanation.due.day


def test_a_date_in_a_year_without_a_notice_is_projected_and_never_enforced() -> None:
    (case,) = [case for case in CASES if case not in SETTLED]
    due = compute_due(promise_of(case), CALENDAR)
    assert due.provisional is case["provisional"]
    assert not is_breached(due.at, due.provisional, None, due.at + timedelta(days=400))
