"""Where the working calendars stand, and which open clocks wait for a notice."""

from datetime import date
from typing import Any

from app.domain.notice import COUNTRY
from app.domain.publication import PublicationState
from app.services.office import Work
from app.storage.queries.calendar_status import calendar_history, clocks_waiting
from app.storage.queries.publications import publications


async def calendar_status(work: Work) -> dict[str, Any]:
    """Return what is in force by region, which years are published, and how many open clocks wait for which year."""
    connection = work.connection
    # Only numbers leave, and they are the same for everybody.
    await work.stand_for_office()
    await work.calendars.learn(connection)
    waiting = await clocks_waiting(connection)
    proposed = [row for row in await publications(connection) if row["state"] in _OPEN]
    return {
        "regions": [_region(work, region) for region in sorted(work.calendars.regions, key=_country_first)],
        "waiting": [{"year": year, "clocks": clocks} for year, clocks in waiting.items()],
        "open_publications": len(proposed),
        "history": await calendar_history(connection),
    }


_OPEN = (PublicationState.PROPOSED, PublicationState.APPROVED)


def _region(work: Work, region: str) -> dict[str, Any]:
    calendar = work.calendars.of(None if region == COUNTRY else region)
    return {
        "region": region,
        "version": calendar.version,
        "published_from": calendar.first_day,
        "published_until": calendar.published_until,
        "first_unpublished_year": calendar.published_until.year + 1,
        "projected_until": date(calendar.last_day.year, 12, 31),
    }


def _country_first(region: str) -> tuple[bool, str]:
    return region != COUNTRY, region
