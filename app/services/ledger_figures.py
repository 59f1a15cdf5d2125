"""What a ledger's own instants say: due dates by clause, whether replies came in time, and the shares in total."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median

from app.domain.calendar import WorkCalendar
from app.domain.clock import Due, Promise, Switch, compute_due, is_breached, working_days_used
from app.domain.clock_kind import ClockKind
from app.domain.ledger import LedgerRow
from app.domain.limit import Limit, Unit
from app.domain.policy import Policy

YARDSTICKS = (5, 15)
"""Working days at which every ledger is measured, whatever its own limits (葛店 53: 一般、疑难)."""
HUNDREDTHS = 100


class Verdict(StrEnum):
    """Whether a row was answered in time; provisional where a year without a published notice decides."""

    IN_TIME = "in_time"
    LATE = "late"
    UNANSWERED = "unanswered"
    PROVISIONAL = "provisional"


VERDICT_NAMES = {
    Verdict.IN_TIME: "按期",
    Verdict.LATE: "超期",
    Verdict.UNANSWERED: "未答复",
    Verdict.PROVISIONAL: "暂定",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What one row shows under a policy.

    `within` says for each yardstick whether the reply came in time; None: not decided yet.
    """

    limit: Limit
    clause: str
    due: Due
    verdict: Verdict
    days_used: int | None
    within: tuple[bool | None, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the rows that are decided were answered within so many working days."""

    days: int
    in_time: int
    decided: int

    @property
    def percentage(self) -> str:
        """The share in percent, cut off after two decimals and never rounded up; a dash without any row."""
        if not self.decided:
            return "—"
        hundredths = int(Fraction(self.in_time, self.decided) * HUNDREDTHS * HUNDREDTHS)
        return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}%"


def figures_of(row: LedgerRow, policy: Policy, calendar: WorkCalendar, *, now: datetime) -> Figures:
    """Work out one row: its handling limit by the policy, and whether it was kept, from the ledger's instants alone."""
    limit, clause = policy.limit_for(ClockKind.HANDLING, level=row.level)
    due = _due(row, limit, policy, calendar)
    yardsticks = (_due(row, Limit(Decimal(days), Unit.WORKING_DAY), policy, calendar) for days in YARDSTICKS)
    return Figures(
        limit=limit,
        clause=clause.chinese,
        due=due,
        verdict=_verdict(row, due),
        days_used=None if row.replied_at is None else working_days_used(row.received_at, row.replied_at, calendar),
        within=tuple(_is_within(row, one, now) for one in yardsticks),
    )


def shares(figures: Sequence[Figures]) -> tuple[Share, ...]:
    """Return the on-time share at each yardstick; an unanswered row counts as late once its time is over."""
    return tuple(_share(days, [one.within[place] for one in figures]) for place, days in enumerate(YARDSTICKS))


def middle_and_most(figures: Iterable[Figures]) -> tuple[float | None, int | None]:
    """Return the median and the greatest number of working days used; None, None without any reply."""
    used = [one.days_used for one in figures if one.days_used is not None]
    return (median(used), max(used)) if used else (None, None)


def _due(row: LedgerRow, limit: Limit, policy: Policy, calendar: WorkCalendar) -> Due:
    switches = frozenset(Switch(name) for name in policy.switches)
    return compute_due(Promise(started_at=row.received_at, limit=limit, switches=switches), calendar)


def _verdict(row: LedgerRow, due: Due) -> Verdict:
    if row.replied_at is None:
        return Verdict.UNANSWERED
    if due.provisional:
        return Verdict.PROVISIONAL
    return Verdict.LATE if is_breached(due.at, due.provisional, row.replied_at, row.replied_at) else Verdict.IN_TIME


def _is_within(row: LedgerRow, due: Due, now: datetime) -> bool | None:
    undecided = row.replied_at is None and now < due.at
    return None if due.provisional or undecided else (row.replied_at or now) < due.at


def _share(days: int, within: Sequence[bool | None]) -> Share:
    decided = [one for one in within if one is not None]
    return Share(days, sum(decided), len(decided))
