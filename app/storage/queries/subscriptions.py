"""Subscriptions: an account's own, and those that announcements are sent to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_OF_ACCOUNT = text(
    "SELECT * FROM subscription WHERE account_id = :account AND deleted_at IS NULL ORDER BY created_at DESC, id DESC"
)
_ONE = text("SELECT * FROM subscription WHERE id = :id AND account_id = :account AND deleted_at IS NULL")
_LOCK = text(f"{_ONE.text} FOR NO KEY UPDATE")
_LOCK_ANY = text("SELECT * FROM subscription WHERE id = :id AND deleted_at IS NULL FOR NO KEY UPDATE")
_LIVE = text(
    "SELECT s.*, a.name, a.roles, a.jurisdictions, a.department, a.enterprise_id, a.channel "
    "FROM subscription s JOIN account a ON a.id = s.account_id AND a.disabled_at IS NULL "
    "WHERE s.deleted_at IS NULL AND s.state <> 'disabled' ORDER BY s.id"
)
_WITH_OWNER = text(f"{_LIVE.text.removesuffix(' ORDER BY s.id')} AND s.id = :id")
_NOTE = text(
    "UPDATE subscription SET failing_since = :failing_since, state = :state, state_reason = :reason WHERE id = :id"
)


async def subscriptions_of(connection: AsyncConnection, account_id: UUID) -> list[dict[str, Any]]:
    """Return an account's subscriptions, newest first."""
    return [dict(row) for row in (await connection.execute(_OF_ACCOUNT, {"account": account_id})).mappings()]


async def subscription_of(
    connection: AsyncConnection, subscription_id: UUID, account_id: UUID, *, lock: bool = False
) -> dict[str, Any] | None:
    """Return one of an account's subscriptions; none for a foreign and an unknown one alike."""
    asked = {"id": subscription_id, "account": account_id}
    row = (await connection.execute(_LOCK if lock else _ONE, asked)).mappings().first()
    return None if row is None else dict(row)


async def lock_subscription(connection: AsyncConnection, subscription_id: UUID) -> dict[str, Any] | None:
    """Lock a subscription, whoever's it is; for the worker."""
    row = (await connection.execute(_LOCK_ANY, {"id": subscription_id})).mappings().first()
    return None if row is None else dict(row)


async def live_subscriptions(connection: AsyncConnection) -> Sequence[dict[str, Any]]:
    """Return every subscription that announcements are kept for, with the account that it belongs to."""
    return [dict(row) for row in (await connection.execute(_LIVE)).mappings()]


async def subscription_with_owner(connection: AsyncConnection, subscription_id: UUID) -> dict[str, Any] | None:
    """Return one of them; none if it is gone, disabled, or its account is."""
    row = (await connection.execute(_WITH_OWNER, {"id": subscription_id})).mappings().first()
    return None if row is None else dict(row)


async def note_health(
    connection: AsyncConnection, subscription_id: UUID, *, failing_since: datetime | None, state: str, reason: str
) -> None:
    """Note how an endpoint fares."""
    asked = {"id": subscription_id, "failing_since": failing_since, "state": state, "reason": reason}
    await connection.execute(_NOTE, asked)
