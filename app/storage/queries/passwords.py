"""Logins with their passwords and second factors."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_LIVE = "SELECT c.* FROM credential c JOIN account a ON a.id = c.account_id AND a.disabled_at IS NULL"
_BY_LOGIN = text(f"{_LIVE} WHERE c.login = :login")
_BY_ACCOUNT = text(f"{_LIVE} WHERE c.account_id = :account")
_LOCK = text("SELECT * FROM credential WHERE account_id = :account FOR UPDATE")
_USE_STEP = text(
    "UPDATE credential SET totp_step = :step WHERE id = :id AND (totp_step IS NULL OR totp_step < :step) RETURNING id"
)
_USE_RECOVERY = text(
    "UPDATE credential SET recovery_digests = array_remove(recovery_digests, :digest) "
    "WHERE id = :id AND :digest = ANY(recovery_digests) RETURNING id"
)
_CHANGE = text(
    "UPDATE credential SET password_hash = :new, must_change = false, changed_at = :now "
    "WHERE id = :id AND password_hash = :old RETURNING id"
)


async def credential_of_login(connection: AsyncConnection, login: str) -> dict[str, Any] | None:
    """Return the credential of a login whose account counts."""
    row = (await connection.execute(_BY_LOGIN, {"login": login})).mappings().first()
    return None if row is None else dict(row)


async def credential_of_account(connection: AsyncConnection, account_id: UUID) -> dict[str, Any] | None:
    """Return the credential of an account that counts."""
    row = (await connection.execute(_BY_ACCOUNT, {"account": account_id})).mappings().first()
    return None if row is None else dict(row)


async def lock_credential(connection: AsyncConnection, account_id: UUID) -> dict[str, Any] | None:
    """Lock the credential of an account."""
    row = (await connection.execute(_LOCK, {"account": account_id})).mappings().first()
    return None if row is None else dict(row)


async def use_step(connection: AsyncConnection, credential_id: UUID, step: int) -> bool:
    """Use up a time step and all before it; False if it has been used."""
    return (await connection.execute(_USE_STEP, {"id": credential_id, "step": step})).first() is not None


async def use_recovery_code(connection: AsyncConnection, credential_id: UUID, digest: str) -> bool:
    """Use up a recovery code; False if it has been used."""
    return (await connection.execute(_USE_RECOVERY, {"id": credential_id, "digest": digest})).first() is not None


async def change_password_hash(
    connection: AsyncConnection, credential_id: UUID, *, old: str, new: str, now: datetime
) -> bool:
    """Put one hash in the place of another; False if somebody else has done so meanwhile."""
    values = {"id": credential_id, "old": old, "new": new, "now": now}
    return (await connection.execute(_CHANGE, values)).first() is not None
