"""What departments answer to orders of supervision."""

from datetime import datetime
from uuid import UUID

from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.errors import Conflict, NotFound
from app.domain.roles import Actor
from app.domain.supervision import Rung
from app.services.cases import take
from app.services.office import Work
from app.services.transitions import Move, advance
from app.storage.queries.supervision import supervision_row


async def answer(
    work: Work, supervision_id: UUID, *, text: str, actor: Actor, now: datetime, version: int | None
) -> Case:
    """Take the department's written answer to a supervision record."""
    row = await supervision_row(work.connection, supervision_id)
    if row is None or row["rung"] < Rung.ORDER or row["department"] != actor.department:
        raise NotFound
    case = await take(work, row["number"], actor=actor, version=version)
    if row["withdrawn_at"] is not None:
        raise Conflict("这份督办已随超期认定一并撤销，无须回复。", code="supervision-withdrawn")
    if row["answered_at"] is not None:
        raise Conflict("这份督办已经回复。", code="supervision-answered")
    lead = case.lead()
    given = Given(assignment_id=None if lead is None else lead.id, reason=text, clock_id=row["answer_clock_id"])
    work.changes.update("supervision", row["id"], {"answer": text, "answered_by": actor.id, "answered_at": now})
    move = Move(given=given, payload={"supervision_id": row["id"], "rung": row["rung"]})
    return advance(work, case, AppealAction.ANSWER_SUPERVISION, move, actor=actor, now=now)
