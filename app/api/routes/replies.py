"""Replies."""

from uuid import UUID

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentAssignmentMove, CurrentVersioned, answer
from app.api.reading import CurrentReading
from app.api.schemas.cases import CaseOut, case_values
from app.api.schemas.replies import RepliesOut, ReplyCreate, ReplyWritten
from app.services import replies
from app.services.anonymising import redacted_words
from app.services.replies import visible_replies
from app.storage.queries.replies import replies_of

WRITTEN = frozenset({"text", "basis", "remedy", "evidence"})

router = APIRouter(tags=["承办"], route_class=CommandRoute)


@router.post("/assignments/{assignment_id}/replies", status_code=201, operation_id="write_reply", summary="答复")
async def post_reply(body: ReplyCreate, move: CurrentAssignmentMove) -> ReplyWritten:
    """Write a reply. Procedural and progress replies go out at once; a substantive one waits for its approval."""
    draft = replies.ReplyDraft(**{**body.model_dump(), "evidence": tuple(body.evidence)})
    case, reply_id = replies.write_reply(move.work, move.case, move.assignment, draft, actor=move.actor, now=move.now)
    move.tag(case.appeal.version)
    return ReplyWritten.model_validate({**case_values(case, actor=move.actor, now=move.now), "reply_id": reply_id})


@router.post("/replies/{reply_id}/approval", operation_id="approve_reply", summary="审定答复（办结）")
async def post_approval(reply_id: UUID, request: CurrentVersioned) -> CaseOut:
    """Approve a substantive reply as the department's head: the appeal is resolved from this instant."""
    case = await replies.approve_reply(
        request.work, reply_id, actor=request.actor, now=request.now, version=request.version
    )
    return answer(request, case)


@router.get("/appeals/{number}/replies", operation_id="list_replies", summary="答复")
async def get_replies(request: CurrentReading) -> RepliesOut:
    """Return the replies that the reader may see: drafts only within the department and the office."""
    appeal = request.reading.case.appeal
    rows = await replies_of(request.work.connection, appeal.master_id or appeal.id)
    shown = visible_replies(rows, request.actor)
    told = redacted_words(request.work, request.reading, shown, actor=request.actor, keys=WRITTEN)
    return RepliesOut.model_validate({"items": told})
