"""More time."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentAssignmentMove, CurrentMove, MoveRequest
from app.api.schemas.cases import CaseOut
from app.api.schemas.extensions import ExtensionRequest, ExtensionRuling
from app.domain.case import Case
from app.domain.limit import Limit
from app.services import extensions

router = APIRouter(tags=["承办"], route_class=CommandRoute)


@router.post("/assignments/{assignment_id}/extension-request", operation_id="request_extension", summary="申请延期")
async def post_extension_request(body: ExtensionRequest, move: CurrentAssignmentMove) -> CaseOut:
    """Ask for more time, at least one working day before due."""
    case = extensions.request_extension(
        move.work,
        move.case,
        move.assignment,
        length=Limit.parse(body.length),
        reason=body.reason,
        progress=body.progress,
        actor=move.actor,
        now=move.now,
    )
    return move.answer(case)


@router.post("/appeals/{number}/extension-ruling", operation_id="rule_on_extension", summary="审批延期")
async def post_extension_ruling(body: ExtensionRuling, move: CurrentMove) -> CaseOut:
    """Grant or deny the extension asked for; the original due date is kept."""
    return move.answer(_rule(move, body))


def _rule(move: MoveRequest, ruling: ExtensionRuling) -> Case:
    decide = extensions.grant_extension if ruling.grant else extensions.deny_extension
    return decide(move.work, move.case, reason=ruling.reason, actor=move.actor, now=move.now)
