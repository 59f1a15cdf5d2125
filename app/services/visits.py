"""Return visits: asking the enterprise."""

from datetime import datetime

from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.clock import office_day
from app.domain.clock_kind import ClockKind
from app.domain.roles import Actor
from app.services.office import Work
from app.services.transitions import Move, advance
from app.storage.ids import new_id
from app.storage.queries.replies import last_reply


async def visit(
    work: Work,
    case: Case,
    *,
    way: str,
    contacted: bool,
    solved: bool | None,
    satisfied: bool | None,
    note: str,
    actor: Actor,
    now: datetime,
) -> Case:
    """Record a return visit; an attempt that reached nobody leaves the feedback clock running."""
    values = {
        "id": new_id(now),
        "appeal_id": case.appeal.id,
        "round": case.appeal.round,
        "visited_at": now,
        "visited_on": office_day(now),
        "visitor_id": actor.id,
        "way": way,
        "contacted": contacted,
        "solved": solved if contacted else None,
        "satisfied": satisfied if contacted else None,
        "note": note,
    }
    work.changes.insert("visit", values)
    keeps = frozenset() if contacted else frozenset({ClockKind.FEEDBACK, ClockKind.BAD_RATING_CONTACT})
    answers = {key: values[key] for key in ("way", "contacted", "solved", "satisfied", "note")}
    reply = await last_reply(work.connection, case.appeal.id)
    move = Move(
        given=Given(keeps=keeps, reply=reply),
        appeal={"satisfied": satisfied} if contacted and satisfied is not None else None,
        payload=answers,
    )
    return advance(work, case, AppealAction.VISIT, move, actor=actor, now=now)
