"""The rungs of the supervision ladder as records."""

from datetime import datetime
from uuid import UUID

from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Clock, Given
from app.domain.clock_kind import ClockKind
from app.domain.roles import Actor
from app.domain.supervision import RUNG_NAMES, Rung
from app.services.office import Work
from app.services.transitions import Move, advance
from app.storage.ids import new_id


def raise_rung(
    work: Work, case: Case, rung: Rung, *, clock: Clock | None, reason: str, actor: Actor, now: datetime
) -> Case:
    """Issue a supervision order, or an escalation: a record with its own reply clock. No rung is ever lowered."""
    record_id = record_rung(work, case, rung, clock=clock, reason=reason, actor=actor, now=now)
    move = Move(
        given=Given(reason=reason),
        appeal={"supervised": True, "rung": max(rung, case.appeal.rung or 0)},
        payload={"rung": int(rung), "name": RUNG_NAMES[rung], "supervision_id": record_id},
    )
    after = advance(work, case, AppealAction.SUPERVISE, move, actor=actor, now=now)
    work.changes.update("supervision", record_id, {"answer_clock_id": _answer_clock(after).id})
    return after


def _answer_clock(case: Case) -> Clock:
    """Return the reply clock that was started last."""
    return [clock for clock in case.clocks if clock.kind is ClockKind.SUPERVISION_ANSWER][-1]


def record_rung(
    work: Work, case: Case, rung: Rung, *, clock: Clock | None, reason: str, actor: Actor, now: datetime
) -> UUID:
    """Keep one rung of the ladder; each due date of a clock reaches each rung at most once."""
    record_id = new_id(now)
    work.changes.insert(
        "supervision",
        {
            "id": record_id,
            "appeal_id": case.appeal.id,
            "clock_id": None if clock is None else clock.id,
            "due_at": None if clock is None else clock.due_at,
            "rung": int(rung),
            "reason": reason,
            "department": case.appeal.lead_department,
            "issuer_id": actor.id,
            "issued_at": now,
        },
    )
    return record_id
