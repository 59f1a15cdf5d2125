"""Holding an appeal back: suspending and shelving."""

from datetime import date, datetime
from decimal import Decimal

from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.clock import office_day
from app.domain.clock_kind import ClockKind
from app.domain.errors import Fault, Invalid
from app.domain.limit import Limit, Unit
from app.domain.roles import Actor
from app.services.office import Work
from app.services.transitions import Move, advance


def suspend(work: Work, case: Case, *, cause_code: str, evidence: str, actor: Actor, now: datetime) -> Case:
    """Suspend an appeal for a listed cause, with evidence; days used up stay used up."""
    cause = case.policy.suspension_cause(cause_code)
    if not evidence.strip():
        raise Invalid("暂停须附依据材料。", Fault("evidence", "请写明材料名称、文号或取得方式"))
    payload = {"cause": cause.code, "cause_name": cause.name, "evidence": evidence}
    return advance(
        work, case, AppealAction.SUSPEND, Move(given=Given(reason=cause.name), payload=payload), actor=actor, now=now
    )


def resume(work: Work, case: Case, *, evidence: str, actor: Actor, now: datetime) -> Case:
    """Let a suspended appeal go on; the rest of its limit is counted from today."""
    return advance(work, case, AppealAction.RESUME, Move(payload={"evidence": evidence}), actor=actor, now=now)


def shelve(work: Work, case: Case, *, plan: str, milestone_on: date, reason: str, actor: Actor, now: datetime) -> Case:
    """Put a historic or policy-bound appeal on the long track: a plan with milestones, visible in every figure."""
    ahead = max(1, (milestone_on - office_day(now)).days)
    limit = Limit(Decimal(ahead), Unit.DAY)
    given = Given(reason=reason, milestone_on=milestone_on, clock_kind=ClockKind.MILESTONE, limit=limit)
    payload = {"plan": plan, "milestone_on": milestone_on}
    return advance(work, case, AppealAction.SHELVE, Move(given=given, payload=payload), actor=actor, now=now)


def unshelve(work: Work, case: Case, *, reason: str, actor: Actor, now: datetime) -> Case:
    """Take an appeal off the long track; its limit runs on."""
    return advance(work, case, AppealAction.UNSHELVE, Move(given=Given(reason=reason)), actor=actor, now=now)
