"""Giving an appeal to departments, and how hard it is."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentMove
from app.api.schemas.assignments import DispatchOrder
from app.api.schemas.cases import CaseOut
from app.api.schemas.holds import Regrade
from app.services import assignments, levels
from app.services.assignments import Order

router = APIRouter(prefix="/appeals/{number}", tags=["受理与交办"], route_class=CommandRoute)


@router.post("/assignment", operation_id="assign_appeal", summary="交办")
async def post_assignment(body: DispatchOrder, move: CurrentMove) -> CaseOut:
    """Give an appeal to one lead and any number of supporting departments."""
    return move.answer(assignments.assign(move.work, move.case, _order(body), actor=move.actor, now=move.now))


@router.post("/regrade", operation_id="regrade_appeal", summary="调整难度等级")
async def post_regrade(body: Regrade, move: CurrentMove) -> CaseOut:
    """Raise the level; the longer limit counts from the original start."""
    return move.answer(
        levels.regrade(move.work, move.case, level=body.level, reason=body.reason, actor=move.actor, now=move.now)
    )


def _order(body: DispatchOrder) -> Order:
    return Order(
        lead=body.lead,
        supports=tuple(body.supports),
        level=body.level,
        category=body.category,
        opinion=body.opinion,
        reason=body.reason,
    )
