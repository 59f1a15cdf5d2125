"""A new round after a dissatisfied enterprise."""

from dataclasses import replace
from datetime import datetime

from app.domain.appeal import Assignment, AssignmentPart, Heard, ReplyFacts
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.roles import SYSTEM, Actor
from app.domain.supervision import Rung
from app.services.office import Work
from app.services.rungs import raise_rung
from app.services.transitions import Move, advance
from app.storage.ids import new_id
from app.storage.queries.feedback import heard_of
from app.storage.queries.replies import last_reply

REWORKS_BEFORE_ESCALATION = 2


async def rework_by_visit(work: Work, case: Case, *, reason: str, actor: Actor, now: datetime) -> Case:
    """Order a rework on what a return visit heard, judged arguable by the call-back clerk."""
    heard = await heard_of(work.connection, case.appeal.id, case.appeal.round)
    reply = await last_reply(work.connection, case.appeal.id)
    return order_rework(work, case, heard=heard, reply=reply, reason=reason, actor=actor, now=now)


def order_rework(
    work: Work, case: Case, *, heard: Heard, reason: str, actor: Actor, now: datetime, reply: ReplyFacts | None = None
) -> Case:
    """Start a new round with its own limit (葛店 53); the second failure climbs a level."""
    appeal = case.appeal
    again = appeal.rework_count + 1
    lead = Assignment(
        id=new_id(now),
        appeal_id=appeal.id,
        round=appeal.round + 1,
        jurisdiction=appeal.jurisdiction,
        department=appeal.lead_department or case.policy.dispatching_office.code,
        part=AssignmentPart.LEAD,
        assigned_at=now,
        designated=True,
    )
    move = Move(
        given=Given(reason=reason, heard=heard, reply=reply),
        appeal={
            "round": appeal.round + 1,
            "rework_count": again,
            "result_type": None,
            "resolved_at": None,
            "certified": False,
            "satisfied": None,
        },
        added=[lead],
        opinion=reason,
        changed=[replace(one, ended_at=now) for one in case.active()],
        payload={"rework": again, "reason": reason},
    )
    reworked = advance(work, case, AppealAction.REWORK, move, actor=actor, now=now)
    rung = Rung.ESCALATION if again >= REWORKS_BEFORE_ESCALATION else Rung.ORDER
    return raise_rung(work, reworked, rung, clock=None, reason=f"第{again}次重办：{reason}", actor=SYSTEM, now=now)
