"""What the upkeep of a database asks for."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.queries.health import schema_revision

_HAS_SCHEMA = text("SELECT to_regclass('alembic_version') IS NOT NULL")
# In parts, so that no statement runs long and no lock is held long, however much has piled up.
_FORGET_ANSWERS = text(
    "DELETE FROM idempotency WHERE ctid IN "
    "(SELECT ctid FROM idempotency WHERE created_at < :before LIMIT :limit FOR UPDATE SKIP LOCKED)"
)


async def found_revision(connection: AsyncConnection) -> str | None:
    """Return the migration that the database stands at; None for one that was never migrated."""
    has_schema = (await connection.execute(_HAS_SCHEMA)).scalar_one()
    return await schema_revision(connection) if has_schema else None


async def forget_answers(connection: AsyncConnection, *, before: datetime, limit: int) -> int:
    """Remove at most `limit` answers given before an instant; return how many went."""
    return (await connection.execute(_FORGET_ANSWERS, {"before": before, "limit": limit})).rowcount
