"""Replies."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.appeal import Outcome, ReplyFacts

_REPLY = text("SELECT * FROM reply WHERE id = :id")


_LAST_REPLY = text(
    "SELECT * FROM reply WHERE appeal_id = :appeal AND kind = 'substantive' AND approved_at IS NOT NULL "
    "ORDER BY approved_at DESC LIMIT 1"
)


_REPLIES = text("SELECT * FROM reply WHERE appeal_id = :appeal ORDER BY written_at, id")


async def reply_row(connection: AsyncConnection, reply_id: UUID) -> dict[str, Any] | None:
    """Return one reply."""
    row = (await connection.execute(_REPLY, {"id": reply_id})).mappings().first()
    return None if row is None else dict(row)


async def approved_reply(connection: AsyncConnection, appeal_id: UUID) -> dict[str, Any] | None:
    """Return the substantive reply that was approved last."""
    row = (await connection.execute(_LAST_REPLY, {"appeal": appeal_id})).mappings().first()
    return None if row is None else dict(row)


async def replies_of(connection: AsyncConnection, appeal_id: UUID) -> list[dict[str, Any]]:
    """Return every reply of an appeal, oldest first."""
    return [dict(row) for row in (await connection.execute(_REPLIES, {"appeal": appeal_id})).mappings()]


async def last_reply(connection: AsyncConnection, appeal_id: UUID) -> ReplyFacts | None:
    """Return what the guards ask about the substantive reply that was approved last."""
    row = await approved_reply(connection, appeal_id)
    return None if row is None else reply_facts(row)


def reply_facts(row: dict[str, Any]) -> ReplyFacts:
    """Make of a stored reply what the guards ask about it."""
    return ReplyFacts(
        id=row["id"],
        writer_id=row["writer_id"],
        round=row["round"],
        approver_id=row["approver_id"],
        result_type=None if row["result_type"] is None else Outcome(row["result_type"]),
        approved_at=row["approved_at"],
        reviewer_id=row["reviewer_id"],
    )
