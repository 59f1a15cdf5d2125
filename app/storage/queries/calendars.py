"""Working calendars in force, now or at an instant."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_IN_FORCE = text("SELECT region, version FROM calendar WHERE superseded_at IS NULL")
_BREAKS = text("SELECT breaks FROM calendar WHERE version = :version LIMIT 1")
_AT = text(
    "SELECT region, version FROM calendar WHERE in_force_from <= :at AND (superseded_at IS NULL OR superseded_at > :at)"
)
_OWN_BREAKS = text("SELECT region, own_breaks FROM calendar WHERE superseded_at IS NULL")
_SUPERSEDE = text("UPDATE calendar SET superseded_at = :now WHERE region = ANY(:regions) AND superseded_at IS NULL")


async def versions_in_force(connection: AsyncConnection) -> dict[str, str]:
    """Return the version in force by region."""
    return {region: version for region, version in await connection.execute(_IN_FORCE)}


async def breaks_of_version(connection: AsyncConnection, version: str) -> list[dict[str, Any]] | None:
    """Return the breaks of a version as plain data; none for one that was never in force."""
    found: list[dict[str, Any]] | None = (await connection.execute(_BREAKS, {"version": version})).scalar()
    return found


async def versions_at(connection: AsyncConnection, at: datetime) -> dict[str, str]:
    """Return by region the version that was in force at an instant; nothing before the first one."""
    return {region: version for region, version in await connection.execute(_AT, {"at": at})}


async def own_breaks_in_force(connection: AsyncConnection) -> dict[str, list[dict[str, Any]]]:
    """Return by region the breaks that are the region's own."""
    return {region: breaks for region, breaks in await connection.execute(_OWN_BREAKS)}


async def supersede(connection: AsyncConnection, regions: list[str], now: datetime) -> None:
    """End the validity of what is in force in some regions."""
    await connection.execute(_SUPERSEDE, {"regions": regions, "now": now})
