"""A notice that somebody puts forward, and its life: proposed, approved by somebody else, applied, or withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.holiday_break import Break, Notice

COUNTRY = "CN"


class PublicationState(StrEnum):
    """Where a notice put forward stands; `approved` waits for its effective instant."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Publication:
    """One notice with its breaks, for the country or for one jurisdiction on top of it.

    `amends` False: it replaces the region's whole year `notice.year`; True: it decides single days on top of what is
    in force, as the extension of 2020-01-27 did. A jurisdiction's notice always amends. It holds from `effective_at`.
    """

    region: str
    amends: bool
    notice: Notice
    breaks: tuple[Break, ...]
    effective_at: datetime | None = None

    @property
    def is_local(self) -> bool:
        """Whether it holds in one jurisdiction only."""
        return self.region != COUNTRY
