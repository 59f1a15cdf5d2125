"""How appeals hang together."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_MERGED = text("SELECT id FROM appeal WHERE master_id = :appeal")


_REOPENED = text("SELECT EXISTS (SELECT 1 FROM appeal WHERE reopens_id = :appeal AND channel = :channel)")


async def merged_into(connection: AsyncConnection, appeal_id: UUID) -> list[UUID]:
    """Return the appeals that were merged into this one."""
    return list((await connection.execute(_MERGED, {"appeal": appeal_id})).scalars())


async def was_reopened(connection: AsyncConnection, appeal_id: UUID, *, channel: str) -> bool:
    """Tell whether an appeal has been filed anew, through one channel, on the ground of this one."""
    return bool((await connection.execute(_REOPENED, {"appeal": appeal_id, "channel": channel})).scalar_one())
