"""Which clocks new calendars concern, and the facts by which they are grouped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import orjson

# Of the instant of the start only the day matters, and on which side of noon and of the close of business it lies;
# hours and pauses are counted to the instant.
_START = """CASE WHEN c.limit_unit IN ('h', 'WH') OR c.pauses <> '[]'::jsonb THEN c.started_at
    ELSE (date_trunc('day', c.started_at AT TIME ZONE 'Asia/Shanghai') + CASE
        WHEN (c.started_at AT TIME ZONE 'Asia/Shanghai')::time >= '17:30' THEN interval '17 hours 30 minutes'
        WHEN (c.started_at AT TIME ZONE 'Asia/Shanghai')::time >= '12:00' THEN interval '12 hours'
        ELSE interval '0' END) AT TIME ZONE 'Asia/Shanghai' END"""
FACTS: Final = {
    "place": "{place}",
    "kind": "c.kind",
    "limit_amount": "c.limit_amount",
    "limit_unit": "c.limit_unit",
    "started_at": _START,
    "due_at": "c.due_at",
    "due_day": "c.due_day",
    "provisional": "c.provisional",
    "switches": "c.switches",
    "pauses": "c.pauses",
    "extensions": "c.extensions",
    "state": "c.state",
    "warnings": "c.warnings",
    "breached": "c.breached_at IS NOT NULL",
    "ordered": "c.ordered_at IS NOT NULL",
}
_OPEN = "c.state <> 'stopped' AND c.due_day >= :first AND c.started_at < :last"
_PLACE = "coalesce((CAST(:places AS jsonb) ->> a.jurisdiction)::int, 0)"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which clocks new calendars concern: those that reach the days that differ, `first` up to before `last`.

    `places` says which of several calendars a jurisdiction follows, 0 for the others; `only`: no others are concerned.
    """

    first: date
    last: datetime
    places: Mapping[str, int] = field(default_factory=dict)
    only: bool = False

    @property
    def source(self) -> str:
        """The tables behind the clocks `c`: their appeals `a` where the jurisdiction matters."""
        return "clock c JOIN appeal a ON a.id = c.appeal_id" if self.places else "clock c"

    @property
    def condition(self) -> str:
        """The SQL that holds for the clocks `c` of the scope."""
        return f"{_OPEN} AND a.jurisdiction = ANY(:jurisdictions)" if self.only else _OPEN

    @property
    def facts(self) -> dict[str, str]:
        """The SQL of each fact that a due date depends on."""
        place = _PLACE if self.places else "0"
        return {name: expression.replace("{place}", place) for name, expression in FACTS.items()}

    @property
    def same(self) -> str:
        """The SQL that joins a clock `c` to the answer `n` of its group."""
        return " AND ".join(f"n.{name} = ({expression})" for name, expression in self.facts.items())

    @property
    def parameters(self) -> dict[str, object]:
        """The values that the condition asks for."""
        given: dict[str, object] = {"first": self.first, "last": self.last}
        if self.places:
            given["places"] = orjson.dumps(dict(self.places)).decode()
        if self.only:
            given["jurisdictions"] = sorted(self.places)
        return given
