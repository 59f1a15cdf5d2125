"""Sessions of people who signed in by password."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.queries.credentials import ACCOUNT_COLUMNS

_BY_SESSION = text(
    f"SELECT {ACCOUNT_COLUMNS}, s.id AS credential_id, s.last_used_at, c.must_change FROM session s "
    "JOIN account a ON a.id = s.account_id JOIN credential c ON c.account_id = a.id "
    "WHERE s.digest = :digest AND s.revoked_at IS NULL AND a.disabled_at IS NULL AND s.expires_at > :now"
)
_SESSIONS = text(
    "SELECT * FROM session WHERE account_id = :account AND revoked_at IS NULL AND expires_at > :now "
    "ORDER BY created_at DESC, id DESC LIMIT :limit"
)
_LOCK_SESSION = text("SELECT * FROM session WHERE id = :id AND account_id = :account FOR UPDATE")
_REVOKE_OTHERS = text(
    "UPDATE session SET revoked_at = :now WHERE account_id = :account AND revoked_at IS NULL "
    "AND id IS DISTINCT FROM CAST(:kept AS uuid)"
)
_FORGET = text("DELETE FROM session WHERE expires_at < :before")


async def account_of_session(connection: AsyncConnection, digest: str, now: datetime) -> dict[str, Any] | None:
    """Return the account that a session signs in, while both count; whether it was idle is for the caller to say."""
    row = (await connection.execute(_BY_SESSION, {"digest": digest, "now": now})).mappings().first()
    return None if row is None else dict(row)


async def sessions_of(
    connection: AsyncConnection, account_id: UUID, now: datetime, *, limit: int
) -> list[dict[str, Any]]:
    """Return the sessions of an account that have neither ended nor been ended, newest first."""
    found = await connection.execute(_SESSIONS, {"account": account_id, "now": now, "limit": limit})
    return [dict(row) for row in found.mappings()]


async def lock_session(connection: AsyncConnection, session_id: UUID, account_id: UUID) -> dict[str, Any] | None:
    """Lock one session of an account; None if it has no such session."""
    row = (await connection.execute(_LOCK_SESSION, {"id": session_id, "account": account_id})).mappings().first()
    return None if row is None else dict(row)


async def revoke_sessions(
    connection: AsyncConnection, account_id: UUID, now: datetime, *, kept: UUID | None = None
) -> None:
    """End the sessions of an account, but for one."""
    await connection.execute(_REVOKE_OTHERS, {"account": account_id, "now": now, "kept": kept})


async def forget_sessions(connection: AsyncConnection, *, before: datetime) -> None:
    """Remove the sessions that ended before an instant."""
    await connection.execute(_FORGET, {"before": before})
