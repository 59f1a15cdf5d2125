"""What an anchor covers, and whether a day can be sealed yet."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.anchor import DayContent, Hasher
from app.domain.anchor_day import ACCESS_COLUMNS, DayDigest
from app.domain.clock import end_of_day, start_of_day

ROWS_AT_ONCE = 1_000
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
