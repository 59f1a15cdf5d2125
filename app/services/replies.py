"""What departments answer: procedural and progress replies, and the substantive reply that resolves an appeal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.appeal import Assignment, Outcome, ReplyKind
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.errors import NotFound
from app.domain.reply import check_reply
from app.domain.roles import DEPARTMENT_ROLES, OFFICE_ROLES, Actor
from app.services.assignments import assignment_in
from app.services.cases import take_by_assignment
from app.services.office import Work
from app.services.transitions import Move, advance
from app.storage.ids import new_id
from app.storage.queries.replies import reply_facts, reply_row

ACTIONS = {
    ReplyKind.PROCEDURAL: AppealAction.REPLY_PROCEDURAL,
    ReplyKind.PROGRESS: AppealAction.REPLY_PROGRESS,
    ReplyKind.SUBSTANTIVE: AppealAction.DRAFT_REPLY,
}


@dataclass(frozen=True, slots=True)
class ReplyDraft:
    """What a department writes. `basis` and `remedy` are owed when the result is a refusal by law."""

    kind: ReplyKind
    text: str
    result_type: Outcome | None = None
    basis: str | None = None
    remedy: str | None = None
    evidence: tuple[str, ...] = ()


def write_reply(
    work: Work,
    case: Case,
    assignment: Assignment,
    draft: ReplyDraft,
    *,
    actor: Actor,
    now: datetime,
    recorded_at: datetime | None = None,
) -> tuple[Case, UUID]:
    """Write a reply; a procedural or progress reply goes out at once and never stops the handling clock."""
    check_reply(
        draft.kind, result_type=draft.result_type, basis=draft.basis, remedy=draft.remedy, evidence=draft.evidence
    )
    reply_id = new_id(now)
    work.changes.insert("reply", _reply_values(reply_id, case, assignment, draft, actor=actor, now=now))
    move = Move(
        given=Given(assignment_id=assignment.id, reply_kind=draft.kind),
        payload={"reply_id": reply_id, "kind": draft.kind, "department": assignment.department},
        recorded_at=recorded_at,
    )
    return advance(work, case, ACTIONS[draft.kind], move, actor=actor, now=now), reply_id


async def approve_reply(
    work: Work,
    reply_id: UUID,
    *,
    actor: Actor,
    now: datetime,
    version: int | None,
    recorded_at: datetime | None = None,
) -> Case:
    """Approve a substantive reply as the department's head: the appeal is resolved from this instant."""
    row = await reply_row(work.connection, reply_id)
    if row is None or row["kind"] != ReplyKind.SUBSTANTIVE:
        raise NotFound
    case = await take_by_assignment(work, row["assignment_id"], actor=actor, version=version)
    assignment = assignment_in(case, row["assignment_id"])
    return resolve(work, case, assignment, row, actor=actor, now=now, recorded_at=recorded_at)


def resolve(
    work: Work,
    case: Case,
    assignment: Assignment,
    row: Mapping[str, object],
    *,
    actor: Actor,
    now: datetime,
    recorded_at: datetime | None = None,
) -> Case:
    """Resolve an appeal by an approved reply; the review of a ledger's old reply counts from when it was recorded."""
    facts = reply_facts(dict(row))
    work.changes.update("reply", facts.id, {"approver_id": actor.id, "approved_at": now})
    move = Move(
        given=Given(
            assignment_id=assignment.id, reply=facts, result_type=facts.result_type, counted_from=recorded_at or now
        ),
        appeal={
            "result_type": facts.result_type,
            "resolved_at": now,
            "last_approver_id": actor.id,
            "extension_asked": None,
        },
        payload={"reply_id": facts.id, "result_type": facts.result_type, "department": assignment.department},
        recorded_at=recorded_at,
    )
    return advance(work, case, AppealAction.RESOLVE, move, actor=actor, now=now)


def _reply_values(
    reply_id: UUID, case: Case, assignment: Assignment, draft: ReplyDraft, *, actor: Actor, now: datetime
) -> dict[str, object]:
    return {
        **asdict(draft),
        "id": reply_id,
        "appeal_id": case.appeal.id,
        "assignment_id": assignment.id,
        "round": case.appeal.round,
        "writer_id": actor.id,
        "written_at": now,
        "approver_id": None,
        "approved_at": None,
        "passed_at": None,
        "reviewer_id": None,
    }


def visible_replies(rows: Sequence[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """Return the replies that the actor may see: the enterprise sees a substantive one once the review has passed."""
    if actor.has(*DEPARTMENT_ROLES, *OFFICE_ROLES):
        return list(rows)
    return [row for row in rows if row["kind"] != ReplyKind.SUBSTANTIVE or row["passed_at"] is not None]
