"""Notices put forward to change a working calendar."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_PUBLICATIONS = text("SELECT * FROM calendar_publication ORDER BY proposed_at DESC, id DESC LIMIT 200")
_PUBLICATION = text("SELECT * FROM calendar_publication WHERE id = :id")
_LOCK_PUBLICATION = text("SELECT * FROM calendar_publication WHERE id = :id FOR UPDATE")
_EFFECTIVE = text(
    "SELECT id FROM calendar_publication WHERE state = 'approved' AND effective_at <= :now ORDER BY effective_at, id"
)


async def publications(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Return the notices put forward, newest first."""
    return [dict(row) for row in (await connection.execute(_PUBLICATIONS)).mappings()]


async def publication_row(
    connection: AsyncConnection, publication_id: UUID, *, lock: bool = False
) -> dict[str, Any] | None:
    """Return one notice put forward, locked if asked."""
    query = _LOCK_PUBLICATION if lock else _PUBLICATION
    row = (await connection.execute(query, {"id": publication_id})).mappings().first()
    return None if row is None else dict(row)


async def effective_publications(connection: AsyncConnection, now: datetime) -> list[UUID]:
    """Return the approved notices whose effective instant has come."""
    return list((await connection.execute(_EFFECTIVE, {"now": now})).scalars())
