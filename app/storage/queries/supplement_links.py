"""Single-use links by which an enterprise supplies what is missing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_LIVE = text(
    "SELECT * FROM supplement_link WHERE digest = :digest AND used_at IS NULL AND voided_at IS NULL "
    "AND expires_at > :now"
)
_VOID = text(
    "UPDATE supplement_link SET voided_at = :now WHERE appeal_id = :appeal AND used_at IS NULL AND voided_at IS NULL"
)


async def live_link(connection: AsyncConnection, digest: str, now: datetime) -> dict[str, Any] | None:
    """Return the link of a token, if it still counts."""
    row = (await connection.execute(_LIVE, {"digest": digest, "now": now})).mappings().first()
    return None if row is None else dict(row)


async def void_supplement_links(connection: AsyncConnection, appeal_id: UUID, now: datetime) -> None:
    """Make earlier, unused links of an appeal worthless."""
    await connection.execute(_VOID, {"appeal": appeal_id, "now": now})
