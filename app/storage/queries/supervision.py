"""Supervision records."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_SUPERVISION = text("SELECT s.*, a.number FROM supervision s JOIN appeal a ON a.id = s.appeal_id WHERE s.id = :id")


_SUPERVISIONS = text("SELECT * FROM supervision WHERE appeal_id = :appeal ORDER BY issued_at, rung")


async def supervision_row(connection: AsyncConnection, supervision_id: UUID) -> dict[str, Any] | None:
    """Return one supervision record."""
    row = (await connection.execute(_SUPERVISION, {"id": supervision_id})).mappings().first()
    return None if row is None else dict(row)


async def supervisions_of(connection: AsyncConnection, appeal_id: UUID) -> list[dict[str, Any]]:
    """Return the supervision records of an appeal, oldest first."""
    return [dict(row) for row in (await connection.execute(_SUPERVISIONS, {"appeal": appeal_id})).mappings()]
