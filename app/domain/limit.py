"""Limits: the length that a clause allows, with its unit."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import Fault, Invalid

_WRITTEN = re.compile(r"\s*(?P<amount>\d{1,5}(?:\.\d)?)\s*(?P<unit>WD|WH|d|m|h)\s*")
HOW_TO_WRITE = (
    "期限应写作「5 WD」（工作日）、「0.5 WD」、「7 d」（自然日）、「3 m」（月）、「2 h」（小时）或「3 WH」（工作小时）"
)
"""The sentence that tells whoever wrote a limit wrongly how limits are written."""


class Unit(StrEnum):
    """How a limit is counted; the word 日 alone never decides it, the clause does."""

    WORKING_DAY = "WD"
    DAY = "d"
    MONTH = "m"
    HOUR = "h"
    WORKING_HOUR = "WH"

    @property
    def is_hourly(self) -> bool:
        """Whether it runs from the instant of the event; the other units run from the day after it."""
        return self in (Unit.HOUR, Unit.WORKING_HOUR)


UNIT_NAMES = {
    Unit.WORKING_DAY: "个工作日",
    Unit.DAY: "日（自然日）",
    Unit.MONTH: "个月",
    Unit.HOUR: "小时",
    Unit.WORKING_HOUR: "个工作小时",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time as a clause states it: `5 WD`, `0.5 WD`, `7 d`, `3 m`, `2 h`, `3 WH`.

    Halves exist for working days only (葛店 23, 25); other units are whole numbers.
    """

    amount: Decimal
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read `5 WD`, `0.5 WD`, `7 d`, `3 m`, `2 h` or `3 WH`; raise `Invalid` for anything else."""
        match = _WRITTEN.fullmatch(text)
        amount = Decimal(match["amount"]) if match else Decimal(0)
        whole_or_half = amount % 1 == 0 or (
            match is not None and match["unit"] == "WD" and amount % 1 == Decimal("0.5")
        )
        if match is None or amount <= 0 or not whole_or_half:
            raise Invalid("期限无法识别。", Fault("limit", HOW_TO_WRITE))
        return cls(amount.normalize(), Unit(match["unit"]))

    @property
    def whole(self) -> int:
        """The whole units; a half working day is left out."""
        return int(self.amount)

    @property
    def has_half(self) -> bool:
        """Whether half a working day comes on top of the whole ones."""
        return self.amount % 1 != 0

    @property
    def chinese(self) -> str:
        """The limit in Chinese, as it is printed on an order: 5个工作日."""
        return f"{self.amount:f}{UNIT_NAMES[self.unit]}"

    def __str__(self) -> str:
        """The written form that `parse` reads."""
        return f"{self.amount:f} {self.unit}"
