"""The published calendars as one process knows them."""

from dataclasses import replace
from datetime import datetime

from app.calendars import load_calendar, load_statutory_days
from app.domain.calendar import WorkCalendar, build
from app.domain.errors import Invalid
from app.domain.notice import COUNTRY, breaks_of
from app.policies import ancestors
from app.storage import AsyncConnection
from app.storage.queries.calendars import breaks_of_version, versions_at, versions_in_force


class Calendars:
    """Calendars by version and by region; a version never changes, so each is built once.

    What is in force is learnt once and again after a write was refused because another version had come into force;
    until a database holds any, the calendar that comes with the program counts.
    """

    def __init__(self) -> None:
        packaged = load_calendar()
        self.known = False
        self._asked = self._learnt = 0
        self._packaged = packaged
        self._built = {packaged.version: packaged}
        self._in_force: dict[str, str] = {}

    async def learn(self, connection: AsyncConnection) -> None:
        """Read which version is in force in which region; a reading that a later one has overtaken is dropped."""
        self._asked += 1
        asked = self._asked
        in_force = await versions_in_force(connection)
        for region, version in in_force.items():
            await self._build(connection, region, version)
        if asked > self._learnt:
            self._in_force, self._learnt, self.known = in_force, asked, True

    def forget(self) -> None:
        """Read anew before the next unit of work."""
        self.known = False

    def of(self, jurisdiction: str | None) -> WorkCalendar:
        """Return the calendar in force in a jurisdiction: its own, the nearest one above it, or the country's."""
        version = self._in_force.get(self.region_of(jurisdiction))
        return self._packaged if version is None else self._built[version]

    def region_of(self, jurisdiction: str | None) -> str:
        """Return the region whose calendar a jurisdiction follows."""
        if jurisdiction is None or jurisdiction in self._in_force:
            return jurisdiction or COUNTRY
        return next((region for region in _above(jurisdiction) if region in self._in_force), COUNTRY)

    @property
    def versions(self) -> frozenset[str]:
        """The versions known to be in force; empty while the database holds none."""
        return frozenset(self._in_force.values())

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that have a calendar of their own."""
        return tuple(self._in_force) or (COUNTRY,)

    async def at_instant(self, connection: AsyncConnection, jurisdiction: str, instant: datetime) -> WorkCalendar:
        """Return the calendar that was in force in a jurisdiction at an instant; the first ever before that."""
        versions = await versions_at(connection, instant)
        regions = (jurisdiction, *_above(jurisdiction), COUNTRY)
        version = next((versions[region] for region in regions if region in versions), None)
        found = None if version is None else await self.at_version(connection, version)
        return found or self._packaged

    async def at_version(self, connection: AsyncConnection, version: str) -> WorkCalendar | None:
        """Return a version that was ever in force; none for one that this database never held."""
        if version not in self._built:
            await self._build(connection, version.partition("-")[0], version)
        return self._built.get(version)

    async def _build(self, connection: AsyncConnection, region: str, version: str) -> None:
        if version in self._built:
            return
        data = await breaks_of_version(connection, version)
        if data is not None:
            calendar = build(breaks_of(data), label=region, statutory=load_statutory_days())
            self._built[version] = replace(calendar, version=version)


def _above(jurisdiction: str) -> tuple[str, ...]:
    try:
        return ancestors(jurisdiction)
    except Invalid:
        return ()
