"""How moves turn clocks: exact days around the make-up days of 2026-02 and 2026-10."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from stdnum.cn import uscc as oracle

from app.calendars import load_calendar
from app.domain.appeal import Appeal, AppealKind, Outcome, ReplyKind
from app.domain.case import Clock, ClockState
from app.domain.clock_kind import ClockKind
from app.domain.errors import Invalid
from app.domain.limit import Limit
from app.domain.policy_building import build_policy
from app.domain.reply import check_reply
from app.domain.supervision import Act, Rung, next_call, order_at
from app.domain.timeline import chain_digest, plain
from app.domain.turning import Start, extend, pause, pull_forward, relimit, resume, revive, start_clock, stop
from app.domain.uscc import has_valid_check, is_well_formed
from app.policies import packaged

CALENDAR = load_calendar()
POLICY = build_policy(packaged().packs["gedian"].data)
NUMBERS = count(1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=SHANGHAI)


APPEAL = Appeal(
    id=UUID(int=1),
    number="GD-20260210-000001",
    jurisdiction="gedian",
    policy_id=UUID(int=2),
    enterprise_id=UUID(int=3),
    channel="api",
    external_number=None,
    title="补贴未到账",
    kind=AppealKind.COMPLAINT,
    category="02",
    petition=False,
    confidential=False,
    retaliation=False,
    accused_department=None,
    received_at=at("2026-02-10T09:00"),
    filed_at=at("2026-02-10T09:00"),
)


def started(limit: str, when: str, kind: ClockKind = ClockKind.HANDLING) -> Clock:
    start = Start(kind, at(when), Limit.parse(limit))
    return start_clock(start, appeal=APPEAL, policy=POLICY, calendar=CALENDAR, make_id=lambda: UUID(int=next(NUMBERS)))


def test_a_pause_keeps_the_days_used_and_the_day_of_resumption_is_a_new_day_zero() -> None:
    paused = pause(started("15 WD", "2026-02-10T09:00"), at("2026-02-13T10:00"))
    assert (paused.state, paused.next_at) == (ClockState.PAUSED, None)
    resumed = resume(paused, at("2026-02-25T10:00"), CALENDAR)
    assert resumed.due_day == date(2026, 3, 13)


def test_an_extension_counts_from_the_old_due_day_and_the_original_is_kept() -> None:
    clock = started("60 d", "2026-07-08T09:00")
    extended = extend(clock, Limit.parse("30 d"), CALENDAR, at("2026-09-01T09:00"))
    assert (clock.due_day, extended.due_day) == (date(2026, 9, 7), date(2026, 10, 8))
    assert extended.original_due_at == clock.due_at


def test_another_level_is_counted_from_the_original_start() -> None:
    clock = started("5 WD", "2026-09-18T14:00")
    assert relimit(clock, Limit.parse("15 WD"), CALENDAR, at("2026-09-22T09:00")).due_day == date(2026, 10, 15)


def test_a_reply_sent_back_leaves_the_clock_as_if_never_stopped_net_of_the_review() -> None:
    clock = started("5 WD", "2026-03-02T09:00")
    stopped = stop(clock, at("2026-03-04T16:00"))
    revived = revive(stopped, at("2026-03-06T10:00"), CALENDAR, net=True)
    assert (revived.state, revived.stopped_at) == (ClockState.RUNNING, None)
    assert revived.due_day == date(2026, 3, 12)  # used: the 3rd; four left after the 6th: 9, 10, 11, 12


def test_an_unmerged_clock_is_as_if_never_stopped_at_all() -> None:
    clock = started("5 WD", "2026-03-02T09:00")
    revived = revive(stop(clock, at("2026-03-03T09:00")), at("2026-03-05T09:00"), CALENDAR, net=False)
    assert (revived.due_day, revived.pauses) == (clock.due_day, ())


def test_a_breach_is_not_undone_by_sending_the_reply_back() -> None:
    late = stop(started("5 WD", "2026-03-02T09:00"), at("2026-03-12T09:00"))
    revived = revive(late, at("2026-03-13T09:00"), CALENDAR, net=True)
    assert revived.due_day == date(2026, 3, 9)
    assert revived.is_late(at("2026-03-13T09:00"))


def test_a_master_inherits_an_earlier_due_date_and_never_a_later_one() -> None:
    early, late = started("5 WD", "2026-03-02T09:00"), started("5 WD", "2026-03-04T09:00")
    assert pull_forward(late, due_at=early.due_at, like=early, calendar=CALENDAR).due_day == early.due_day
    assert pull_forward(early, due_at=late.due_at, like=late, calendar=CALENDAR) is early


@pytest.mark.parametrize(
    ("stopped_at", "late"),
    [("2026-03-09T23:59:59.999999", False), ("2026-03-10T00:00:00", True)],
)
def test_due_at_is_exclusive_to_the_microsecond(stopped_at: str, late: bool) -> None:
    assert stop(started("5 WD", "2026-03-02T09:00"), at(stopped_at)).is_late(at("2026-04-01T00:00")) is late


def test_a_clock_that_ends_while_paused_was_not_late_at_the_pause() -> None:
    ended = stop(pause(started("5 WD", "2026-03-02T09:00"), at("2026-03-05T09:00")), at("2026-05-01T09:00"))
    assert not ended.is_late(at("2026-06-01T09:00"))


def calls(clock: Clock, until: int) -> list[tuple[Act, datetime]]:
    """Follow what a clock calls for, as the sweep does."""
    seen = []
    for _ in range(until):
        call = next_call(clock, CALENDAR)
        if call is None:
            break
        seen.append((call.act, call.at))
        noted = {Act.WARN: {"warnings": clock.warnings + 1}, Act.BREACH: {"breached_at": call.at}}
        clock = replace(clock, **noted.get(call.act, {"ordered_at": call.at}))
    return seen


def test_a_handling_clock_reminds_then_urges_then_orders_after_more_than_one_working_day() -> None:
    assert calls(started("5 WD", "2026-02-06T09:00"), 9) == [
        (Act.WARN, at("2026-02-12T00:00")),
        (Act.BREACH, at("2026-02-14T00:00")),
        (Act.ORDER, at("2026-02-15T00:00")),  # Saturday the 14th is worked
    ]
    assert order_at(date(2026, 2, 14), CALENDAR) == at("2026-02-25T00:00")


def test_a_review_clock_alerts_and_climbs_no_ladder() -> None:
    assert [act for act, _ in calls(started("2 WD", "2026-03-02T09:00", ClockKind.REVIEW), 9)] == [
        Act.WARN,
        Act.BREACH,
    ]


def test_a_provisional_clock_is_warned_about_and_never_breached() -> None:
    clock = started("5 WD", "2026-12-28T09:00")
    assert clock.provisional
    assert [act for act, _ in calls(clock, 9)] == [Act.WARN]
    assert not clock.is_late(at("2027-06-01T00:00"))


def test_a_right_ends_quietly() -> None:
    clock = started("30 d", "2026-03-02T09:00", ClockKind.OBJECTION)
    assert calls(clock, 1) == [(Act.END, at("2026-04-02T00:00"))]


def test_a_supplement_is_reminded_two_and_one_working_days_before_its_day() -> None:
    clock = started("5 WD", "2026-03-02T09:00", ClockKind.SUPPLEMENT)
    assert calls(clock, 3) == [
        (Act.WARN, at("2026-03-05T00:00")),
        (Act.WARN, at("2026-03-06T00:00")),
        (Act.BREACH, at("2026-03-10T00:00")),
    ]


@pytest.mark.parametrize("turned", [pause, stop])
def test_a_clock_that_does_not_run_calls_for_nothing(turned: Callable[[Clock, datetime], Clock]) -> None:
    assert next_call(turned(started("5 WD", "2026-03-02T09:00"), at("2026-03-03T09:00")), CALENDAR) is None


def test_the_rungs_that_time_reaches_are_the_lowest() -> None:
    assert [rung.value for rung in Rung] == [0, 1, 2, 3]


def test_the_digest_covers_every_field_and_no_time_zone() -> None:
    content = {"sequence": 1, "at": datetime(2026, 3, 2, 1, 30, tzinfo=UTC), "payload": {"a": 1}}
    digest = chain_digest("", content)
    assert chain_digest("", content | {"at": at("2026-03-02T09:30")}) == digest
    changed = [content | {"sequence": 2}, content | {"payload": {"a": 2}}, content | {"more": 1}]
    assert digest not in {chain_digest("", one) for one in changed} | {chain_digest("x", content)}
    assert plain({"at": at("2026-03-02T09:30")}) == {"at": "2026-03-02T01:30:00+00:00"}


@pytest.mark.parametrize("code", ["91421003MA00000152", "91421003MA1234569F", "91421003MABCDE12X0"])
def test_a_valid_code_passes_here_and_with_an_independent_check(code: str) -> None:
    assert has_valid_check(code)
    assert oracle.is_valid(code)
    wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
    assert not has_valid_check(wrong)


def test_an_early_pilot_code_is_well_formed_though_its_check_fails() -> None:
    assert is_well_formed("91350100M0001TGQXM")
    assert not has_valid_check("91350100M0001TGQXM")
    assert not is_well_formed("91350100M0001TGQXI")


@pytest.mark.parametrize(
    ("result", "basis", "remedy", "evidence", "missing"),
    [
        (None, None, None, (), {"result_type"}),
        (Outcome.SOLVED, None, None, (), {"evidence"}),
        (Outcome.SOLVED, None, None, ("凭证",), set()),
        (Outcome.NOT_SUPPORTED_BY_LAW, None, None, (), {"basis", "remedy"}),
        (Outcome.POLICY_LIMITED, "某办法第3条", " ", (), {"remedy"}),
        (Outcome.POLICY_LIMITED, "某办法第3条", "可申请复议", (), set()),
        (Outcome.UNFOUNDED, None, None, (), {"evidence"}),
        (Outcome.ADVICE_ANSWERED, None, None, (), set()),
        (Outcome.WITHDRAWN, None, None, (), {"result_type"}),
    ],
)
def test_a_substantive_reply_names_what_its_result_demands(
    result: Outcome | None, basis: str | None, remedy: str | None, evidence: tuple[str, ...], missing: set[str]
) -> None:
    try:
        check_reply(ReplyKind.SUBSTANTIVE, result_type=result, basis=basis, remedy=remedy, evidence=evidence)
        found: set[str] = set()
    except Invalid as refusal:
        found = {fault.field for fault in refusal.faults}
    assert found == missing
