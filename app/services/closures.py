"""Striking an appeal off (销号), and what every closed appeal carries."""

from datetime import datetime

from app.domain.appeal import Outcome
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.roles import Actor
from app.services.office import Work
from app.services.transitions import Move, advance
from app.storage.queries.feedback import heard_of


def certify(work: Work, case: Case, *, reason: str, actor: Actor, now: datetime) -> Case:
    """Let a leader certify that the appeal was dealt with lawfully; it goes on counting as dissatisfied."""
    move = Move(given=Given(reason=reason, certified=True), appeal={"certified": True})
    return advance(work, case, AppealAction.CERTIFY, move, actor=actor, now=now)


async def close(work: Work, case: Case, *, note: str, actor: Actor, now: datetime) -> Case:
    """Strike the appeal off (销号): the enterprise was heard, three attempts failed, or a leader has certified."""
    heard = await heard_of(work.connection, case.appeal.id, case.appeal.round)
    move = Move(
        given=Given(reason=note, heard=heard),
        appeal={"outcome": case.appeal.result_type, "closed_at": now},
        payload={"heard": heard.heard, "satisfied": heard.satisfied, "attempts": len(heard.attempt_days), "note": note},
    )
    return advance(work, case, AppealAction.CLOSE, move, actor=actor, now=now)


def closed(outcome: Outcome, now: datetime) -> dict[str, object]:
    """Return what every appeal carries once it is closed."""
    return {"outcome": outcome, "closed_at": now}
