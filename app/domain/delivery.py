"""When an announcement is tried again, when it is given up, and when its endpoint is left in peace.

The schedule is published: ten attempts within about three days, as the Standard Webhooks scheme advises.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

DELAYS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 72_000, 108_000)
)
"""Between one attempt and the next: 5 s, 1 min, 5 min, 30 min, 2 h, 5 h, 10 h, 20 h, 30 h."""
ATTEMPTS: Final = len(DELAYS) + 1
JITTER: Final = 0.2
"""By how much of itself a delay may be longer, so that what failed together does not come back together."""
LONGEST_WAIT: Final = timedelta(days=1)
"""No more is waited at a receiver's wish."""
PARKED_AFTER: Final = timedelta(hours=36)
"""An endpoint at which nothing has succeeded for so long is parked, before anything is given up: what waits stays."""
GONE: Final = 410


class DeliveryState(StrEnum):
    """Where one announcement to one endpoint stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    SKIPPED = "skipped"


STATE_NAMES: Final = {
    DeliveryState.WAITING: "等待送达",
    DeliveryState.DELIVERED: "已送达",
    DeliveryState.DEAD: "多次未送达，已停止，可重新投递",
    DeliveryState.SKIPPED: "订阅方已无权查看，不再投递",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt: the status that was answered, or the kind of failure."""

    status: int | None = None
    failure: str | None = None
    retry_after: str | None = None
    excerpt: str = ""
    milliseconds: int = 0

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken the announcement."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants nothing any more."""
        return self.status == GONE


def next_attempt(attempts: int, outcome: Outcome, *, now: datetime, chance: float) -> datetime | None:
    """Return when to try again after so many attempts, with a chance from 0 to 1; None: given up."""
    if attempts >= ATTEMPTS:
        return None
    delay = DELAYS[attempts - 1] * (1 + JITTER * chance)
    wished = min(_wish(outcome.retry_after, now), LONGEST_WAIT)
    return now + max(delay, wished)


def _wish(retry_after: str | None, now: datetime) -> timedelta:
    """Read Retry-After, seconds or a date; what cannot be read, or lies behind us, is no wish."""
    written = (retry_after or "").strip()
    if written.isascii() and written.isdecimal():
        return timedelta(seconds=min(int(written[:9]), LONGEST_WAIT.total_seconds()))
    try:
        until = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return timedelta()
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return max(until - now, timedelta())


def is_to_be_parked(failing_since: datetime | None, *, now: datetime) -> bool:
    """Tell whether an endpoint has failed for so long that it is left in peace."""
    return failing_since is not None and now - failing_since >= PARKED_AFTER
