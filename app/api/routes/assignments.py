"""A department's queue, and what it does with its assignments."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentAssignmentMove
from app.api.schemas.assignments import Contact
from app.api.schemas.cases import CaseOut
from app.api.schemas.decisions import NO_NOTE, Note
from app.services import assignments

router = APIRouter(tags=["承办"], route_class=CommandRoute)


@router.post("/assignments/{assignment_id}/signature", operation_id="sign_assignment", summary="签收")
async def post_signature(move: CurrentAssignmentMove) -> CaseOut:
    """Sign for an assignment."""
    return move.answer(assignments.sign(move.work, move.case, move.assignment, actor=move.actor, now=move.now))


@router.post("/assignments/{assignment_id}/contact", operation_id="record_contact", summary="登记联系企业")
async def post_contact(body: Contact, move: CurrentAssignmentMove) -> CaseOut:
    """Record that the department has spoken to the enterprise."""
    case = assignments.record_contact(
        move.work, move.case, move.assignment, way=body.way, note=body.note, actor=move.actor, now=move.now
    )
    return move.answer(case)


@router.post("/assignments/{assignment_id}/completion", operation_id="finish_support", summary="协办办结")
async def post_completion(move: CurrentAssignmentMove, body: Note = NO_NOTE) -> CaseOut:
    """Report a supporting department's part done."""
    case = assignments.finish_support(
        move.work, move.case, move.assignment, note=body.note, actor=move.actor, now=move.now
    )
    return move.answer(case)
