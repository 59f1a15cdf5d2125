"""Limits: the length that a clause allows, with its unit."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import Fault, Invalid

_WRITTEN = re.compile(r"\s*(?P<amount>\d{1,5}(?:\.\d)?)\s*(?P<unit>WD|d|m|h)\s*")


class Unit(StrEnum):
    """How a limit is counted; the word 日 alone never decides it, the clause does."""

    WORKING_DAY = "WD"
    DAY = "d"
    MONTH = "m"
    HOUR = "h"


UNIT_NAMES = {Unit.WORKING_DAY: "个工作日", Unit.DAY: "日（自然日）", Unit.MONTH: "个月", Unit.HOUR: "小时"}


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time as a clause states it: `5 WD`, `0.5 WD`, `7 d`, `3 m`, `2 h`.

    Halves exist for working days only (葛店 23, 25); other units are whole numbers.
    """

    amount: Decimal
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read `5 WD`, `7 d`, `3 m`, `2 h` or `0.5 WD`; raise `Invalid` for anything else."""
        match = _WRITTEN.fullmatch(text)
        amount = Decimal(match["amount"]) if match else Decimal(0)
        whole_or_half = amount % 1 == 0 or (
            match is not None and match["unit"] == "WD" and amount % 1 == Decimal("0.5")
        )
        if match is None or amount <= 0 or not whole_or_half:
            reason = "期限应写作「5 WD」（工作日）、「0.5 WD」、「7 d」（自然日）、「3 m」（月）或「2 h」（小时）"
            raise Invalid(f"期限「{text[:40]}」无法识别。", Fault("limit", reason))
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
