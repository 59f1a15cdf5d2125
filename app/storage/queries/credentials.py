"""Keys: whom they sign in, and how they end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

ACCOUNT_COLUMNS = "a.id, a.name, a.roles, a.jurisdictions, a.department, a.enterprise_id, a.channel"
_BY_KEY = text(
    f"SELECT {ACCOUNT_COLUMNS}, k.id AS credential_id, k.scopes FROM api_key k JOIN account a ON a.id = k.account_id "
    "WHERE k.digest = :digest AND k.revoked_at IS NULL AND a.disabled_at IS NULL "
    "AND (k.expires_at IS NULL OR k.expires_at > :now)"
)
_KEYS = text("SELECT * FROM api_key WHERE account_id = :account ORDER BY created_at DESC, id DESC LIMIT :limit")
_LOCK_KEY = text("SELECT * FROM api_key WHERE id = :id AND account_id = :account FOR UPDATE")
_LIVE_KEYS = text(
    "SELECT count(*) FROM api_key WHERE account_id = :account AND revoked_at IS NULL "
    "AND (expires_at IS NULL OR expires_at > :now)"
)
_REVOKE_KEYS = text("UPDATE api_key SET revoked_at = :now WHERE account_id = :account AND revoked_at IS NULL")


async def account_of_key(connection: AsyncConnection, digest: str, now: datetime) -> dict[str, Any] | None:
    """Return the account that a key signs in, while key and account count."""
    row = (await connection.execute(_BY_KEY, {"digest": digest, "now": now})).mappings().first()
    return None if row is None else dict(row)


async def keys_of(connection: AsyncConnection, account_id: UUID, *, limit: int) -> list[dict[str, Any]]:
    """Return the keys of an account, newest first, dead ones too."""
    found = await connection.execute(_KEYS, {"account": account_id, "limit": limit})
    return [dict(row) for row in found.mappings()]


async def lock_key(connection: AsyncConnection, key_id: UUID, account_id: UUID) -> dict[str, Any] | None:
    """Lock one key of an account."""
    row = (await connection.execute(_LOCK_KEY, {"id": key_id, "account": account_id})).mappings().first()
    return None if row is None else dict(row)


async def live_key_count(connection: AsyncConnection, account_id: UUID, now: datetime) -> int:
    """Return how many keys of an account count."""
    return int((await connection.execute(_LIVE_KEYS, {"account": account_id, "now": now})).scalar_one())


async def revoke_keys(connection: AsyncConnection, account_id: UUID, now: datetime) -> None:
    """Revoke every key of an account."""
    await connection.execute(_REVOKE_KEYS, {"account": account_id, "now": now})
