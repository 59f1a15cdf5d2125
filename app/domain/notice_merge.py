"""What the breaks of a region become by a notice put forward."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date

from app.domain.holiday_break import Break
from app.domain.publication import Publication


def apply_publication(in_force: Sequence[Break], publication: Publication) -> tuple[Break, ...]:
    """Return the region's own breaks afterwards, in the order of the years; a day decided anew is decided once."""
    merged = compose(kept_breaks(in_force, publication), publication.breaks)
    return tuple(sorted(merged, key=lambda row: row.notice.year))


def kept_breaks(in_force: Sequence[Break], publication: Publication) -> tuple[Break, ...]:
    """Return the breaks that the publication is laid upon: without those of its year if it replaces the year."""
    replaced = None if publication.amends else publication.notice.year
    return tuple(row for row in in_force if row.notice.year != replaced)


def compose(base: Sequence[Break], *overlays: Sequence[Break]) -> tuple[Break, ...]:
    """Return the base's breaks with each overlay's days decided on top, the last overlay winning.

    A break keeps the days that nobody decides anew, if only its make-up days; one without days is gone.
    """
    rows = tuple(base)
    for overlay in overlays:
        decided = {day for row in overlay for day in row.days}
        rows = (*_without(rows, decided), *overlay)
    return rows


def _without(rows: Sequence[Break], decided: Set[date]) -> Iterator[Break]:
    for row in rows:
        if decided.isdisjoint(row.days):
            yield row
            continue
        off, make_up = (tuple(day for day in part if day not in decided) for part in (row.off, row.make_up))
        if off or make_up:
            yield replace(row, off=off, make_up=make_up)
