"""Why a clock is due when it is due."""

from uuid import UUID

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.explanations import ExplanationOut, explanation_out
from app.services.explanations import explain_clock

router = APIRouter(prefix="/clocks", tags=["时限"], route_class=CommandRoute)


@router.get("/{clock_id}/explanation", operation_id="explain_clock", summary="时限计算说明")
async def get_explanation(clock_id: UUID, request: CurrentRequest) -> ExplanationOut:
    """Explain a clock day by day: which days counted and why not, pauses, extensions, clause, notice."""
    clock, case, explanation = await explain_clock(request.work, clock_id, actor=request.actor, now=request.now)
    return explanation_out(clock, case, explanation, now=request.now)
