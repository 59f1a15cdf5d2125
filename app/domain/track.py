"""Statutory tracks (法定期限): what a law sets for one class of appeals, beside the shorter promises.

An appeal follows a track only when its filer states one; the track's clocks run to their own end, whichever limit
is shorter (domain.md C20–C23).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.clause import Clause
from app.domain.clock_kind import ClockKind
from app.domain.limit import Limit


class TrackStart(StrEnum):
    """The event from which a statutory limit counts: complete papers received, or accepted and passed on."""

    RECEIVED = "received"
    ASSIGNED = "assigned"


STARTS_OF = {
    ClockKind.STATUTORY_ACCEPTANCE: (TrackStart.RECEIVED,),
    ClockKind.STATUTORY_TRANSFER: (TrackStart.RECEIVED,),
    ClockKind.STATUTORY_DECISION: (TrackStart.RECEIVED, TrackStart.ASSIGNED),
    ClockKind.STATUTORY_MAXIMUM: (TrackStart.ASSIGNED,),
}
"""From which event each kind may count; where it stops is the table of the process."""


@dataclass(frozen=True, slots=True)
class TrackLimit:
    """One limit of a track, with the event that starts it."""

    kind: ClockKind
    starts: TrackStart
    limit: Limit
    clause: Clause


@dataclass(frozen=True, slots=True)
class Track:
    """One class of appeals with its limits; `categories` suggest it and never set it."""

    code: str
    name: str
    categories: tuple[str, ...]
    limits: Mapping[ClockKind, TrackLimit]

    def begins(self, kind: ClockKind, event: str) -> bool:
        """Tell whether the track has a limit of this kind that counts from this event."""
        limit = self.limits.get(kind)
        return limit is not None and limit.starts.value == event
