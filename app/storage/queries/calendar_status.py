"""Which calendars are or were in force, and how many clocks wait for the next one."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_HISTORY = text(
    "SELECT c.region, c.version, c.published_until, c.in_force_from, c.superseded_at, c.publication_id, "
    "p.content -> 'notice' ->> 'title' AS title "
    "FROM calendar c LEFT JOIN calendar_publication p ON p.id = c.publication_id "
    "ORDER BY c.in_force_from DESC, c.region LIMIT 200"
)
_WAITING = text(
    "SELECT extract(year FROM due_day)::int AS year, count(*) AS clocks FROM clock "
    "WHERE provisional AND state <> 'stopped' GROUP BY 1 ORDER BY 1"
)


async def calendar_history(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Return the versions that are or were in force, newest first."""
    return [dict(row) for row in (await connection.execute(_HISTORY)).mappings()]


async def clocks_waiting(connection: AsyncConnection) -> dict[int, int]:
    """Return by year how many open clocks have a due date that is only projected."""
    return {year: clocks for year, clocks in await connection.execute(_WAITING)}
