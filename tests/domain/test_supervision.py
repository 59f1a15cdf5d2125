"""What time calls for: a warning, a breach, an order, in this order and never twice."""

from dataclasses import replace

import pytest

from app.domain.case import Clock
from app.domain.clock_kind import ClockKind
from app.domain.roles import Role
from app.domain.supervision import (
    LADDER_CLOCKS,
    OWNERS,
    SERVICE_PROMISES,
    Act,
    Rung,
    next_call,
    order_at,
    owner_of,
)
from app.domain.turning import pause, stop
from tests.domain.cases import CALENDAR, MONDAY, a_clock, at, day


def call(clock: Clock) -> tuple[str, str] | None:
    """Return what a clock calls for next and when, by the clocks of Shanghai."""
    found = next_call(clock, CALENDAR)
    return None if found is None else (found.act.value, f"{found.at:%Y-%m-%d %H:%M}")


def life(clock: Clock) -> list[tuple[str, str]]:
    """Follow every call of a clock and return them in order."""
    calls = []
    while (found := next_call(clock, CALENDAR)) is not None and found.act is not Act.END:
        calls.append((found.act.value, f"{found.at:%m-%d}"))
        clock = seen(clock, found.act)
    return calls


def seen(clock: Clock, act: Act) -> Clock:
    now = at("2026-03-20")
    match act:
        case Act.WARN:
            return replace(clock, warnings=clock.warnings + 1)
        case Act.BREACH:
            return replace(clock, breached_at=now)
        case _:
            return replace(clock, ordered_at=now)


WARNED = replace(a_clock(), warnings=1)
BREACHED = replace(WARNED, breached_at=at("2026-03-10"))


def test_a_promise_to_the_enterprise_warns_breaks_and_is_ordered() -> None:
    assert call(a_clock()) == ("warn", "2026-03-06 00:00")  # Friday, for due is Monday the 9th
    assert call(WARNED) == ("breach", "2026-03-10 00:00")
    assert call(BREACHED) == ("order", "2026-03-11 00:00")
    assert call(replace(BREACHED, ordered_at=at("2026-03-11"))) is None


@pytest.mark.parametrize("kind", [kind for kind in ClockKind if kind not in {"supplement", "objection"}])
def test_only_the_ladder_clocks_are_ordered(kind: ClockKind) -> None:
    expected = [("warn", "03-06"), ("breach", "03-10"), ("order", "03-11")]
    assert life(a_clock(kind)) == (expected if kind in LADDER_CLOCKS else expected[:2])


def test_these_clocks_climb_the_ladder_and_these_mark_an_appeal_overdue() -> None:
    assert {"handling", "rework", "procedural_reply", "substantive_reply"} == LADDER_CLOCKS
    beside = {"bad_rating_contact", "bad_rating_rectification", "statutory_decision", "statutory_maximum"}
    assert beside == SERVICE_PROMISES - LADDER_CLOCKS
    assert LADDER_CLOCKS < SERVICE_PROMISES


def test_an_order_waits_for_more_than_one_working_day_over_the_festival() -> None:
    assert order_at(day("2026-02-13"), CALENDAR) == at("2026-02-15")  # Saturday the 14th is worked
    assert order_at(day("2026-02-14"), CALENDAR) == at("2026-02-25")  # Tuesday the 24th is the next working day
    assert order_at(day("2026-03-06"), CALENDAR) == at("2026-03-10")


def test_the_enterprise_is_reminded_twice_of_its_supplement() -> None:
    assert life(a_clock(ClockKind.SUPPLEMENT)) == [("warn", "03-05"), ("warn", "03-06"), ("breach", "03-10")]


def test_reminders_are_counted_in_working_days_over_the_festival() -> None:
    clock = a_clock(ClockKind.SUPPLEMENT, start="2026-02-10 09:30")  # due on Tuesday the 24th
    assert life(clock)[:2] == [("warn", "02-13"), ("warn", "02-14")]


@pytest.mark.parametrize(
    ("limit", "reminders"),
    [("3 WD", ["03-03", "03-04"]), ("2 WD", ["03-03"]), ("1 WD", [])],
)
def test_no_reminder_goes_out_before_the_supplement_was_asked_for(limit: str, reminders: list[str]) -> None:
    clock = a_clock(ClockKind.SUPPLEMENT, limit)
    assert [when for act, when in life(clock) if act == "warn"] == reminders


def test_a_short_clock_is_warned_about_on_its_last_day_and_a_shorter_one_not_at_all() -> None:
    assert call(a_clock(ClockKind.SIGN, "1 WD")) == ("warn", "2026-03-03 00:00")
    assert call(a_clock(ClockKind.SIGN, "2 h")) == ("breach", "2026-03-02 11:30")


def test_a_provisional_clock_is_warned_about_and_never_declared_breached() -> None:
    clock = a_clock(start="2026-12-28 09:30")
    assert [act for act, _ in life(clock)] == ["warn"]
    assert call(replace(clock, warnings=1)) is None


def test_a_right_ends_quietly_with_neither_warning_nor_breach() -> None:
    assert call(a_clock(ClockKind.OBJECTION, "30 d")) == ("end", "2026-04-02 00:00")
    assert life(a_clock(ClockKind.OBJECTION, "30 d")) == []


def test_a_provisional_right_does_not_end_on_a_projected_day() -> None:
    assert call(a_clock(ClockKind.OBJECTION, "30 d", start="2026-12-28 09:30")) is None


@pytest.mark.parametrize("clock", [a_clock(), WARNED, BREACHED])
def test_a_clock_that_stands_still_calls_for_nothing(clock: Clock) -> None:
    assert call(stop(clock, at("2026-03-05"), CALENDAR)) is None
    assert call(pause(clock, at("2026-03-05"))) is None


def test_a_breach_that_was_announced_first_is_not_warned_about_afterwards() -> None:
    assert call(replace(a_clock(), breached_at=at("2026-03-10"))) == ("order", "2026-03-11 00:00")


def test_a_new_clock_is_looked_at_when_it_first_calls() -> None:
    assert a_clock(start=MONDAY).next_at == at("2026-03-06")
    assert a_clock(ClockKind.OBJECTION, "30 d").next_at == at("2026-04-02")


@pytest.mark.parametrize("kind", ClockKind)
def test_everybody_knows_who_owes_what(kind: ClockKind) -> None:
    owners = {
        "acceptance": "dispatcher", "return_ruling": "dispatcher", "review": "reviewer", "feedback": "callback",
        "supplement": "enterprise", "objection": "enterprise", "milestone": "leader",
        "statutory_acceptance": "dispatcher", "statutory_transfer": "dispatcher",
    }  # fmt: skip
    assert owner_of(kind) == owners.get(kind, Role.OFFICER)
    assert set(owners) == set(OWNERS)


def test_time_alone_reaches_four_rungs_in_this_order() -> None:
    assert [(rung.name, rung.value) for rung in Rung] == [
        ("REMINDER", 0), ("URGING", 1), ("ORDER", 2), ("ESCALATION", 3),
    ]  # fmt: skip
