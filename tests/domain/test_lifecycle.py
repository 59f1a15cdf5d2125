"""The table holds what the regulation says, and nothing contradicts itself."""

import pytest

from app.domain import separation
from app.domain.appeal import AppealStatus, Hold
from app.domain.appeal_action import AppealAction
from app.domain.clock_kind import ClockKind
from app.domain.lifecycle import NEVER_OFFERED, TRANSITIONS, transition_of
from app.domain.roles import OFFICE_ROLES, Role
from app.domain.transition import Transition

BY_WHOM = {
    "file": "enterprise clerk connector supervisor observer",
    "request_supplement": "dispatcher",
    "supply": "enterprise clerk dispatcher",
    "lapse": "dispatcher",
    "refuse": "dispatcher",
    "redirect": "dispatcher",
    "merge": "dispatcher",
    "absorb": "dispatcher",
    "unmerge": "dispatcher",
    "assign": "dispatcher",
    "sign": "officer head system",
    "return": "officer head",
    "uphold_return": "dispatcher",
    "deny_return": "dispatcher",
    "transfer": "dispatcher",
    "contact": "officer head",
    "finish_support": "officer head",
    "draft_reply": "officer head",
    "reply_procedural": "officer head",
    "reply_progress": "officer head",
    "request_extension": "officer head",
    "grant_extension": "supervisor",
    "deny_extension": "supervisor",
    "suspend": "supervisor",
    "resume": "supervisor",
    "regrade": "dispatcher",
    "shelve": "leader",
    "unshelve": "leader supervisor",
    "resolve": "head",
    "send_back": "reviewer",
    "pass": "reviewer",
    "visit": "callback",
    "rate": "enterprise",
    "issue_link": "enterprise callback",
    "issue_supplement_link": "dispatcher clerk callback",
    "rework": "callback system",
    "certify": "leader",
    "close": "dispatcher",
    "withdraw": "enterprise",
    "terminate": "dispatcher",
    "answer_petition": "dispatcher",
    "reopen": "enterprise supervisor",
    "supervise": "supervisor system",
    "answer_supervision": "officer head",
    "attach": "enterprise clerk dispatcher officer head",
    "detach": "enterprise clerk dispatcher officer head",
    "release_attachment": "dispatcher",
}
WAYS = {
    ("received", "assigned"): "assign",
    ("assigned", "resolved"): "resolve",
    ("resolved", "assigned"): "send_back",
    ("resolved", "reviewed"): "pass",
    ("reviewed", "assigned"): "rework",
    ("received", "closed"): "lapse refuse redirect merge withdraw terminate",
    ("assigned", "closed"): "merge withdraw terminate",
    ("resolved", "closed"): "withdraw terminate",
    ("reviewed", "closed"): "close withdraw terminate",
    ("closed", "received"): "unmerge",
    ("received", "received"): "file",
}
HANDLING = frozenset({ClockKind.HANDLING, ClockKind.REWORK})


def rows_between(start: str, end: str) -> set[str]:
    return {row.action.value for row in TRANSITIONS if row.to == end and start in row.from_}


def test_every_action_has_exactly_one_row() -> None:
    assert sorted(row.action for row in TRANSITIONS) == sorted(AppealAction)
    assert sorted(BY_WHOM) == sorted(AppealAction)


@pytest.mark.parametrize("action", AppealAction)
def test_each_action_belongs_to_its_roles_and_no_others(action: AppealAction) -> None:
    assert transition_of(action).by == frozenset(BY_WHOM[action].split())


@pytest.mark.parametrize(("start", "end"), [(one, two) for one in AppealStatus for two in AppealStatus])
def test_an_appeal_goes_from_status_to_status_only_by_these_ways(start: str, end: str) -> None:
    assert rows_between(start, end) == set(WAYS.get((start, end), "").split())


def test_nothing_closes_an_appeal_and_leaves_its_handling_running() -> None:
    closing = [row for row in TRANSITIONS if row.to is AppealStatus.CLOSED]
    assert closing
    assert all(row.stops >= HANDLING for row in closing)


def test_every_clock_that_is_started_is_stopped_somewhere() -> None:
    started = {kind for row in TRANSITIONS for kind in row.starts}
    stopped = {kind for row in TRANSITIONS for kind in row.stops}
    assert started == stopped == set(ClockKind)


def test_what_is_paused_is_resumed() -> None:
    paused = {kind for row in TRANSITIONS for kind in row.pauses}
    assert paused == {kind for row in TRANSITIONS for kind in row.resumes}


def test_every_hold_is_entered_and_left() -> None:
    entered = {row.to_hold for row in TRANSITIONS} - {None, Hold.NONE}
    left = {hold for row in TRANSITIONS if row.to_hold is Hold.NONE for hold in row.holds} - {Hold.NONE}
    assert entered == left == set(Hold) - {Hold.NONE}


def test_the_accused_department_decides_nothing_about_its_own_case() -> None:
    """Whatever an office decides; what it only does for the enterprise may be done by anybody of the office."""
    for_the_enterprise = {
        AppealAction.FILE,
        AppealAction.SUPPLY,
        AppealAction.ISSUE_LINK,
        AppealAction.ISSUE_SUPPLEMENT_LINK,
        AppealAction.REOPEN,
        AppealAction.ATTACH,
        AppealAction.DETACH,
    }
    decided = {row.action for row in TRANSITIONS if row.by & OFFICE_ROLES} - for_the_enterprise
    # Releasing a file asks the same in a guard of its own.
    asked = {action for action in decided if separation.not_accused not in transition_of(action).guards}
    assert asked == {AppealAction.RELEASE_ATTACHMENT}
    assert {AppealAction.REFUSE, AppealAction.MERGE, AppealAction.PASS, AppealAction.SEND_BACK} <= decided


def test_a_return_never_stops_the_clock_of_the_enterprise() -> None:
    for action in (AppealAction.RETURN, AppealAction.UPHOLD_RETURN, AppealAction.DENY_RETURN, AppealAction.TRANSFER):
        row = transition_of(action)
        assert not HANDLING & (row.stops | row.pauses | row.starts), action


def test_a_procedural_or_progress_reply_never_stops_the_handling_clock() -> None:
    for action in (AppealAction.REPLY_PROCEDURAL, AppealAction.REPLY_PROGRESS, AppealAction.DRAFT_REPLY):
        assert not HANDLING & transition_of(action).stops


def test_a_reply_sent_back_revives_what_it_had_stopped() -> None:
    assert transition_of(AppealAction.SEND_BACK).revives >= HANDLING


def test_nobody_handles_and_reviews_by_role_alone() -> None:
    def doers(action: AppealAction) -> frozenset[Role]:
        return transition_of(action).by

    assert doers(AppealAction.RESOLVE).isdisjoint(doers(AppealAction.PASS))
    assert doers(AppealAction.PASS).isdisjoint(doers(AppealAction.CLOSE))
    assert doers(AppealAction.VISIT).isdisjoint(doers(AppealAction.RESOLVE) | doers(AppealAction.PASS))
    assert separation.independent_caller in transition_of(AppealAction.VISIT).guards
    assert separation.independent_caller in transition_of(AppealAction.REWORK).guards
    assert separation.independent_reviewer in transition_of(AppealAction.PASS).guards
    assert separation.four_eyes in transition_of(AppealAction.RESOLVE).guards


def test_filing_and_follow_ups_are_never_offered_as_a_next_move() -> None:
    assert frozenset({AppealAction.FILE, AppealAction.ABSORB}) == NEVER_OFFERED


def test_each_row_announces_something_of_its_appeal() -> None:
    assert all(row.announces.startswith("appeal.") and row.name for row in TRANSITIONS)
    assert all(isinstance(row, Transition) for row in TRANSITIONS)
