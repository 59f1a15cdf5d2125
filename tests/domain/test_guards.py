"""Each guard lets the lawful move pass and refuses the other one, by a code that callers can rely on."""

from collections.abc import Iterable
from dataclasses import dataclass
from inspect import getmembers, isfunction

import pytest

from app.domain import guards as g
from app.domain import separation as s
from app.domain.appeal import AppealStatus, Heard, Outcome
from app.domain.case import Attempt, Case
from app.domain.clock_kind import ClockKind
from app.domain.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.domain.guards import Guard
from app.domain.lifecycle import TRANSITIONS
from app.domain.limit import Limit
from app.domain.policy import Level
from app.domain.roles import SYSTEM, Role
from tests.domain.cases import (
    APPEAL,
    APPROVER,
    LEAD,
    MASTER,
    REVIEWER,
    RIVAL,
    SOMEBODY,
    SUPPORT,
    WRITER,
    a_case,
    a_clock,
    a_lead,
    a_reply,
    a_support,
    an_appeal,
    an_attempt,
    at,
    day,
    somebody,
)


@dataclass(frozen=True)
class Row:
    """One try at one guard; without a code it passes."""

    guard: Guard
    why: str
    case: Case
    attempt: Attempt
    refused: tuple[type[DomainError], str] | None = None


OFFICER = somebody(Role.OFFICER, department="economy")
ECONOMIST = somebody(Role.REVIEWER, department="economy")
ENTERPRISE = somebody(Role.ENTERPRISE)
SUPERVISOR = somebody(Role.SUPERVISOR)
RUNNING = a_clock()
"""Handling, due with the end of Monday 2026-03-09."""
SUPPLEMENT = a_clock(ClockKind.SUPPLEMENT)
OVER_THE_YEAR = a_clock(ClockKind.SUPPLEMENT, start="2026-12-30 09:30")
PENDING = a_lead(return_requested_at=at("2026-03-02 16:00"))
CLOSED = {"status": AppealStatus.CLOSED, "closed_at": at("2026-03-10 10:00")}
MASTER_APPEAL = an_appeal(id=MASTER, enterprise_id=RIVAL, accused_department="economy")
THREE_DAYS = [day("2026-03-04"), day("2026-03-05"), day("2026-03-06")]


def passes(guard: Guard, why: str, case: Case, attempt: Attempt) -> Row:
    return Row(guard, why, case, attempt)


def refuses(guard: Guard, why: str, case: Case, attempt: Attempt, kind: type[DomainError], code: str) -> Row:
    return Row(guard, why, case, attempt, (kind, code))


def heard(*days: str, **word: bool | None) -> Heard:
    return Heard(attempt_days=frozenset(map(day, days)), heard=bool(word), **word)


def of_reasons_and_departments() -> Iterable[Row]:
    case, accused = a_case(), a_case(accused_department="economy")
    yield passes(g.reason_given, "a sentence", case, an_attempt(reason="另有规定"))
    yield refuses(g.reason_given, "nothing", case, an_attempt(), Invalid, "invalid")
    yield refuses(g.reason_given, "blanks, also the wide one", case, an_attempt(reason=" \u3000\n"), Invalid, "invalid")
    yield passes(s.not_accused, "nobody is accused", case, an_attempt(ECONOMIST))
    yield passes(s.not_accused, "somebody of no department", accused, an_attempt())
    yield passes(s.not_accused, "another department", accused, an_attempt(somebody(department="finance")))
    yield refuses(s.not_accused, "itself", accused, an_attempt(ECONOMIST), NotAllowed, "accused-department")


def of_supplements() -> Iterable[Row]:
    case = a_case(SUPPLEMENT)
    reminded = {"reminder_delivered": True}
    yield passes(g.supplement_once, "the first time", a_case(), an_attempt())
    yield refuses(g.supplement_once, "the second time", a_case(supplement_requested=True), an_attempt(), Conflict,
                  "supplement-already-requested")  # fmt: skip
    yield passes(g.supplement_lapsed, "at the exclusive bound", case, an_attempt(when="2026-03-10", **reminded))
    yield refuses(g.supplement_lapsed, "one microsecond before", case,
                  an_attempt(when="2026-03-09 23:59:59.999999", **reminded), Conflict,
                  "supplement-still-running")  # fmt: skip
    yield refuses(g.supplement_lapsed, "nobody was reminded", case, an_attempt(when="2026-03-10"), Conflict,
                  "reminder-not-delivered")  # fmt: skip
    yield refuses(g.supplement_lapsed, "no supplement runs", a_case(), an_attempt(when="2026-03-10", **reminded),
                  Conflict, "supplement-still-running")  # fmt: skip
    yield refuses(g.supplement_lapsed, "the due day is only projected", a_case(OVER_THE_YEAR),
                  an_attempt(when="2027-03-10", **reminded), Conflict, "supplement-still-running")  # fmt: skip


def of_mergers() -> Iterable[Row]:
    case = a_case(accused_department="economy")
    ours = an_appeal(id=MASTER, category="01")
    yield passes(g.master_fits, "the same enterprise, whatever the matter", case, an_attempt(master=ours))
    yield passes(g.master_fits, "another's, the same matter and accused", case, an_attempt(master=MASTER_APPEAL))
    for why, master in (
        ("no master", None),
        ("itself", an_appeal(id=APPEAL)),
        ("another jurisdiction", an_appeal(id=MASTER, jurisdiction="jingmen")),
    ):
        yield refuses(g.master_fits, why, case, an_attempt(master=master), Invalid, "invalid")
    for status in (AppealStatus.RESOLVED, AppealStatus.REVIEWED, AppealStatus.CLOSED):
        master = an_appeal(id=MASTER, status=status)
        yield refuses(g.master_fits, f"{status} master", case, an_attempt(master=master), Conflict, "master-not-open")
    yield refuses(g.master_fits, "a master itself", case, an_attempt(master=ours, is_master=True), Conflict,
                  "is-a-master")  # fmt: skip
    other = an_appeal(id=MASTER, enterprise_id=RIVAL, category="01", accused_department="economy")
    yield refuses(g.master_fits, "another matter", case, an_attempt(master=other), Conflict, "not-the-same-matter")
    other = an_appeal(id=MASTER, enterprise_id=RIVAL, accused_department="finance")
    yield refuses(g.master_fits, "another accused", case, an_attempt(master=other), Conflict, "not-the-same-matter")


def of_separations() -> Iterable[Row]:
    merged = a_case(outcome=Outcome.MERGED, **CLOSED)
    yield passes(g.is_merged, "its master is being handled", merged, an_attempt(master=an_appeal(id=MASTER)))
    yield refuses(g.is_merged, "closed otherwise", a_case(outcome=Outcome.REFUSED, **CLOSED), an_attempt(), Conflict,
                  "not-merged")  # fmt: skip
    resolved = an_appeal(id=MASTER, status=AppealStatus.RESOLVED)
    yield refuses(g.is_merged, "its master is answered", merged, an_attempt(master=resolved), Conflict,
                  "master-not-open")  # fmt: skip


def of_assignments() -> Iterable[Row]:
    case = a_case(a_lead(), a_support())
    lead, support = {"assignment_id": LEAD}, {"assignment_id": SUPPORT}
    ended = a_case(a_lead(ended_at=at("2026-03-03")))
    yield passes(g.own_assignment, "its own", case, an_attempt(OFFICER, **lead))
    yield passes(g.own_assignment, "the dispatching office rules on any", case, an_attempt(**support))
    yield passes(g.own_assignment, "the system signs for any", case, an_attempt(SYSTEM, **support))
    yield refuses(g.own_assignment, "another's", case, an_attempt(OFFICER, **support), NotFound, "not-found")
    yield refuses(g.own_assignment, "none", case, an_attempt(OFFICER), NotFound, "not-found")
    yield refuses(g.own_assignment, "over", ended, an_attempt(OFFICER, **lead), Conflict, "assignment-ended")
    yield passes(g.lead_assignment, "the lead", case, an_attempt(**lead))
    yield refuses(g.lead_assignment, "a support", case, an_attempt(**support), Conflict, "not-the-lead")
    yield refuses(g.lead_assignment, "none", case, an_attempt(), Conflict, "not-the-lead")
    yield passes(g.supporting, "a support", case, an_attempt(**support))
    yield refuses(g.supporting, "the lead", case, an_attempt(**lead), Conflict, "not-a-support")
    done = a_case(a_support(finished_at=at("2026-03-03")))
    yield refuses(g.supporting, "done already", done, an_attempt(**support), Conflict, "support-already-finished")
    yield passes(g.unsigned, "not yet signed", case, an_attempt(**lead))
    signed = a_case(a_lead(signed_at=at("2026-03-02 10:00")))
    yield refuses(g.unsigned, "signed", signed, an_attempt(**lead), Conflict, "already-signed")


def of_returns() -> Iterable[Row]:
    case, pending, lead = a_case(a_lead()), a_case(PENDING), {"assignment_id": LEAD}
    last = an_attempt(when="2026-03-03 23:59:59.999999", **lead)
    yield passes(g.returnable, "in the last instant of the window", case, last)
    yield refuses(g.returnable, "the window is over", case, an_attempt(when="2026-03-04", **lead), Conflict,
                  "return-window-over")  # fmt: skip
    for why, one in (
        ("the assignment", a_case(a_lead(designated=True))),
        ("the appeal", a_case(a_lead(), designated=True)),
    ):
        yield refuses(g.returnable, f"{why} was designated", one, last, Conflict, "designated")
    yield refuses(g.returnable, "asked already", pending, last, Conflict, "return-pending")
    yield passes(g.return_pending, "asked", pending, last)
    yield refuses(g.return_pending, "never asked", case, last, Conflict, "no-return-pending")
    yield passes(g.no_return_pending, "never asked", case, last)
    yield refuses(g.no_return_pending, "asked", pending, last, Conflict, "return-pending")
    ended = a_case(a_lead(return_requested_at=at("2026-03-02 16:00"), ended_at=at("2026-03-03")))
    yield passes(g.no_return_pending, "asked, and ended since", ended, last)
    yield passes(g.other_department, "a third one", case, an_attempt(department="finance"))
    yield refuses(g.other_department, "the one that has it", case, an_attempt(department="economy"), Invalid, "invalid")
    yield refuses(g.other_department, "nobody", case, an_attempt(), Invalid, "invalid")


def of_extensions() -> Iterable[Row]:
    five, case = {"extension": Limit.parse("5 WD")}, a_case(RUNNING)
    guard = g.extension_askable
    yield passes(guard, "one working day before, over a weekend", case, an_attempt(when="2026-03-08 23:59", **five))
    yield refuses(guard, "on the last day", case, an_attempt(when="2026-03-09", **five), Conflict, "extension-too-late")
    asked, used = a_case(RUNNING, extension_asked="5 WD"), a_case(RUNNING, extension_count=1)
    yield refuses(guard, "asked already", asked, an_attempt(**five), Conflict, "extension-pending")
    yield refuses(guard, "used up", used, an_attempt(**five), Conflict, "no-extension-left")
    stubborn = a_case(RUNNING, extension_count=1, level=Level.STUBBORN)
    yield passes(guard, "stubborn matters may ask twice", stubborn, an_attempt(extension=Limit.parse("10 WD")))
    yield refuses(guard, "no clock runs", a_case(), an_attempt(**five), Conflict, "extension-too-late")
    for why, length in (("too long", "6 WD"), ("another unit", "5 d")):
        yield refuses(guard, why, case, an_attempt(extension=Limit.parse(length)), Invalid, "invalid")
    yield refuses(guard, "no length", case, an_attempt(), Invalid, "invalid")
    yield passes(g.extension_pending, "asked", asked, an_attempt())
    yield refuses(g.extension_pending, "never asked", case, an_attempt(), Conflict, "no-extension-pending")


def of_limits() -> Iterable[Row]:
    case, late = a_case(RUNNING), an_attempt(when="2026-03-10")
    last = an_attempt(when="2026-03-09 23:59:59.999999")
    yield passes(g.not_yet_due, "one microsecond before", case, last)
    yield refuses(g.not_yet_due, "at the exclusive bound", case, late, Conflict, "already-due")
    yield refuses(g.not_yet_due, "no clock runs", a_case(), last, Conflict, "already-due")
    for level, ok in (("ordinary", False), ("difficult", True), ("stubborn", True), ("easy", False), (None, False)):
        attempt = an_attempt(level=level)
        if ok:
            yield passes(g.raises_level, f"ordinary to {level}", case, attempt)
        else:
            yield refuses(g.raises_level, f"ordinary to {level}", case, attempt, Invalid, "invalid")
    hard = a_case(RUNNING, level=Level.STUBBORN)
    yield refuses(g.raises_level, "back", hard, an_attempt(level="difficult"), Invalid, "invalid")
    yield passes(g.graded_in_time, "the level stays, even late", case, late)
    yield passes(g.graded_in_time, "raised before due", case, an_attempt(level="difficult"))
    yield refuses(g.graded_in_time, "raised when late", case, an_attempt(level="difficult", when="2026-03-10"),
                  Conflict, "already-due")  # fmt: skip
    yield refuses(g.graded_in_time, "lowered", hard, an_attempt(level="ordinary"), Invalid, "invalid")


def of_plans() -> Iterable[Row]:
    """One month from Tuesday 2026-03-03 ends with Friday 2026-04-03."""
    for milestone, ok in (("2026-03-04", True), ("2026-04-03", True), ("2026-04-04", False), ("2026-03-03", False)):
        attempt = an_attempt(milestone_on=day(milestone))
        if ok:
            yield passes(g.plan_given, milestone, a_case(), attempt)
        else:
            yield refuses(g.plan_given, milestone, a_case(), attempt, Invalid, "invalid")
    yield refuses(g.plan_given, "no milestone", a_case(), an_attempt(), Invalid, "invalid")


def of_answers() -> Iterable[Row]:
    contacted = a_case(a_lead(contacted_at=at("2026-03-02 10:00")))
    yield passes(g.contacted, "spoken to", contacted, an_attempt())
    yield refuses(g.contacted, "never", a_case(a_lead()), an_attempt(), Conflict, "enterprise-not-contacted")
    by_support = a_case(a_lead(), a_support(contacted_at=at("2026-03-02 10:00")))
    yield refuses(g.contacted, "by a support only", by_support, an_attempt(), Conflict, "enterprise-not-contacted")
    yield passes(g.supports_finished, "there are none", a_case(a_lead()), an_attempt())
    done, gone = a_support(finished_at=at("2026-03-03")), a_support(ended_at=at("2026-03-03"))
    yield passes(g.supports_finished, "done", a_case(a_lead(), done), an_attempt())
    yield passes(g.supports_finished, "passed on", a_case(a_lead(), gone), an_attempt())
    yield refuses(g.supports_finished, "open", a_case(a_lead(), a_support()), an_attempt(), Conflict, "supports-open")


def of_four_eyes() -> Iterable[Row]:
    guard, case = s.four_eyes, a_case()
    again = a_case(round=2, rework_count=1, last_approver_id=SOMEBODY)
    sent_back = a_case(round=2, last_approver_id=SOMEBODY)
    yield passes(guard, "another writer", case, an_attempt(reply=a_reply()))
    yield passes(guard, "sent back by the reviewer: the same approver", sent_back, an_attempt(reply=a_reply(round=2)))
    yield refuses(guard, "no reply", case, an_attempt(), Conflict, "no-reply-to-approve")
    yield refuses(guard, "of the last round", again, an_attempt(reply=a_reply()), Conflict, "no-reply-to-approve")
    approved = a_reply(approved_at=at("2026-03-03"))
    yield refuses(guard, "approved", case, an_attempt(reply=approved), Conflict, "reply-already-approved")
    own = a_reply(writer_id=SOMEBODY)
    yield refuses(guard, "one's own", case, an_attempt(reply=own), NotAllowed, "writer-is-approver")
    yield refuses(guard, "approved the failed one", again, an_attempt(reply=a_reply(round=2)), NotAllowed,
                  "same-approver-after-rework")  # fmt: skip


def of_reviews() -> Iterable[Row]:
    guard, case = s.independent_reviewer, a_case(a_lead(ended_at=at("2026-03-03")))
    reply = a_reply(approver_id=APPROVER)
    yield passes(guard, "neither", case, an_attempt(reply=reply))
    yield passes(guard, "a department without part in it", case, an_attempt(somebody(department="tax"), reply=reply))
    for why, person in (("writer", WRITER), ("approver", APPROVER)):
        yield refuses(guard, why, case, an_attempt(somebody(id=person), reply=reply), NotAllowed, "reviewer-is-handler")
    yield refuses(guard, "of a department that had it once", case, an_attempt(ECONOMIST, reply=reply), NotAllowed,
                  "reviewer-is-handler")  # fmt: skip


def of_callers() -> Iterable[Row]:
    guard, case = s.independent_caller, a_case(a_lead(ended_at=at("2026-03-03")))
    reply = a_reply(approver_id=APPROVER, reviewer_id=REVIEWER)
    yield passes(guard, "none of them", case, an_attempt(reply=reply))
    yield passes(guard, "nothing was answered", case, an_attempt())
    for why, person in (("writer", WRITER), ("approver", APPROVER), ("reviewer", REVIEWER)):
        yield refuses(guard, why, case, an_attempt(somebody(id=person), reply=reply), NotAllowed, "caller-is-handler")
    yield refuses(guard, "of a handling department", case, an_attempt(ECONOMIST, reply=reply), NotAllowed,
                  "caller-is-handler")  # fmt: skip


def of_the_enterprise() -> Iterable[Row]:
    case, merged = a_case(), a_case(outcome=Outcome.MERGED, **CLOSED)
    for why, word in (
        ("dissatisfied", heard(satisfied=False, solved=True)),
        ("unsolved", heard(solved=False, satisfied=True)),
    ):
        yield passes(g.dissatisfied, why, case, an_attempt(heard=word))
        yield refuses(g.heard_or_tried, why, case, an_attempt(heard=word), Conflict, "enterprise-dissatisfied")
        yield passes(g.heard_or_tried, f"{why}, certified", a_case(certified=True), an_attempt(heard=word))
    yield refuses(g.dissatisfied, "silence", case, an_attempt(heard=heard()), Conflict, "not-dissatisfied")
    content = heard(satisfied=True, solved=True)
    yield refuses(g.dissatisfied, "content", case, an_attempt(heard=content), Conflict, "not-dissatisfied")
    yield passes(g.heard_or_tried, "content", case, an_attempt(heard=content))
    yield passes(g.rateable, "open", case, an_attempt())
    yield passes(g.rateable, "merged", merged, an_attempt())
    yield refuses(g.rateable, "struck off", a_case(outcome=Outcome.SOLVED, **CLOSED), an_attempt(), Conflict,
                  "already-closed")  # fmt: skip


def of_silence() -> Iterable[Row]:
    guard, case = g.heard_or_tried, a_case()
    tries = ["2026-03-04", "2026-03-05", "2026-03-06"]
    yield passes(guard, "three working days", case, an_attempt(heard=heard(*tries)))
    yield refuses(guard, "two", case, an_attempt(heard=heard(*tries[:2])), Conflict, "enterprise-not-heard")
    for third, ok in (("2026-03-07", False), ("2026-02-28", True)):
        attempt = an_attempt(heard=heard(*tries[:2], third))
        if ok:
            yield passes(guard, "the third on a make-up Saturday", case, attempt)
        else:
            yield refuses(guard, "the third on a Saturday", case, attempt, Conflict, "enterprise-not-heard")
    yield refuses(guard, "nothing at all", case, an_attempt(), Conflict, "enterprise-not-heard")


def of_endings() -> Iterable[Row]:
    guard = g.not_retaliation
    yield passes(guard, "supervised for something else", a_case(supervised=True), an_attempt())
    yield passes(guard, "retaliation, not supervised", a_case(retaliation=True), an_attempt())
    pressed = a_case(retaliation=True, supervised=True)
    yield refuses(guard, "under supervision", pressed, an_attempt(), Conflict, "retaliation-supervised")
    for outcome, petition, ok in (
        (Outcome.REDIRECTED, True, True),
        (Outcome.REDIRECTED, False, False),
        (Outcome.REFUSED, True, False),
    ):
        case, why = a_case(outcome=outcome, petition=petition, **CLOSED), f"{outcome}, petition: {petition}"
        if ok:
            yield passes(g.redirected, why, case, an_attempt())
        else:
            yield refuses(g.redirected, why, case, an_attempt(), Conflict, "not-a-redirected-petition")


def of_reopenings() -> Iterable[Row]:
    """Closed on 2026-03-10; thirty days end with 2026-04-09."""
    guard, case = g.reopenable, a_case(**CLOSED)
    last = {"when": "2026-04-09 23:59:59.999999"}
    yield passes(guard, "the enterprise in the last instant", case, an_attempt(ENTERPRISE, **last))
    yield refuses(guard, "the enterprise afterwards", case, an_attempt(ENTERPRISE, when="2026-04-10"), Conflict,
                  "reopen-window-over")  # fmt: skip
    yield refuses(guard, "the enterprise again", case, an_attempt(ENTERPRISE, reopened=True, **last), Conflict,
                  "already-reopened")  # fmt: skip
    yield passes(guard, "the supervisor years later", case, an_attempt(SUPERVISOR, when="2028-01-01", reopened=True))
    open_ = {"master": an_appeal(id=MASTER)}
    yield refuses(guard, "its master is open", case, an_attempt(ENTERPRISE, **last, **open_), Conflict,
                  "master-still-open")  # fmt: skip
    yield refuses(guard, "its master is open, also for the supervisor", case, an_attempt(SUPERVISOR, **last, **open_),
                  Conflict, "master-still-open")  # fmt: skip


GROUPS = (
    of_reasons_and_departments,
    of_supplements,
    of_mergers,
    of_separations,
    of_assignments,
    of_returns,
    of_extensions,
    of_limits,
    of_plans,
    of_answers,
    of_four_eyes,
    of_reviews,
    of_callers,
    of_the_enterprise,
    of_silence,
    of_endings,
    of_reopenings,
)
ROWS = [row for group in GROUPS for row in group()]
GUARDS = {
    guard
    for module in (g, s)
    for name, guard in getmembers(module, isfunction)
    if guard.__module__ == module.__name__ and not name.startswith("_")
}


def name_of(row: Row) -> str:
    return f"{row.guard.__name__}: {row.why}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.refused is None], ids=name_of)
def test_the_guard_lets_it_pass(row: Row) -> None:
    row.guard(row.case, row.attempt)


@pytest.mark.parametrize("row", [row for row in ROWS if row.refused is not None], ids=name_of)
def test_the_guard_refuses(row: Row) -> None:
    with pytest.raises(DomainError) as refusal:
        row.guard(row.case, row.attempt)
    assert (type(refusal.value), refusal.value.code) == row.refused
    assert refusal.value.message.endswith("。")


@pytest.mark.parametrize("guard", sorted(GUARDS, key=lambda one: one.__name__), ids=lambda one: one.__name__)
def test_each_guard_is_tried_both_ways_and_stands_in_the_table(guard: Guard) -> None:
    assert {row.refused is None for row in ROWS if row.guard is guard} == {True, False}
    assert any(guard in row.guards for row in TRANSITIONS)


def test_a_refusal_counts_the_attempts_that_were_made() -> None:
    attempts = [*THREE_DAYS[:2], day("2026-03-07")]
    with pytest.raises(Conflict, match="已有2个"):
        g.heard_or_tried(a_case(), an_attempt(heard=Heard(attempt_days=frozenset(attempts))))


def test_open_supports_are_named_in_the_refusal() -> None:
    with pytest.raises(Conflict, match="财金局"):
        g.supports_finished(a_case(a_lead(), a_support()), an_attempt())
