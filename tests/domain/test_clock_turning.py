"""How a move turns the clocks: days counted by hand on the calendar of 2026.

Spring Festival rests from 02-15 to 02-23 and is made up on Saturdays 02-14 and 02-28; National Day rests from 10-01
to 10-07 and is made up on Sunday 09-20 and Saturday 10-10.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.appeal import AppealStatus, Assignment, Heard, Hold
from app.domain.appeal_action import AppealAction
from app.domain.case import Attempt, Case, Clock, ClockState
from app.domain.clock import Pause, compute_due
from app.domain.clock_kind import ClockKind
from app.domain.former_due import Cause
from app.domain.lifecycle import transition_of
from app.domain.limit import Limit
from app.domain.policy import Level
from app.domain.turning import extend, pause, pull_forward, recount, relimit, resume, revive, stop, turn
from tests.domain.cases import (
    CALENDAR,
    LEAD,
    MONDAY,
    SUPPORT,
    a_case,
    a_clock,
    a_lead,
    a_reply,
    a_support,
    an_attempt,
    at,
    day,
    ids,
)

FESTIVE = "2026-02-10 09:30"
"""Tuesday before Spring Festival: five working days are 11, 12, 13, the make-up Saturday 14, and Tuesday 24."""


def due(clock: Clock) -> str:
    return str(clock.due_day)


def turned(
    action: str, case: Case, attempt: Attempt, *added: Assignment, undone: str | None = None
) -> dict[str, Clock]:
    """Turn by one row; return the clocks that changed or started, by kind."""
    row = transition_of(AppealAction(action))
    undone_at = None if undone is None else at(undone)
    changed, started = turn(row, case, attempt, added=added, undone_at=undone_at, make_id=ids())
    return {clock.kind.value: clock for clock in (*changed, *started)}


def states(clocks: dict[str, Clock]) -> dict[str, str]:
    return {kind: clock.state.value for kind, clock in clocks.items()}


# One clock ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "limit", "last_day", "why"),
    [
        (MONDAY, "5 WD", "2026-03-09", "3, 4, 5, 6, and over the weekend"),
        (FESTIVE, "5 WD", "2026-02-24", "over Spring Festival, the make-up Saturday counts"),
        ("2026-09-17 18:00", "3 WD", "2026-09-21", "18, the make-up Sunday 20, 21; the hour does not matter"),
        ("2026-09-28 09:30", "5 WD", "2026-10-10", "29, 30, 8, 9, and the make-up Saturday"),
        (MONDAY, "7 d", "2026-03-09", "calendar days"),
        ("2026-02-08 09:30", "7 d", "2026-02-24", "the seventh day rests: it rolls over the festival"),
        ("2025-11-30 09:30", "3 m", "2026-02-28", "no 30 February; the make-up Saturday does not roll"),
    ],
)
def test_a_started_clock_is_due_with_the_end_of_its_last_day(start: str, limit: str, last_day: str, why: str) -> None:
    clock = a_clock(limit=limit, start=start)
    assert due(clock) == last_day, why
    assert clock.original_due_at == clock.due_at == at(last_day) + timedelta(days=1)
    assert (clock.state, clock.warnings, clock.breached_at) == (ClockState.RUNNING, 0, None)


def test_a_clock_that_leaves_the_published_years_is_provisional() -> None:
    assert not a_clock(start="2026-12-24 09:30").provisional
    assert a_clock(start="2026-12-28 09:30").provisional


def test_a_stopped_clock_calls_for_nothing_and_keeps_its_due_date() -> None:
    stopped = stop(a_clock(), at("2026-03-05 10:00"), CALENDAR)
    assert (stopped.state, stopped.stopped_at, stopped.next_at) == (ClockState.STOPPED, at("2026-03-05 10:00"), None)
    assert due(stopped) == "2026-03-09"


def test_a_pause_uses_up_the_days_before_it_and_the_rest_counts_from_the_resumption() -> None:
    paused = pause(a_clock(start=FESTIVE), at("2026-02-12 15:00"))
    assert (paused.state, paused.next_at, paused.pauses) == (ClockState.PAUSED, None, (Pause(at("2026-02-12 15:00")),))
    resumed = resume(paused, at("2026-02-26 08:00"), CALENDAR)
    assert due(resumed) == "2026-03-03"  # the 11th was used; four left: 27, the make-up Saturday 28, 2 and 3 March
    assert (resumed.state, resumed.original_due_at) == (ClockState.RUNNING, at("2026-02-25"))
    assert resumed.next_at == at("2026-03-02")


def test_two_pauses_add_up() -> None:
    once = resume(pause(a_clock(start=FESTIVE), at("2026-02-12 15:00")), at("2026-02-26 08:00"), CALENDAR)
    twice = resume(pause(once, at("2026-03-02 10:00")), at("2026-03-05 10:00"), CALENDAR)
    assert due(twice) == "2026-03-09"  # 27 and 28 were used of the four; two left: 6 and 9 March
    assert [one.ended_at for one in twice.pauses] == [at("2026-02-26 08:00"), at("2026-03-05 10:00")]


def test_an_extension_counts_on_from_the_old_due_day_and_keeps_the_first() -> None:
    extended = extend(a_clock(start=FESTIVE), Limit.parse("5 WD"), CALENDAR, at("2026-02-12 10:00"))
    assert due(extended) == "2026-03-02"  # 25, 26, 27, the make-up Saturday 28, 2 March
    assert (extended.original_due_at, extended.extensions) == (at("2026-02-25"), (Limit.parse("5 WD"),))


def test_another_limit_counts_from_the_original_start() -> None:
    difficult = relimit(a_clock(start=FESTIVE), Limit.parse("15 WD"), CALENDAR, at("2026-02-24 10:00"))
    assert due(difficult) == "2026-03-09"  # 4 before the festival, 24 to 28 are 9, 2 to 6 March are 14
    assert difficult.started_at == at(FESTIVE)


def test_a_due_date_that_moves_ahead_is_warned_about_again() -> None:
    warned = replace(a_clock(), warnings=1, warned_at=at("2026-03-06"))
    longer = relimit(warned, Limit.parse("15 WD"), CALENDAR, at("2026-03-06 10:00"))
    assert (longer.warnings, longer.next_at) == (0, at("2026-03-20"))  # due on Monday 03-23
    assert recount(warned, CALENDAR, at("2026-03-06 10:00"), cause=Cause.LIMIT).warnings == 1


def test_a_due_date_that_has_passed_even_after_moving_is_not_warned_about_again() -> None:
    warned = replace(a_clock(), warnings=1, warned_at=at("2026-03-06"))
    assert extend(warned, Limit.parse("1 WD"), CALENDAR, at("2026-03-20")).warnings == 1


def test_an_undone_stop_leaves_out_the_time_in_between_when_net() -> None:
    stopped = stop(a_clock(start=FESTIVE), at("2026-02-12 15:00"), CALENDAR)
    net = revive(stopped, at("2026-02-26 08:00"), CALENDAR, net=True)
    gross = revive(stopped, at("2026-02-26 08:00"), CALENDAR, net=False)
    assert (due(net), due(gross)) == ("2026-03-03", "2026-02-24")
    assert (net.state, net.stopped_at, gross.pauses) == (ClockState.RUNNING, None, ())
    assert gross.is_late(at("2026-02-26 08:00"))
    assert not net.is_late(at("2026-02-26 08:00"))


def test_a_stop_that_came_late_gains_nothing_by_being_undone() -> None:
    stopped = stop(a_clock(), at("2026-03-10 10:00"), CALENDAR)
    revived = revive(stopped, at("2026-03-16 10:00"), CALENDAR, net=True)
    assert (due(revived), revived.pauses) == ("2026-03-09", ())


def test_a_master_inherits_the_earlier_due_date_with_all_that_made_it() -> None:
    ours, theirs = a_clock(), a_clock(start="2026-02-26 09:30")
    pulled = pull_forward(ours, due_at=theirs.due_at, like=theirs, calendar=CALENDAR, now=at("2026-03-04 10:00"))
    assert (due(ours), due(pulled), pulled.id) == ("2026-03-09", "2026-03-04", ours.id)  # 27, Saturday 28, 2, 3, 4
    assert pulled.due_at == theirs.due_at
    assert compute_due(pulled.promise, CALENDAR).at == pulled.due_at


def test_a_master_never_inherits_a_later_due_date() -> None:
    ours, theirs = a_clock(), a_clock(start="2026-03-04 09:30")
    assert pull_forward(ours, due_at=theirs.due_at, like=theirs, calendar=CALENDAR, now=at("2026-03-04 10:00")) is ours


# Late or not --------------------------------------------------------------------------------------------------------


def test_late_begins_at_the_exclusive_bound() -> None:
    clock = a_clock()
    assert not clock.is_late(at("2026-03-09 23:59:59.999999"))
    assert clock.is_late(at("2026-03-10"))


def test_a_clock_that_was_stopped_in_time_is_never_late() -> None:
    assert not stop(a_clock(), at("2026-03-09 23:59:59.999999"), CALENDAR).is_late(at("2027-01-01"))
    assert stop(a_clock(), at("2026-03-10"), CALENDAR).is_late(at("2026-03-10"))


def test_a_provisional_clock_is_never_late() -> None:
    assert not a_clock(start="2026-12-28 09:30").is_late(at("2030-01-01"))


@pytest.mark.parametrize(("paused_at", "late"), [("2026-03-05 10:00", False), ("2026-03-11 10:00", True)])
def test_a_clock_stopped_in_its_pause_is_late_only_if_the_pause_came_late(paused_at: str, late: bool) -> None:
    stopped = stop(pause(a_clock(), at(paused_at)), at("2026-04-20 10:00"), CALENDAR)
    assert stopped.halted_at == at(paused_at)
    assert stopped.is_late(at("2026-05-01")) is late


@pytest.mark.parametrize(("paused_at", "late"), [("2026-03-05 10:00", False), ("2026-03-11 10:00", True)])
def test_a_paused_clock_is_late_only_if_the_pause_came_late(paused_at: str, late: bool) -> None:
    assert pause(a_clock(), at(paused_at)).is_late(at("2026-04-20 10:00")) is late


# Moves --------------------------------------------------------------------------------------------------------------


def test_filing_starts_what_the_enterprise_waits_for() -> None:
    started = turned("file", a_case(), an_attempt(when=MONDAY))
    assert {kind: due(clock) for kind, clock in started.items()} == {
        "acceptance": "2026-03-05",
        "handling": "2026-03-09",
    }


def test_a_petition_owes_two_answers_more() -> None:
    started = turned("file", a_case(petition=True), an_attempt(when=MONDAY))
    assert (due(started["procedural_reply"]), due(started["substantive_reply"])) == ("2026-03-09", "2026-06-02")


def test_a_paper_receipt_governs_the_start() -> None:
    started = turned("file", a_case(), an_attempt(when=MONDAY, counted_from=at("2026-02-27")))
    assert due(started["handling"]) == "2026-03-05"  # the make-up Saturday 28, then 2, 3, 4, 5


def test_the_level_decides_the_length() -> None:
    started = turned("file", a_case(level=Level.DIFFICULT), an_attempt(when=MONDAY))
    assert due(started["handling"]) == "2026-03-23"


def test_an_order_starts_clocks_for_every_assignment_and_the_first_contact_for_the_lead_alone() -> None:
    case, attempt = a_case(a_clock(ClockKind.ACCEPTANCE, "3 WD")), an_attempt()
    row = transition_of(AppealAction.ASSIGN)
    changed, started = turn(row, case, attempt, added=[a_lead(), a_support()], undone_at=None, make_id=ids())
    assert [clock.kind for clock in changed] == [ClockKind.ACCEPTANCE]
    assert sorted((clock.kind.value, clock.assignment_id) for clock in started) == [
        ("contact", LEAD),
        ("department_answer", LEAD),
        ("department_answer", SUPPORT),
        ("sign", LEAD),
        ("sign", SUPPORT),
    ]


def test_a_supplement_has_the_limit_that_was_stated() -> None:
    stated = {"clock_kind": ClockKind.SUPPLEMENT, "limit": Limit.parse("10 WD")}
    case = a_case(a_clock(ClockKind.ACCEPTANCE, "3 WD"), a_clock())
    after = turned("request_supplement", case, an_attempt(when=MONDAY, **stated))
    assert states(after) == {"acceptance": "paused", "handling": "paused", "supplement": "running"}
    assert due(after["supplement"]) == "2026-03-16"
    assert due(turned("request_supplement", case, an_attempt(when=MONDAY))["supplement"]) == "2026-03-09"


def test_supplying_resumes_what_the_request_had_paused() -> None:
    paused = [pause(a_clock(kind, limit), at("2026-03-03 10:00"))
              for kind, limit in ((ClockKind.ACCEPTANCE, "3 WD"), (ClockKind.HANDLING, "5 WD"))]  # fmt: skip
    case = a_case(*paused, a_clock(ClockKind.SUPPLEMENT), hold=Hold.NONE)
    after = turned("supply", case, an_attempt(when="2026-03-05 10:00"))
    assert states(after) == {"acceptance": "running", "handling": "running", "supplement": "stopped"}
    assert (due(after["acceptance"]), due(after["handling"])) == ("2026-03-10", "2026-03-12")  # nothing was used up


def test_signing_leaves_the_clocks_of_others_alone() -> None:
    mine = a_clock(ClockKind.SIGN, "1 WD", assignment_id=LEAD)
    other = replace(a_clock(ClockKind.SIGN, "1 WD", assignment_id=SUPPORT), id=SUPPORT)
    row = transition_of(AppealAction.SIGN)
    case = a_case(mine, other, a_lead(), a_support())
    changed, started = turn(row, case, an_attempt(assignment_id=LEAD), added=(), undone_at=None, make_id=ids())
    assert ([clock.assignment_id for clock in changed], started) == ([LEAD], ())


def test_a_return_starts_its_ruling_on_the_assignment_and_turns_nothing_else() -> None:
    after = turned("return", a_case(a_clock(), a_lead()), an_attempt(assignment_id=LEAD))
    assert [(kind, clock.assignment_id, due(clock)) for kind, clock in after.items()] == [
        ("return_ruling", LEAD, "2026-03-04")
    ]


def test_a_transfer_restarts_the_department_and_not_the_enterprise() -> None:
    own = [a_clock(kind, "1 WD", assignment_id=LEAD) for kind in (ClockKind.SIGN, ClockKind.CONTACT)]
    heir = a_lead(id=SUPPORT, department="tax")
    changed, started = turn(
        transition_of(AppealAction.TRANSFER), a_case(a_clock(), *own, a_lead()),
        an_attempt(assignment_id=LEAD), added=[heir], undone_at=None, make_id=ids(),
    )  # fmt: skip
    assert {clock.kind.value for clock in changed} == {"sign", "contact"}
    assert {(clock.kind.value, clock.assignment_id) for clock in started} == {
        ("sign", SUPPORT), ("contact", SUPPORT), ("department_answer", SUPPORT),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("hold", "state"), [(Hold.SUSPENDED, "paused"), (Hold.SHELVED, "paused"), (Hold.NONE, "running")]
)
def test_a_transfer_of_what_is_held_starts_no_answer_that_runs_while_the_rest_stands_still(
    hold: Hold, state: str
) -> None:
    case = a_case(a_lead(), status=AppealStatus.ASSIGNED, hold=hold)
    after = turned("transfer", case, an_attempt(assignment_id=LEAD), a_lead(id=SUPPORT, department="tax"))
    assert states(after)["department_answer"] == state


def test_resolving_stops_the_clocks_of_every_assignment_but_not_an_open_supervision() -> None:
    clocks = [
        a_clock(),
        a_clock(ClockKind.SIGN, assignment_id=SUPPORT),
        a_clock(ClockKind.DEPARTMENT_ANSWER, assignment_id=LEAD),
        a_clock(ClockKind.SUPERVISION_ANSWER),
    ]
    given: dict[str, Any] = {"assignment_id": LEAD, "reply": a_reply()}
    after = turned("resolve", a_case(*clocks, a_lead(), a_support()), an_attempt(**given))
    assert states(after) == {"handling": "stopped", "sign": "stopped", "department_answer": "stopped",
                             "review": "running"}  # fmt: skip


def test_sending_back_revives_only_what_the_answer_had_stopped() -> None:
    undone = "2026-03-04 10:00"
    answered = stop(a_clock(), at(undone), CALENDAR)
    earlier = stop(a_clock(ClockKind.SUBSTANTIVE_REPLY, "3 m"), at("2026-03-03 10:00"), CALENDAR)
    case = a_case(answered, earlier, a_clock(ClockKind.REVIEW, "2 WD", start=undone), a_lead())
    attempt = an_attempt(when="2026-03-06 10:00", reply=a_reply())
    after = turned("send_back", case, attempt, undone=undone)
    assert states(after) == {"handling": "running", "review": "stopped"}
    assert due(after["handling"]) == "2026-03-12"  # the 3rd was used; 9, 10, 11, 12 are left


def test_the_feedback_counts_from_the_answer() -> None:
    case = a_case(a_clock(ClockKind.REVIEW, "2 WD", start="2026-03-04 10:00"))
    after = turned("pass", case, an_attempt(when="2026-03-06 10:00", counted_from=at("2026-03-04 10:00")))
    assert (states(after), due(after["feedback"])) == ({"review": "stopped", "feedback": "running"}, "2026-03-11")


def test_a_failed_visit_leaves_the_feedback_running() -> None:
    case, keeps = a_case(a_clock(ClockKind.FEEDBACK)), frozenset({ClockKind.FEEDBACK})
    assert turned("visit", case, an_attempt(keeps=keeps)) == {}
    assert states(turned("visit", case, an_attempt())) == {"feedback": "stopped"}


@pytest.mark.parametrize(("satisfied", "owed"), [(False, True), (True, False), (None, False)])
def test_a_bad_rating_is_called_back_and_rectified(satisfied: bool | None, owed: bool) -> None:
    attempt = an_attempt(when=MONDAY, heard=Heard(heard=True, solved=False, satisfied=satisfied))
    started = turned("rework", a_case(round=2), attempt, a_lead(round=2))
    assert (due(started["rework"]), started["rework"].round) == ("2026-03-09", 2)
    assert ({"bad_rating_contact", "bad_rating_rectification"} <= set(started)) is owed


def test_a_redirected_petition_goes_on_owing_its_answers() -> None:
    clocks = [a_clock(kind) for kind in (ClockKind.HANDLING, ClockKind.PROCEDURAL_REPLY, ClockKind.SUBSTANTIVE_REPLY)]
    after = turned("redirect", a_case(*clocks, petition=True), an_attempt(reason="属法院"))
    assert states(after) == {"handling": "stopped", "objection": "running"}


def test_an_answer_stops_its_own_supervision_and_no_other() -> None:
    one, other = a_clock(ClockKind.SUPERVISION_ANSWER), replace(a_clock(ClockKind.SUPERVISION_ANSWER), id=SUPPORT)
    row = transition_of(AppealAction.ANSWER_SUPERVISION)
    attempt = an_attempt(assignment_id=LEAD, clock_id=SUPPORT)
    changed, _ = turn(row, a_case(one, other, a_lead()), attempt, added=(), undone_at=None, make_id=ids())
    assert [clock.id for clock in changed] == [SUPPORT]


def test_shelving_pauses_the_service_and_starts_the_milestone() -> None:
    clocks = [a_clock(), a_clock(ClockKind.DEPARTMENT_ANSWER, "15 WD", assignment_id=LEAD), a_clock(ClockKind.REVIEW)]
    given = {"clock_kind": ClockKind.MILESTONE, "limit": Limit.parse("10 d"), "milestone_on": day("2026-03-13")}
    after = turned("shelve", a_case(*clocks, a_lead()), an_attempt(**given))
    assert states(after) == {"handling": "paused", "department_answer": "paused", "milestone": "running"}
    assert due(after["milestone"]) == "2026-03-13"


@pytest.mark.parametrize("kind", [ClockKind.HANDLING, ClockKind.REWORK])
def test_taking_a_merged_appeal_out_again_revives_the_promise_that_the_merger_had_stopped(kind: ClockKind) -> None:
    merged = stop(a_clock(kind), at("2026-03-04 10:00"), CALENDAR)
    after = turned("unmerge", a_case(merged), an_attempt(when="2026-03-06 10:00"), undone="2026-03-04 10:00")
    assert states(after) == {kind.value: "running"}
    assert due(after[kind.value]) == "2026-03-09"


def test_closing_stops_everything_and_a_second_time_changes_nothing() -> None:
    case = a_case(*(a_clock(kind) for kind in ClockKind))
    after = turned("close", case, an_attempt())
    assert states(after) == {kind.value: "stopped" for kind in ClockKind}
    assert turned("close", replace(case, clocks=tuple(after.values())), an_attempt(when="2026-03-20")) == {}
