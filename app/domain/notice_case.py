"""A notice put forward beside what is in force: what the checks of a notice ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.holiday_break import SATURDAY, Break, DayKind, Notice, decided_kinds
from app.domain.notice_merge import apply_publication, kept_breaks
from app.domain.publication import Publication


@dataclass(frozen=True, slots=True)
class Case:
    """A publication, what it is laid upon (`before`) and what holds afterwards (`after`)."""

    publication: Publication
    in_force: Sequence[Break]
    statutory: Mapping[date, str]
    before: Mapping[date, DayKind]
    after: tuple[Break, ...]

    @property
    def notice(self) -> Notice:
        """The notice put forward."""
        return self.publication.notice

    @property
    def rows(self) -> tuple[Break, ...]:
        """The breaks put forward."""
        return self.publication.breaks

    @property
    def statutory_is_known(self) -> bool:
        """Whether the statutory days of the notice's year are listed."""
        return any(day.year == self.notice.year for day in self.statutory)

    def was_worked(self, day: date) -> bool:
        """Tell whether the day is worked without the publication."""
        return is_worked(self.before, day)


def open_case(publication: Publication, in_force: Sequence[Break], statutory: Mapping[date, str]) -> Case:
    """Lay the publication upon what is in force."""
    return Case(
        publication,
        in_force,
        statutory,
        before=decided_kinds(kept_breaks(in_force, publication)),
        after=apply_publication(in_force, publication),
    )


def is_worked(decided: Mapping[date, DayKind], day: date) -> bool:
    """Tell whether a day is worked: as decided, else as a plain weekday."""
    return decided[day].is_worked if day in decided else day.weekday() < SATURDAY
