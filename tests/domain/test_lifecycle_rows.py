"""The whole table once more, in words: a change to any row must be made here too, by somebody who means it.

A row reads: action: from -> to; hold from -> to; by whom; what it announces. `open` are the four statuses before
closed. Below stand the guards in the order in which they are asked, and what is done to which clocks.
"""

from collections.abc import Iterable, Iterator
from itertools import product

import pytest

from app.domain.appeal import AppealStatus, Hold
from app.domain.appeal_action import AppealAction
from app.domain.clock_kind import ClockKind
from app.domain.errors import ActionNotPossible, NotAllowed
from app.domain.lifecycle import TRANSITIONS, allowed_actions, find_transition
from app.domain.roles import ROLE_NAMES, Role
from app.domain.transition import Transition
from tests.domain.cases import a_case, an_attempt, somebody

TABLE = """
file: received -> received; hold none -> stays; by clerk connector enterprise observer supervisor; says received
    starts acceptance handling procedural_reply substantive_reply \
statutory_acceptance statutory_transfer statutory_decision
request_supplement: received -> stays; hold none -> supplement; by dispatcher; says supplement_requested
    if not_accused supplement_once reason_given
    pauses acceptance handling statutory_acceptance statutory_transfer statutory_decision
    starts supplement
supply: received -> stays; hold supplement -> none; by clerk dispatcher enterprise; says supplied
    stops supplement
    resumes acceptance handling statutory_acceptance statutory_transfer statutory_decision
lapse: received -> closed; hold supplement -> none; by dispatcher; says lapsed
    if not_accused supplement_lapsed
    stops all
refuse: received -> closed; hold none -> stays; by dispatcher; says refused
    if not_accused reason_given
    stops all
    starts objection
redirect: received -> closed; hold none -> stays; by dispatcher; says redirected
    if not_accused reason_given
    stops all but procedural_reply substantive_reply
    starts objection
merge: received assigned -> closed; hold none -> stays; by dispatcher; says merged
    if not_accused reason_given master_fits
    stops all
absorb: received assigned -> stays; hold none -> stays; by dispatcher; says absorbed
    if not_accused
unmerge: closed -> received; hold none -> stays; by dispatcher; says unmerged
    if not_accused reason_given is_merged
    revives acceptance handling procedural_reply substantive_reply rework \
statutory_acceptance statutory_transfer statutory_decision statutory_maximum
assign: received -> assigned; hold none -> stays; by dispatcher; says assigned
    if not_accused graded_in_time
    stops acceptance statutory_acceptance statutory_transfer
    starts sign contact department_answer statutory_decision statutory_maximum
sign: assigned -> stays; hold any -> stays; by head officer system; says signed
    if own_assignment unsigned
    stops sign
return: assigned -> stays; hold none -> stays; by head officer; says return_requested
    if own_assignment reason_given returnable
    starts return_ruling
uphold_return: assigned -> stays; hold any -> stays; by dispatcher; says transferred
    if own_assignment not_accused return_pending other_department
    stops sign contact return_ruling department_answer
    starts sign contact department_answer
deny_return: assigned -> stays; hold any -> stays; by dispatcher; says return_denied
    if own_assignment not_accused return_pending reason_given
    stops return_ruling
transfer: assigned -> stays; hold any -> stays; by dispatcher; says transferred
    if own_assignment not_accused reason_given other_department
    stops sign contact return_ruling department_answer
    starts sign contact department_answer
contact: assigned -> stays; hold any -> stays; by head officer; says contacted
    if own_assignment
    stops contact bad_rating_contact
finish_support: assigned -> stays; hold any -> stays; by head officer; says support_finished
    if own_assignment supporting
    stops sign department_answer
draft_reply: assigned -> stays; hold none -> stays; by head officer; says reply_drafted
    if own_assignment lead_assignment no_return_pending
reply_procedural: assigned -> stays; hold any -> stays; by head officer; says replied
    if own_assignment lead_assignment
    stops procedural_reply
reply_progress: assigned -> stays; hold any -> stays; by head officer; says replied
    if own_assignment lead_assignment
    stops procedural_reply substantive_reply
request_extension: assigned -> stays; hold none -> stays; by head officer; says extension_requested
    if own_assignment lead_assignment reason_given extension_askable
grant_extension: assigned -> stays; hold none -> stays; by supervisor; says extension_granted
    if not_accused extension_pending not_yet_due
deny_extension: assigned -> stays; hold any -> stays; by supervisor; says extension_denied
    if not_accused extension_pending reason_given
suspend: assigned -> stays; hold none -> suspended; by supervisor; says suspended
    if not_accused reason_given not_yet_due
    pauses handling department_answer rework statutory_decision
resume: assigned -> stays; hold suspended -> none; by supervisor; says resumed
    if not_accused
    resumes handling department_answer rework statutory_decision
regrade: received assigned -> stays; hold none -> stays; by dispatcher; says regraded
    if not_accused reason_given raises_level not_yet_due
shelve: assigned -> stays; hold none -> shelved; by leader; says shelved
    if not_accused reason_given plan_given
    pauses handling department_answer rework
    starts milestone
unshelve: assigned -> stays; hold shelved -> none; by leader supervisor; says unshelved
    if not_accused
    stops milestone
    resumes handling department_answer rework
resolve: assigned -> resolved; hold none -> stays; by head; says resolved
    if own_assignment lead_assignment no_return_pending contacted supports_finished four_eyes
    stops sign contact handling department_answer procedural_reply substantive_reply rework bad_rating_rectification \
statutory_decision statutory_maximum
    starts review
send_back: resolved -> assigned; hold none -> stays; by reviewer; says sent_back
    if not_accused independent_reviewer reason_given
    stops review
    revives handling department_answer substantive_reply rework bad_rating_rectification \
statutory_decision statutory_maximum
pass: resolved -> reviewed; hold none -> stays; by reviewer; says reviewed
    if not_accused independent_reviewer
    stops review
    starts feedback
visit: reviewed -> stays; hold none -> stays; by callback; says visited
    if not_accused independent_caller
    stops feedback bad_rating_contact
rate: reviewed closed -> stays; hold none -> stays; by enterprise; says rated
    if rateable
    stops feedback
rework: reviewed -> assigned; hold none -> stays; by callback system; says rework_ordered
    if not_accused independent_caller dissatisfied reason_given
    stops feedback
    starts sign contact department_answer rework bad_rating_contact bad_rating_rectification
issue_link: reviewed -> stays; hold none -> stays; by callback enterprise; says rating_link_issued
issue_supplement_link: received -> stays; hold supplement -> stays; by callback clerk dispatcher; \
says supplement_link_issued
certify: reviewed -> stays; hold none -> stays; by leader; says certified
    if not_accused reason_given
close: reviewed -> closed; hold none -> stays; by dispatcher; says closed
    if not_accused heard_or_tried
    stops all
withdraw: open -> closed; hold any -> none; by enterprise; says withdrawn
    if reason_given not_retaliation
    stops all
terminate: open -> closed; hold any -> none; by dispatcher; says terminated
    if not_accused reason_given
    stops all
answer_petition: closed -> stays; hold none -> stays; by dispatcher; says petition_answered
    if not_accused redirected reason_given
    stops procedural_reply substantive_reply
reopen: closed -> stays; hold none -> stays; by enterprise supervisor; says reopened
    if reason_given reopenable
    stops objection
supervise: open -> stays; hold any -> stays; by supervisor system; says supervised
    if not_accused reason_given
    starts supervision_answer
answer_supervision: open -> stays; hold any -> stays; by head officer; says supervision_answered
    if own_assignment reason_given
    stops supervision_answer
attach: open -> stays; hold any -> stays; by clerk dispatcher enterprise head officer; says attached
    if handling
detach: received -> stays; hold any -> stays; by clerk dispatcher enterprise head officer; says detached
release_attachment: open -> stays; hold any -> stays; by dispatcher; says attachment_released
    if releasable
"""
BLOCKS = dict(block.split(":", 1) for block in TABLE.strip().replace("\n    ", "\t").split("\n"))
OPEN = "received assigned resolved reviewed"
EFFECTS = ("stops", "pauses", "resumes", "starts", "revives")
BY_ACTION = {row.action: row for row in TRANSITIONS}
OFFERED = [name for name in BLOCKS if name not in ("file", "absorb")]
PLACES = list(product(AppealStatus, Hold))


def written(row: Transition) -> str:
    """Write a row as the table above has it."""
    holds = "any" if row.holds == set(Hold) else in_order(row.holds, Hold)
    places = in_order(row.from_, AppealStatus).replace(OPEN, "open")
    first = (
        f" {places} -> {row.to or 'stays'}; hold {holds} -> {row.to_hold or 'stays'}; "
        f"by {' '.join(sorted(row.by))}; says {row.announces.removeprefix('appeal.')}"
    )
    return "\t".join([first, *lines_below(row)])


def lines_below(row: Transition) -> Iterator[str]:
    if row.guards:
        yield f"if {' '.join(guard.__name__ for guard in row.guards)}"
    for effect in EFFECTS:
        if kinds := getattr(row, effect):
            yield f"{effect} {clocks(kinds)}"


def clocks(kinds: frozenset[ClockKind]) -> str:
    left_out = in_order(set(ClockKind) - kinds, ClockKind)
    if not left_out:
        return "all"
    return in_order(kinds, ClockKind) if len(kinds) <= 12 else f"all but {left_out}"


def in_order(chosen: Iterable[str], names: Iterable[str]) -> str:
    wanted = set(chosen)
    return " ".join(name for name in names if name in wanted)


def fits(action: str, status: str, hold: str) -> bool:
    """Read from the text above whether an action exists in this place."""
    place, holds, *_ = BLOCKS[action].split("; ")
    in_status = status in place.split(" -> ")[0].replace("open", OPEN).split()
    return in_status and (holds.startswith("hold any ") or hold in holds.split(" -> ")[0].split()[1:])


def roles(action: str) -> set[str]:
    return set(BLOCKS[action].split("; ")[2].removeprefix("by ").split())


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.action.value)
def test_the_row_says_what_is_written_here(row: Transition) -> None:
    assert written(row).split("\t") == BLOCKS[row.action].split("\t")


def test_nothing_is_written_here_that_the_table_does_not_have() -> None:
    assert list(BLOCKS) == [row.action.value for row in TRANSITIONS]


@pytest.mark.parametrize("role", Role)
def test_what_is_offered_is_what_the_role_may_do_from_here(role: Role) -> None:
    for status, hold in PLACES:
        expected = [name for name in OFFERED if fits(name, status, hold) and role in roles(name)]
        assert list(allowed_actions(a_case(status=status, hold=hold), somebody(role))) == expected, (status, hold)


def test_somebody_with_two_roles_is_offered_the_moves_of_both() -> None:
    case = a_case(status=AppealStatus.REVIEWED)
    both = somebody(roles=frozenset({Role.DISPATCHER, Role.CALLBACK}))
    assert set(allowed_actions(case, both)) == {
        "close", "terminate", "visit", "rework", "issue_link", "attach", "release_attachment",
    }  # fmt: skip


@pytest.mark.parametrize("action", AppealAction)
def test_a_role_that_the_row_does_not_name_is_told_whose_move_it_is(action: AppealAction) -> None:
    with pytest.raises(NotAllowed) as refusal:
        find_transition(action, a_case(), an_attempt(somebody(Role.AUDITOR)))
    assert refusal.value.code == "role-not-allowed"
    assert all(ROLE_NAMES[role] in refusal.value.message for role in BY_ACTION[action].by)


@pytest.mark.parametrize("action", [action for action in AppealAction if action is not AppealAction.FILE])
def test_a_move_out_of_place_is_refused_with_the_moves_that_there_are(action: AppealAction) -> None:
    actor = somebody(min(BY_ACTION[action].by))
    for status, hold in (place for place in PLACES if not fits(action, *place)):
        case = a_case(status=status, hold=hold)
        with pytest.raises(ActionNotPossible) as refusal:
            find_transition(action, case, an_attempt(actor))
        assert refusal.value.allowed == allowed_actions(case, actor)


def test_an_appeal_is_filed_once() -> None:
    attempt = an_attempt(somebody(Role.CLERK))
    assert find_transition(AppealAction.FILE, a_case(event_count=0), attempt).action is AppealAction.FILE
    with pytest.raises(ActionNotPossible):
        find_transition(AppealAction.FILE, a_case(), attempt)


def test_role_and_place_are_looked_at_before_any_guard() -> None:
    accused = a_case(accused_department="economy", status=AppealStatus.CLOSED)
    with pytest.raises(ActionNotPossible):
        find_transition(AppealAction.REFUSE, accused, an_attempt(somebody(department="economy")))


def test_guards_are_asked_in_their_order() -> None:
    accused = a_case(accused_department="economy")
    with pytest.raises(NotAllowed, match="被反映单位"):
        find_transition(AppealAction.REFUSE, accused, an_attempt(somebody(department="economy"), reason=""))
