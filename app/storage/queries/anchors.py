"""Anchors as they are kept."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.anchor import ANCHOR_COLUMNS, Anchor, anchor_of

_LISTED = ", ".join(ANCHOR_COLUMNS)
_ANCHORS = text(f"SELECT {_LISTED} FROM anchor ORDER BY day")
_PAGE = text(
    f"SELECT {_LISTED} FROM anchor WHERE CAST(:before AS date) IS NULL OR day < :before ORDER BY day DESC LIMIT :limit"
)
_NEWEST = text("SELECT day, digest FROM anchor ORDER BY day DESC LIMIT 1")


async def anchors(connection: AsyncConnection) -> list[Anchor]:
    """Return every anchor, first day first."""
    return [anchor_of(dict(row)) for row in (await connection.execute(_ANCHORS)).mappings()]


async def anchor_page(connection: AsyncConnection, *, before: date | None, limit: int) -> list[Anchor]:
    """Return at most `limit` anchors, newest first, of the days before one."""
    rows = await connection.execute(_PAGE, {"before": before, "limit": limit})
    return [anchor_of(dict(row)) for row in rows.mappings()]


async def newest_anchor(connection: AsyncConnection) -> tuple[date, str] | None:
    """Return day and digest of the newest anchor."""
    row = (await connection.execute(_NEWEST)).first()
    return None if row is None else (row.day, row.digest)
