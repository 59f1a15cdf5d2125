"""What the upkeep of a database asks for."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# In parts, so that no statement runs long and no lock is held long, however much has piled up.
_FORGET_ANSWERS = text(
    "DELETE FROM idempotency WHERE ctid IN "
    "(SELECT ctid FROM idempotency WHERE created_at < :before LIMIT :limit FOR UPDATE SKIP LOCKED)"
)


async def forget_answers(connection: AsyncConnection, *, before: datetime, limit: int) -> int:
    """Remove at most `limit` answers given before an instant; return how many went."""
    return (await connection.execute(_FORGET_ANSWERS, {"before": before, "limit": limit})).rowcount
