"""Logins with their passwords and second factors, and what was tried in vain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_LIVE = "SELECT c.* FROM credential c JOIN account a ON a.id = c.account_id AND a.disabled_at IS NULL"
_BY_LOGIN = text(f"{_LIVE} WHERE c.login = :login")
_BY_ACCOUNT = text(f"{_LIVE} WHERE c.account_id = :account")
_LOCK = text("SELECT * FROM credential WHERE account_id = :account FOR UPDATE")
# An empty row is made first, so that two attempts at once queue up behind one lock.
_LOCK_FAILURES = text(
    "INSERT INTO sign_in_failure (digest, failures, failed_at, blocked_until) VALUES (:digest, 0, :now, :now) "
    "ON CONFLICT (digest) DO UPDATE SET digest = EXCLUDED.digest RETURNING failures, failed_at, blocked_until"
)
_COUNT_FAILURE = text(
    "UPDATE sign_in_failure SET failures = :failures, failed_at = :failed_at, blocked_until = :blocked_until "
    "WHERE digest = :digest"
)
_CLEAR_FAILURES = text("DELETE FROM sign_in_failure WHERE digest = :digest")
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
_FORGET_FAILURES = text("DELETE FROM sign_in_failure WHERE failed_at < :before")


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


async def lock_failures(connection: AsyncConnection, digest: str, now: datetime) -> dict[str, Any]:
    """Lock how often a login was tried from an address; 0 times for the first."""
    return dict((await connection.execute(_LOCK_FAILURES, {"digest": digest, "now": now})).mappings().one())


async def count_failure(connection: AsyncConnection, digest: str, counted: dict[str, object]) -> None:
    """Save what `lock_failures` has locked, counted up."""
    await connection.execute(_COUNT_FAILURE, {"digest": digest, **counted})


async def clear_failures(connection: AsyncConnection, digest: str) -> None:
    """Forget what was tried in vain: somebody has got in."""
    await connection.execute(_CLEAR_FAILURES, {"digest": digest})


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


async def forget_failures(connection: AsyncConnection, *, before: datetime) -> None:
    """Remove what was tried in vain before an instant."""
    await connection.execute(_FORGET_FAILURES, {"before": before})
