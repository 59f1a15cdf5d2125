"""The clocks of one appeal."""

from app.api.schemas.base import Output, example
from app.api.schemas.cases import CLOCK_EXAMPLE, ClockOut


class ClocksOut(Output):
    """Every clock of an appeal."""

    model_config = example(items=[CLOCK_EXAMPLE])

    items: list[ClockOut]
