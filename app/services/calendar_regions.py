"""Which calendars a notice replaces: the country's, a jurisdiction's own, and those that stand on either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.calendars import load_breaks, load_statutory_days
from app.domain.calendar import Break, WorkCalendar, build
from app.domain.notice import COUNTRY, Publication, apply_publication, breaks_of, check_publication, compose
from app.policies import ancestors, packaged
from app.services.known_calendars import Calendars
from app.services.recounting import Change
from app.storage import AsyncConnection
from app.storage.queries.calendars import own_breaks_in_force

OwnBreaks = Mapping[str, tuple[Break, ...]]
"""By region the breaks that are its own; a jurisdiction's decide single days on top of those above it."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region with the breaks of its own, all that hold there, and the calendar that they make."""

    name: str
    own: tuple[Break, ...]
    all: tuple[Break, ...]
    calendar: WorkCalendar


async def change_by(
    connection: AsyncConnection, calendars: Calendars, publication: Publication
) -> tuple[Change, list[Region]]:
    """Return what a notice replaces: its own region's calendar and those of the regions that stand on it."""
    own = await _own_breaks(connection)
    check_publication(publication, _in_force(own, publication.region), load_statutory_days())
    own[publication.region] = apply_publication(own.get(publication.region, ()), publication)
    regions = [region_of(name, own) for name in own if publication.region in (name, COUNTRY, *_above(name))]
    return _change_of(calendars, regions, own), regions


def _change_of(calendars: Calendars, regions: Sequence[Region], own: OwnBreaks) -> Change:
    changed = {region.name: region.calendar for region in regions}
    places = {name: place for place, name in enumerate(filter(COUNTRY.__ne__, changed), start=1)}
    follows = {jurisdiction: _followed(jurisdiction, own) for jurisdiction in packaged().packs}
    return Change(
        calendars={places.get(name, 0): (calendars.of(name), after) for name, after in changed.items()},
        places={jurisdiction: places[region] for jurisdiction, region in follows.items() if region in places},
    )


def region_of(name: str, own: OwnBreaks) -> Region:
    overlays = [own[one] for one in reversed((name, *_above(name))) if one in own and one != COUNTRY]
    breaks = compose(own[COUNTRY], *overlays)
    return Region(name, own[name], breaks, build(breaks, label=name, statutory=load_statutory_days()))


def _followed(jurisdiction: str, own: OwnBreaks) -> str:
    return next((one for one in (jurisdiction, *ancestors(jurisdiction)) if one in own), COUNTRY)


def _above(region: str) -> tuple[str, ...]:
    return () if region == COUNTRY else ancestors(region)


async def _own_breaks(connection: AsyncConnection) -> dict[str, tuple[Break, ...]]:
    stored = await own_breaks_in_force(connection)
    return {COUNTRY: load_breaks()} | {region: breaks_of(data) for region, data in stored.items()}


def _in_force(own: OwnBreaks, region: str) -> tuple[Break, ...]:
    """Return what holds in a region, the day before it gets breaks of its own as well."""
    known = own if region in own else {**own, region: ()}
    return region_of(region, known).all
