"""The deadline calculator: anybody may ask when something is due, and why."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.command import CommandRoute
from app.api.dependencies import CurrentWork, Now
from app.api.schemas.calculator import CalculationOut, CalculatorQuery, calculation_out
from app.services.calculator import calculate

router = APIRouter(prefix="/calculator", tags=["时限"], route_class=CommandRoute)


@router.get("", operation_id="calculate_due", summary="到期日计算器")
async def get_due(asked: Annotated[CalculatorQuery, Query()], work: CurrentWork, now: Now) -> CalculationOut:
    """Compute a due date from the event and a limit, or from a clock of a jurisdiction's policy; nothing is stored."""
    return calculation_out(await calculate(work, asked.question, now=now))
