"""Who has read confidential appeals."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.anchor_day import ACCESS_COLUMNS
from app.domain.errors import NotRecorded
from app.storage.queries.lists import Page

ROWS_AT_ONCE = 1_000
_LISTED = ", ".join(ACCESS_COLUMNS)
_ALL = text(f"SELECT {_LISTED} FROM access ORDER BY id")
_BETWEEN = text(f"SELECT {_LISTED} FROM access WHERE at >= :begin AND at < :end ORDER BY id")
_INSERT = text(f"INSERT INTO access ({_LISTED}) VALUES ({', '.join(f':{name}' for name in ACCESS_COLUMNS)})")
_PAGE = text(
    f"SELECT {_LISTED} FROM access WHERE appeal_id = :appeal "
    "AND (CAST(:after_at AS timestamptz) IS NULL OR (at, id) < (:after_at, CAST(:after_id AS uuid))) "
    "ORDER BY at DESC, id DESC LIMIT :limit"
)


async def insert_access(connection: AsyncConnection, access: Mapping[str, object]) -> None:
    """Store one reading; raise `NotRecorded` where the database does not take it."""
    try:
        await connection.execute(_INSERT, access)
    except DBAPIError as error:
        raise NotRecorded from error


async def accesses_of(connection: AsyncConnection, appeal_id: UUID, page: Page) -> list[dict[str, Any]]:
    """Return one page of the readings of an appeal, newest first; one row more than asked tells that more follow."""
    after_at, after_id = page.after or (None, None)
    values = {"appeal": appeal_id, "after_at": after_at, "after_id": after_id, "limit": page.limit + 1}
    return [dict(row) for row in (await connection.execute(_PAGE, values)).mappings()]


async def all_accesses(connection: AsyncConnection) -> AsyncIterator[dict[str, Any]]:
    """Yield every reading in the order of its id; within a `snapshot`."""
    async for row in _streamed(connection, _ALL, {}):
        yield row


async def accesses_between(
    connection: AsyncConnection, begin: datetime, end: datetime
) -> AsyncIterator[dict[str, Any]]:
    """Yield the readings of a span of time in the order of their ids; within a `snapshot`."""
    async for row in _streamed(connection, _BETWEEN, {"begin": begin, "end": end}):
        yield row


async def _streamed(
    connection: AsyncConnection, statement: TextClause, parameters: Mapping[str, object]
) -> AsyncIterator[dict[str, Any]]:
    async with connection.stream(statement, parameters) as result:
        async for rows in result.mappings().partitions(ROWS_AT_ONCE):
            for row in rows:
                yield dict(row)
