"""What ends an appeal without an answer."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentMove
from app.api.schemas.cases import CaseOut
from app.api.schemas.decisions import Notice, PetitionAnswer, Reason, Redirection, Termination
from app.services import decisions

router = APIRouter(prefix="/appeals/{number}", tags=["受理与交办"], route_class=CommandRoute)


@router.post("/refusal", operation_id="refuse_appeal", summary="不予受理")
async def post_refusal(body: Notice, move: CurrentMove) -> CaseOut:
    """Refuse an appeal on a listed ground, with written notice."""
    return move.answer(
        decisions.refuse(
            move.work, move.case, reason_code=body.reason_code, notice=body.notice, actor=move.actor, now=move.now
        )
    )


@router.post("/redirection", operation_id="redirect_appeal", summary="转其他渠道")
async def post_redirection(body: Redirection, move: CurrentMove) -> CaseOut:
    """Point the enterprise to the channel that the matter belongs to."""
    return move.answer(
        decisions.redirect(
            move.work, move.case, channel=body.channel, notice=body.notice, actor=move.actor, now=move.now
        )
    )


@router.post("/withdrawal", operation_id="withdraw_appeal", summary="撤回诉求")
async def post_withdrawal(body: Reason, move: CurrentMove) -> CaseOut:
    """Let the enterprise take its appeal back."""
    return move.answer(decisions.withdraw(move.work, move.case, reason=body.reason, actor=move.actor, now=move.now))


@router.post("/termination", operation_id="terminate_appeal", summary="终止办理")
async def post_termination(body: Termination, move: CurrentMove) -> CaseOut:
    """End an open appeal on a ground of the stop list, with written notice."""
    return move.answer(
        decisions.terminate(
            move.work, move.case, reason_code=body.reason_code, notice=body.notice, actor=move.actor, now=move.now
        )
    )


@router.post("/petition-answer", operation_id="answer_petition", summary="信访答复（已转其他渠道）")
async def post_petition_answer(body: PetitionAnswer, move: CurrentMove) -> CaseOut:
    """Answer the petition clocks of a redirected appeal, which go on after it was redirected."""
    return move.answer(
        decisions.answer_petition(move.work, move.case, kind=body.kind, text=body.text, actor=move.actor, now=move.now)
    )
