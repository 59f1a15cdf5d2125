"""When keys and sessions were used last."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection


def _noting(table: str) -> TextClause:
    """Return the statement that notes when rows of a table were used last.

    Two processes that note the same row at once do not wait for each other: either note will do.
    """
    return text(
        f"UPDATE {table} SET last_used_at = u.at "
        "FROM unnest(CAST(:ids AS uuid[]), CAST(:ats AS timestamptz[])) AS u(id, at) "
        f"WHERE {table}.id = u.id AND ({table}.last_used_at IS NULL OR {table}.last_used_at < u.at) "
        f"AND {table}.id IN (SELECT id FROM {table} WHERE id = ANY(CAST(:ids AS uuid[])) FOR UPDATE SKIP LOCKED)"
    )


_NOTE_KEYS = _noting("api_key")
_NOTE_SESSIONS = _noting("session")


async def note_key_uses(connection: AsyncConnection, uses: Mapping[UUID, datetime]) -> None:
    """Note when keys were used last, all in one statement; an older instant changes nothing."""
    await connection.execute(_NOTE_KEYS, {"ids": list(uses), "ats": list(uses.values())})


async def note_session_uses(connection: AsyncConnection, uses: Mapping[UUID, datetime]) -> None:
    """Note when sessions were used last, all in one statement; an older instant changes nothing."""
    await connection.execute(_NOTE_SESSIONS, {"ids": list(uses), "ats": list(uses.values())})
