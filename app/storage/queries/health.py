"""Whether the database answers, and with which schema."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_REVISION = text("SELECT version_num FROM alembic_version")


async def schema_revision(connection: AsyncConnection) -> str | None:
    """Return the migration that the database stands at."""
    revision: str | None = (await connection.execute(_REVISION)).scalar()
    return revision
