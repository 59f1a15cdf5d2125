"""Anchors, and what each of them covers."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.anchor import ANCHOR_COLUMNS, Anchor, DayContent, Hasher, anchor_of
from app.domain.anchor_day import ACCESS_COLUMNS, DayDigest
from app.domain.clock import end_of_day, start_of_day

ROWS_AT_ONCE = 1_000
_LISTED = ", ".join(ANCHOR_COLUMNS)
_ANCHORS = text(f"SELECT {_LISTED} FROM anchor ORDER BY day")
_PAGE = text(
    f"SELECT {_LISTED} FROM anchor WHERE CAST(:before AS date) IS NULL OR day < :before ORDER BY day DESC LIMIT :limit"
)
_NEWEST = text("SELECT day, digest FROM anchor ORDER BY day DESC LIMIT 1")
_FIRST_RECORD = text(
    "SELECT least((SELECT min(recorded_at) FROM event), (SELECT min(at) FROM act), (SELECT min(at) FROM access))"
)
_OPEN_SINCE = text("SELECT is_transaction_open_since(:before)")
_EVENTS = text(
    "SELECT appeal_id, sequence, digest FROM event WHERE recorded_at >= :begin AND recorded_at < :end "
    "ORDER BY appeal_id, sequence, id"
)
_ACTS = text("SELECT id, digest FROM act WHERE at >= :begin AND at < :end ORDER BY id")
_ACCESSES = text(f"SELECT {', '.join(ACCESS_COLUMNS)} FROM access WHERE at >= :begin AND at < :end ORDER BY id")


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


async def first_record(connection: AsyncConnection) -> datetime | None:
    """Return the instant of the oldest thing that an anchor covers."""
    found: datetime | None = (await connection.execute(_FIRST_RECORD)).scalar()
    return found


async def is_open_since(connection: AsyncConnection, before: datetime) -> bool:
    """Tell whether a transaction is still open that began before an instant, as far as the tables' owner may see."""
    return bool((await connection.execute(_OPEN_SINCE, {"before": before})).scalar())


async def day_content(connection: AsyncConnection, day: date, hasher: Hasher) -> DayContent:
    """Return what one office day added to the history; within a `snapshot`."""
    span = {"begin": start_of_day(day), "end": end_of_day(day)}
    content = DayDigest(hasher)
    async for row in _rows(connection, _EVENTS, span):
        content.add_event(row["appeal_id"], row["sequence"], row["digest"])
    async for row in _rows(connection, _ACTS, span):
        content.add_act(row["id"], row["digest"])
    async for row in _rows(connection, _ACCESSES, span):
        content.add_access(row)
    return content.content()


async def _rows(
    connection: AsyncConnection, statement: TextClause, span: Mapping[str, datetime]
) -> AsyncIterator[Mapping[str, Any]]:
    async with connection.stream(statement, span) as result:
        async for rows in result.mappings().partitions(ROWS_AT_ONCE):
            for row in rows:
                yield dict(row)
