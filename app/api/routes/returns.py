"""Handing an assignment back or on."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import AssignmentMove, CurrentAssignmentMove
from app.api.schemas.assignments import ReturnRequest, ReturnRuling, Transfer
from app.api.schemas.cases import CaseOut
from app.domain.case import Case
from app.services import returns

router = APIRouter(prefix="/assignments/{assignment_id}", tags=["承办"], route_class=CommandRoute)


@router.post("/return", operation_id="request_return", summary="申请退回")
async def post_return(body: ReturnRequest, move: CurrentAssignmentMove) -> CaseOut:
    """Ask to hand an assignment back, with basis and the department proposed; the enterprise's clock runs on."""
    case = returns.request_return(
        move.work,
        move.case,
        move.assignment,
        reason=body.reason,
        basis=body.basis,
        proposed=body.department,
        actor=move.actor,
        now=move.now,
    )
    return move.answer(case)


@router.post("/return-ruling", operation_id="rule_on_return", summary="裁定退回")
async def post_return_ruling(body: ReturnRuling, move: CurrentAssignmentMove) -> CaseOut:
    """Agree to a return and pass the assignment on, or refuse it and designate the department."""
    return move.answer(_ruled(move, body))


@router.post("/transfer", operation_id="transfer_assignment", summary="改派")
async def post_transfer(body: Transfer, move: CurrentAssignmentMove) -> CaseOut:
    """Move an assignment to another department by the dispatcher's own decision."""
    case = returns.transfer(
        move.work,
        move.case,
        move.assignment,
        department=body.department,
        reason=body.reason,
        actor=move.actor,
        now=move.now,
    )
    return move.answer(case)


def _ruled(move: AssignmentMove, ruling: ReturnRuling) -> Case:
    if not ruling.uphold:
        return returns.deny_return(
            move.work, move.case, move.assignment, reason=ruling.reason, actor=move.actor, now=move.now
        )
    return returns.uphold_return(
        move.work,
        move.case,
        move.assignment,
        department=ruling.department,
        reason=ruling.reason,
        actor=move.actor,
        now=move.now,
    )
