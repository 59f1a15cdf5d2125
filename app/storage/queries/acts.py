"""The chain of administrative acts."""

from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.act import ACT_COLUMNS

ROWS_AT_ONCE = 1_000
# Any number of ours: whoever holds this lock appends to the chain.
ACT_LOCK: Final = 7_405_241_184
_LOCK = text(f"SELECT pg_advisory_xact_lock({ACT_LOCK})")
_NEWEST = text("SELECT head_of_acts()")
_ALL = text(f"SELECT id, {', '.join(ACT_COLUMNS)}, digest FROM act ORDER BY id")

_AFTER = text(f"SELECT id, {', '.join(ACT_COLUMNS)}, digest FROM act WHERE id > :after ORDER BY id LIMIT :limit")


async def lock_newest_digest(connection: AsyncConnection) -> str:
    """Return the digest at the end of the chain, which nobody else appends to until the transaction ends."""
    await connection.execute(_LOCK)
    # A statement of its own: it sees what was committed while the lock was waited for.
    digest: str | None = (await connection.execute(_NEWEST)).scalar()
    return digest or ""


async def acts_after(connection: AsyncConnection, *, after: int, limit: int) -> list[dict[str, Any]]:
    """Return the acts that follow one; none is committed later before it, for they wait for one another."""
    found = await connection.execute(_AFTER, {"after": after, "limit": limit})
    return [dict(row) for row in found.mappings()]


async def all_acts(connection: AsyncConnection) -> AsyncIterator[dict[str, Any]]:
    """Yield every act in the order of the chain; within a `snapshot`."""
    async with connection.stream(_ALL) as result:
        async for rows in result.mappings().partitions(ROWS_AT_ONCE):
            for row in rows:
                yield dict(row)
