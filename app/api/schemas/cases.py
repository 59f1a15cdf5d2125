"""What the service answers about one appeal: where it stands, what runs, who owes what next."""

from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from app.api.schemas.base import Instant, Output, example
from app.domain.anonymity import COPY_MISSING
from app.domain.appeal import (
    HOLD_NAMES,
    OUTCOME_NAMES,
    STATUS_NAMES,
    Appeal,
    AppealKind,
    AppealStatus,
    Assignment,
    AssignmentPart,
    Hold,
    Outcome,
)
from app.domain.case import Case, Clock, ClockState
from app.domain.clause import Clause
from app.domain.clock import Due, Lamp, lamp, warn_at
from app.domain.clock_kind import CLOCK_NAMES, ClockKind
from app.domain.confidence import is_hidden
from app.domain.former_due import Cause
from app.domain.lifecycle import allowed_actions
from app.domain.policy import Level
from app.domain.roles import DEPARTMENT_ROLES, ROLE_NAMES, Actor, Role
from app.domain.supervision import owner_of
from app.domain.verdict import Verdict

CLOCK_EXAMPLE = {
    "id": "019abc00-0000-7000-8000-000000000001",
    "kind": "handling",
    "name": "办结",
    "round": 1,
    "limit": "5 WD",
    "limit_text": "5个工作日",
    "started_at": "2026-11-16T01:30:00Z",
    "due_day": "2026-11-23",
    "due_at": "2026-11-23T16:00:00Z",
    "original_due_at": "2026-11-23T16:00:00Z",
    "provisional": False,
    "state": "running",
    "stopped_at": None,
    "late": False,
    "lamp": "yellow",
    "owner": "officer",
    "owner_name": "承办单位经办人",
    "owner_department": "economy",
    "clause": "葛店开发区《关于以市场主体需求为导向打造一流营商环境的实施方案》第53条",
    "mark": "demanded",
    "extensions": [],
    "pauses": [],
    "calendar_version": "CN-2026-1a2b3c4d",
    "verdict": None,
    "late_by": None,
    "former_dues": [],
}
CASE_EXAMPLE = {
    "number": "GD-20261116-000123",
    "jurisdiction": "gedian",
    "title": "免申即享补贴未到账",
    "kind": "complaint",
    "category": "02",
    "status": "assigned",
    "status_name": "已交办",
    "hold": "none",
    "hold_name": "正常",
    "level": "ordinary",
    "round": 1,
    "outcome": None,
    "outcome_name": None,
    "result_type": None,
    "lead_department": "economy",
    "received_at": "2026-11-16T01:30:00Z",
    "due_at": "2026-11-23T16:00:00Z",
    "due_day": "2026-11-23",
    "late": False,
    "provisional": False,
    "overdue": False,
    "supervised": False,
    "rung": None,
    "petition": False,
    "track": None,
    "track_name": None,
    "confidential": False,
    "closed_at": None,
    "version": 2,
    "clocks": [CLOCK_EXAMPLE],
    "assignments": [],
    "owed": [CLOCK_EXAMPLE],
    "allowed": ["sign", "return", "contact"],
}


class FormerDueOut(Output):
    """A due date that held until an instant, under a calendar version, and why another took its place."""

    until: Instant
    due_at: Instant
    provisional: bool
    calendar_version: str
    cause: Cause


class ClockOut(Output):
    """One running promise: how long, until when, by which clause, and whether it is broken."""

    model_config = example(**CLOCK_EXAMPLE)

    id: UUID
    kind: ClockKind
    name: str
    round: int
    limit: str
    limit_text: str
    started_at: Instant
    due_day: date
    due_at: Instant
    original_due_at: Instant | None
    provisional: bool
    state: ClockState
    stopped_at: Instant | None
    late: bool
    lamp: Lamp
    owner: Role
    owner_name: str
    owner_department: str | None
    clause: str
    mark: str
    extensions: list[str]
    pauses: list[tuple[Instant, Instant | None]]
    calendar_version: str
    verdict: Verdict | None
    late_by: int | None
    former_dues: list[FormerDueOut]


class AssignmentOut(Output):
    """One department's charge of the appeal."""

    id: UUID
    round: int
    department: str
    department_name: str
    part: AssignmentPart
    assigned_at: Instant
    due_at: Instant | None
    designated: bool
    signed_at: Instant | None
    signed_late: bool
    contacted_at: Instant | None
    return_pending: bool
    proposed_department: str | None
    finished_at: Instant | None
    ended_at: Instant | None


class CaseOut(Output):
    """Where an appeal stands after a move. `owed` answers who owes what next, what is due first comes first."""

    model_config = example(**CASE_EXAMPLE)

    number: str
    jurisdiction: str
    title: str
    kind: AppealKind
    category: str
    status: AppealStatus
    status_name: str
    hold: Hold
    hold_name: str
    level: Level
    round: int
    outcome: Outcome | None
    outcome_name: str | None
    result_type: Outcome | None
    lead_department: str | None
    received_at: Instant
    due_at: Instant | None
    due_day: date | None
    late: bool
    provisional: bool
    overdue: bool
    supervised: bool
    rung: int | None
    petition: bool
    track: str | None
    track_name: str | None
    confidential: bool
    closed_at: Instant | None
    version: int
    clocks: list[ClockOut]
    assignments: list[AssignmentOut]
    owed: list[ClockOut]
    allowed: list[str]


def case_values(case: Case, *, actor: Actor, now: datetime) -> dict[str, object]:
    """Return the fields of `CaseOut` for a case at an instant."""
    appeal = case.appeal
    clocks = [clock_out(clock, case, now=now) for clock in case.clocks]
    owed = sorted((one for one in clocks if one.state is not ClockState.STOPPED), key=lambda one: one.due_at)
    main = case.main_clock()
    return {
        **{name: getattr(appeal, name) for name in CaseOut.model_fields if hasattr(appeal, name)},
        "title": title_for(appeal, actor),
        "status_name": STATUS_NAMES[appeal.status],
        "hold_name": HOLD_NAMES[appeal.hold],
        "outcome_name": None if appeal.outcome is None else OUTCOME_NAMES[appeal.outcome],
        "track_name": case.policy.track(appeal.track).name if appeal.track else None,
        "late": main is not None and main.is_late(now),
        "clocks": clocks,
        "assignments": [_assignment_out(one, case) for one in case.assignments if _shown(one, actor)],
        "owed": owed,
        "allowed": list(allowed_actions(case, actor)),
    }


def title_for(appeal: Appeal, actor: Actor) -> str:
    """Return the title as its reader may see it."""
    return (appeal.anonymised_title or COPY_MISSING) if is_hidden(appeal, actor) else appeal.title


def case_out(case: Case, *, actor: Actor, now: datetime) -> CaseOut:
    """Return a case as it is answered after a move."""
    return CaseOut.model_validate(case_values(case, actor=actor, now=now))


def clock_out(clock: Clock, case: Case, *, now: datetime) -> ClockOut:
    """Return a clock with its clause and whether it is late at an instant."""
    _, clause = case.policy.limit_for(clock.kind, level=case.appeal.level, track=case.appeal.track)
    assignment = case.assignment(clock.assignment_id)
    owner = owner_of(clock.kind)
    department = assignment.department if assignment else case.appeal.lead_department
    return ClockOut(
        id=clock.id,
        kind=clock.kind,
        name=CLOCK_NAMES[clock.kind],
        round=clock.round,
        limit=str(clock.limit),
        limit_text=clock.limit.chinese,
        started_at=clock.started_at,
        due_day=clock.due_day,
        due_at=clock.due_at,
        original_due_at=clock.original_due_at,
        provisional=clock.provisional,
        state=clock.state,
        stopped_at=clock.stopped_at,
        late=clock.is_late(now),
        lamp=_lamp(clock, case, now),
        owner=owner,
        owner_name=ROLE_NAMES[owner],
        owner_department=department if owner in DEPARTMENT_ROLES else None,
        clause=_cited(clause),
        mark=clause.mark,
        extensions=[str(length) for length in clock.extensions],
        pauses=[(pause.started_at, pause.ended_at) for pause in clock.pauses],
        calendar_version=clock.calendar_version,
        verdict=clock.verdict,
        late_by=clock.late_by,
        former_dues=[FormerDueOut.model_validate(due, from_attributes=True) for due in clock.former_dues],
    )


@lru_cache(maxsize=4096)
def _cited(clause: Clause) -> str:
    """A clause is cited in every answer and never changes."""
    return clause.chinese


def _lamp(clock: Clock, case: Case, now: datetime) -> Lamp:
    due = Due(day=clock.due_day, at=clock.due_at, provisional=clock.provisional)
    return lamp(
        clock.due_at,
        provisional=clock.provisional,
        warn_at=warn_at(due, clock.started_at, case.calendar),
        stopped_at=clock.halted_at,
        now=now,
    )


def _shown(assignment: Assignment, actor: Actor) -> bool:
    """A department sees its own charge and the lead's, not what others have handed back."""
    if not actor.has(*DEPARTMENT_ROLES):
        return True
    return assignment.department == actor.department or assignment.is_active


def _assignment_out(assignment: Assignment, case: Case) -> AssignmentOut:
    known = case.policy.departments.get(assignment.department)
    return AssignmentOut(
        department_name=known.name if known else assignment.department,
        **{name: getattr(assignment, name) for name in AssignmentOut.model_fields if name != "department_name"},
    )
