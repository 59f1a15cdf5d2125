"""Giving an appeal into a department's charge, and what the department does with the charge itself."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.appeal import Assignment, AssignmentPart
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Clock, ClockState, Given
from app.domain.errors import NotFound
from app.domain.policy import Level
from app.domain.roles import Actor
from app.domain.routing import check_choice, suggest
from app.domain.turning import relimit
from app.services.office import Work
from app.services.transitions import Move, advance
from app.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class Order:
    """A dispatch order: which departments, how hard the matter is, and why the routing list was overruled."""

    lead: str | None = None
    supports: tuple[str, ...] = ()
    level: Level | None = None
    category: str | None = None
    opinion: str = ""
    reason: str = ""


def assign(
    work: Work, case: Case, order: Order, *, actor: Actor, now: datetime, recorded_at: datetime | None = None
) -> Case:
    """Give an appeal to one lead and any number of supporting departments; the due date is printed on the order."""
    category = order.category or case.appeal.category
    suggestion = suggest(case.policy, category=category, accused_department=case.appeal.accused_department)
    lead, supports = order.lead or suggestion.lead, order.supports or (() if order.lead else suggestion.supports)
    reason = order.reason if order.lead else order.reason or suggestion.reason
    check_choice(case.policy, category=category, lead=lead, supports=supports, reason=reason)
    added = [charge(case, lead, AssignmentPart.LEAD, now)]
    added += [charge(case, code, AssignmentPart.SUPPORT, now) for code in supports]
    level = order.level or case.appeal.level
    move = Move(
        given=Given(reason=order.reason, level=None if level is case.appeal.level else level),
        appeal={"lead_department": lead, "category": category, "level": level},
        added=added,
        opinion=order.opinion,
        clocks=_graded(case, level, now),
        payload={"lead": lead, "supports": list(supports), "level": level, "opinion": order.opinion},
        recorded_at=recorded_at,
    )
    return advance(work, case, AppealAction.ASSIGN, move, actor=actor, now=now)


def sign(work: Work, case: Case, assignment: Assignment, *, actor: Actor, now: datetime, late: bool = False) -> Case:
    """Sign for an assignment; `late` marks that the system had to sign because the limit was over."""
    signed = replace(assignment, signed_at=now, signed_late=late)
    move = Move(given=Given(assignment_id=assignment.id), changed=[signed], payload={"late": late, **named(assignment)})
    return advance(work, case, AppealAction.SIGN, move, actor=actor, now=now)


def record_contact(
    work: Work,
    case: Case,
    assignment: Assignment,
    *,
    way: str,
    note: str,
    actor: Actor,
    now: datetime,
    recorded_at: datetime | None = None,
) -> Case:
    """Record that the department has spoken to the enterprise."""
    contacted = replace(assignment, contacted_at=assignment.contacted_at or now)
    move = Move(
        given=Given(assignment_id=assignment.id),
        changed=[contacted],
        payload={"way": way, "note": note, **named(assignment)},
        recorded_at=recorded_at,
    )
    return advance(work, case, AppealAction.CONTACT, move, actor=actor, now=now)


def finish_support(work: Work, case: Case, assignment: Assignment, *, note: str, actor: Actor, now: datetime) -> Case:
    """Report a supporting department's part done to the lead."""
    finished = replace(assignment, finished_at=now, signed_at=assignment.signed_at or now)
    move = Move(
        given=Given(assignment_id=assignment.id), changed=[finished], payload={"note": note, **named(assignment)}
    )
    return advance(work, case, AppealAction.FINISH_SUPPORT, move, actor=actor, now=now)


def assignment_in(case: Case, assignment_id: object) -> Assignment:
    """Return one assignment of the case; `NotFound` if it has no such one."""
    found = next((one for one in case.assignments if one.id == assignment_id), None)
    if found is None:
        raise NotFound
    return found


def charge(case: Case, department: str, part: AssignmentPart, now: datetime) -> Assignment:
    """Return a new charge of an appeal for one department."""
    return Assignment(
        id=new_id(now),
        appeal_id=case.appeal.id,
        round=case.appeal.round,
        jurisdiction=case.appeal.jurisdiction,
        department=department,
        part=part,
        assigned_at=now,
        due_at=case.appeal.due_at,
    )


def _graded(case: Case, level: Level, now: datetime) -> list[Clock]:
    """A level chosen on dispatch changes the limit of the running clock, counted from the original start."""
    clock = case.main_clock()
    if level is case.appeal.level or clock is None or clock.state is not ClockState.RUNNING:
        return []
    limit, _ = case.policy.limit_for(clock.kind, level=level)
    return [relimit(clock, limit, case.calendar, now)]


def named(assignment: Assignment) -> dict[str, object]:
    """Return how the history names an assignment."""
    return {"department": assignment.department, "assignment_id": assignment.id}
