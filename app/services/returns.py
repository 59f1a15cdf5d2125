"""Handing an assignment back or on to another department."""

from dataclasses import replace
from datetime import datetime

from app.domain.appeal import Assignment, AssignmentPart
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.roles import Actor
from app.services.assignments import charge, named
from app.services.office import Work
from app.services.transitions import Move, advance

RETURNS_BEFORE_DESIGNATION = 2
"""After so many returns the department is designated by the dispatching office and may not return."""


def request_return(
    work: Work,
    case: Case,
    assignment: Assignment,
    *,
    reason: str,
    basis: str,
    proposed: str,
    actor: Actor,
    now: datetime,
) -> Case:
    """Ask to hand the assignment back, with basis and the department proposed; the enterprise's clock runs on."""
    case.policy.department(proposed)
    asked = replace(assignment, return_requested_at=now, proposed_department=proposed)
    move = Move(
        given=Given(assignment_id=assignment.id, reason=reason),
        changed=[asked],
        payload={"basis": basis, "proposed": proposed, **named(assignment)},
    )
    return advance(work, case, AppealAction.RETURN, move, actor=actor, now=now)


def uphold_return(
    work: Work, case: Case, assignment: Assignment, *, department: str | None, reason: str, actor: Actor, now: datetime
) -> Case:
    """Agree to a return: another department takes over; after two returns it is designated."""
    target = department or assignment.proposed_department
    returns = case.appeal.return_count + 1
    designated = returns >= RETURNS_BEFORE_DESIGNATION
    return _pass_on(
        work,
        case,
        assignment,
        AppealAction.UPHOLD_RETURN,
        department=target,
        reason=reason,
        attributes={"return_count": returns, "designated": designated},
        actor=actor,
        now=now,
    )


def deny_return(work: Work, case: Case, assignment: Assignment, *, reason: str, actor: Actor, now: datetime) -> Case:
    """Refuse a return: the same department is designated and goes on."""
    kept = replace(assignment, return_requested_at=None, designated=True)
    move = Move(given=Given(assignment_id=assignment.id, reason=reason), changed=[kept], payload=named(assignment))
    return advance(work, case, AppealAction.DENY_RETURN, move, actor=actor, now=now)


def transfer(
    work: Work, case: Case, assignment: Assignment, *, department: str, reason: str, actor: Actor, now: datetime
) -> Case:
    """Move an assignment to another department by the dispatcher's own decision."""
    return _pass_on(
        work,
        case,
        assignment,
        AppealAction.TRANSFER,
        department=department,
        reason=reason,
        attributes={},
        actor=actor,
        now=now,
    )


def _pass_on(
    work: Work,
    case: Case,
    assignment: Assignment,
    action: AppealAction,
    *,
    department: str | None,
    reason: str,
    attributes: dict[str, object],
    actor: Actor,
    now: datetime,
) -> Case:
    target = case.policy.department(department or "").code
    designated = bool(attributes.get("designated", case.appeal.designated))
    heir = replace(charge(case, target, assignment.part, now), designated=designated)
    lead = target if assignment.part is AssignmentPart.LEAD else case.appeal.lead_department
    move = Move(
        given=Given(assignment_id=assignment.id, reason=reason, department=target),
        appeal={"lead_department": lead, **attributes},
        changed=[replace(assignment, ended_at=now, passed_on=True)],
        added=[heir],
        payload={"from": assignment.department, "to": target, "designated": designated},
    )
    return advance(work, case, action, move, actor=actor, now=now)
