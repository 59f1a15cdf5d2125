"""What was tried in vain, by login and address."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

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
_FORGET_FAILURES = text("DELETE FROM sign_in_failure WHERE failed_at < :before")


async def lock_failures(connection: AsyncConnection, digest: str, now: datetime) -> dict[str, Any]:
    """Lock how often a login was tried from an address; 0 times for the first."""
    return dict((await connection.execute(_LOCK_FAILURES, {"digest": digest, "now": now})).mappings().one())


async def count_failure(connection: AsyncConnection, digest: str, counted: dict[str, object]) -> None:
    """Save what `lock_failures` has locked, counted up."""
    await connection.execute(_COUNT_FAILURE, {"digest": digest, **counted})


async def clear_failures(connection: AsyncConnection, digest: str) -> None:
    """Forget what was tried in vain: somebody has got in."""
    await connection.execute(_CLEAR_FAILURES, {"digest": digest})


async def forget_failures(connection: AsyncConnection, *, before: datetime) -> None:
    """Remove what was tried in vain before an instant."""
    await connection.execute(_FORGET_FAILURES, {"before": before})
