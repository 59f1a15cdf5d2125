"""Suspending and shelving."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentMove
from app.api.schemas.cases import CaseOut
from app.api.schemas.decisions import Reason
from app.api.schemas.holds import Shelving, Suspension
from app.services import holds

router = APIRouter(prefix="/appeals/{number}", tags=["暂停与挂账"], route_class=CommandRoute)


@router.post("/suspension", operation_id="suspend_appeal", summary="暂停")
async def post_suspension(body: Suspension, move: CurrentMove) -> CaseOut:
    """Suspend an appeal for a listed cause, with evidence."""
    return move.answer(
        holds.suspend(
            move.work, move.case, cause_code=body.cause, evidence=body.evidence, actor=move.actor, now=move.now
        )
    )


@router.post("/resumption", operation_id="resume_appeal", summary="恢复办理")
async def post_resumption(body: Reason, move: CurrentMove) -> CaseOut:
    """Let a suspended appeal go on; the rest of its limit counts from today."""
    return move.answer(holds.resume(move.work, move.case, evidence=body.reason, actor=move.actor, now=move.now))


@router.post("/shelving", operation_id="shelve_appeal", summary="挂账攻坚")
async def post_shelving(body: Shelving, move: CurrentMove) -> CaseOut:
    """Put a historic matter on the long track, with a plan; it stays visible in every figure."""
    return move.answer(
        holds.shelve(
            move.work,
            move.case,
            plan=body.plan,
            milestone_on=body.milestone_on,
            reason=body.reason,
            actor=move.actor,
            now=move.now,
        )
    )


@router.post("/unshelving", operation_id="unshelve_appeal", summary="解除挂账")
async def post_unshelving(body: Reason, move: CurrentMove) -> CaseOut:
    """Take an appeal off the long track; its limit runs on."""
    return move.answer(holds.unshelve(move.work, move.case, reason=body.reason, actor=move.actor, now=move.now))
