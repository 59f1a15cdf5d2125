"""How many open clocks a new calendar moves, and what becomes of them."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from app.domain.case import Clock


@dataclass(slots=True)
class Totals:
    """How many open clocks a calendar moves, and what becomes of them.

    `late_at_once`: the new due date has passed already; `withdrawn`: breaches that no longer stand.
    """

    clocks: int = 0
    later: int = 0
    earlier: int = 0
    finalised: int = 0
    made_provisional: int = 0
    late_at_once: int = 0
    withdrawn: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)

    def add(self, before: Clock, after: Clock, clocks: int, now: datetime) -> None:
        """Count a group of like clocks."""
        self.clocks += clocks
        self.later += clocks * (after.due_at > before.due_at)
        self.earlier += clocks * (after.due_at < before.due_at)
        self.finalised += clocks * (before.provisional and not after.provisional)
        self.made_provisional += clocks * (after.provisional and not before.provisional)
        self.withdrawn += clocks * is_withdrawn(before, after)
        self.late_at_once += clocks * (after.breached_at is None and after.is_late(now))
        self.by_kind[before.kind.value] += clocks

    def data(self) -> dict[str, Any]:
        """Return the totals as plain data."""
        return {**asdict(self), "by_kind": dict(sorted(self.by_kind.items()))}


def is_withdrawn(before: Clock, after: Clock) -> bool:
    """Tell whether a breach that was announced no longer stands."""
    return before.breached_at is not None and after.breached_at is None
