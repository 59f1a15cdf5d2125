"""Deliveries: claimed one per appeal in the order of its history, looked at, and tried again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.queries.lists import Page

# Of each appeal only the oldest that waits may go: what failed holds back what follows it, and nothing else does.
_CLAIM = text(
    "UPDATE delivery SET leased_until = :until WHERE id IN ("
    "SELECT d.id FROM delivery d WHERE d.subscription_id = :subscription AND d.state = 'waiting' "
    "AND d.next_at <= :now AND (d.leased_until IS NULL OR d.leased_until <= :now) AND NOT EXISTS ("
    "SELECT FROM delivery e WHERE e.subscription_id = d.subscription_id AND e.state = 'waiting' "
    "AND e.appeal_id = d.appeal_id AND e.sequence < d.sequence) "
    "ORDER BY d.next_at, d.outbox_id LIMIT :limit FOR UPDATE SKIP LOCKED) "
    "RETURNING id, subscription_id, appeal_id, type, body, attempts, created_at"
)
_DUE = text(
    "SELECT DISTINCT d.subscription_id FROM delivery d JOIN subscription s ON s.id = d.subscription_id "
    "WHERE d.state = 'waiting' AND d.next_at <= :now AND (d.leased_until IS NULL OR d.leased_until <= :now) "
    "AND s.state = 'active' AND s.deleted_at IS NULL"
)
_END = text(
    "UPDATE delivery SET state = :state, attempts = attempts + :tried, next_at = coalesce(:next_at, next_at), "
    "leased_until = NULL, ended_at = :ended_at WHERE id = :id"
)
_OF_SUBSCRIPTION = (
    "SELECT d.id, a.number, d.sequence, d.type, d.state, d.attempts, d.created_at, d.next_at, d.ended_at "
    "FROM delivery d JOIN appeal a ON a.id = d.appeal_id WHERE d.subscription_id = :subscription AND {} "
    "ORDER BY d.created_at DESC, d.id DESC LIMIT :limit"
)
_ATTEMPTS = (
    "SELECT t.id, t.delivery_id, t.at, t.status, t.failure, t.milliseconds, t.excerpt FROM delivery_attempt t "
    "WHERE t.subscription_id = :subscription AND {} ORDER BY t.at DESC, t.id DESC LIMIT :limit"
)
_AGAIN = text(
    "UPDATE delivery SET state = 'waiting', attempts = 0, next_at = :now, ended_at = NULL, leased_until = NULL "
    "WHERE subscription_id = :subscription AND state IN ('dead', 'delivered') "
    "AND CASE WHEN CAST(:delivery AS uuid) IS NOT NULL THEN id = CAST(:delivery AS uuid) "
    "WHEN CAST(:since AS timestamptz) IS NOT NULL THEN created_at >= CAST(:since AS timestamptz) "
    "ELSE state = 'dead' END"
)
_REVIVE = text(
    "UPDATE delivery SET attempts = 0, next_at = :now WHERE subscription_id = :subscription AND state = 'waiting'"
)
_FORGET_ATTEMPTS = text("DELETE FROM delivery_attempt WHERE at < :before")
_FORGET = text(
    "DELETE FROM delivery WHERE ended_at < :before AND state IN ('delivered', 'skipped') "
    "AND NOT EXISTS (SELECT FROM delivery_attempt t WHERE t.delivery_id = delivery.id)"
)


async def claim_deliveries(
    connection: AsyncConnection, subscription_id: UUID, *, now: datetime, until: datetime, limit: int
) -> list[dict[str, Any]]:
    """Lease what may be sent now to one address, no two of one appeal, until an instant; nobody else gets it then."""
    asked = {"subscription": subscription_id, "now": now, "until": until, "limit": limit}
    return [dict(row) for row in (await connection.execute(_CLAIM, asked)).mappings()]


async def due_subscriptions(connection: AsyncConnection, *, now: datetime) -> list[UUID]:
    """Return the addresses that something is to be sent to now."""
    return list((await connection.execute(_DUE, {"now": now})).scalars())


async def end_attempt(
    connection: AsyncConnection,
    delivery_id: UUID,
    state: str,
    *,
    tried: bool,
    next_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> None:
    """Give back a leased delivery as it stands after an attempt, or without one."""
    asked = {"id": delivery_id, "state": state, "tried": int(tried), "next_at": next_at, "ended_at": ended_at}
    await connection.execute(_END, asked)


async def list_deliveries(
    connection: AsyncConnection, subscription_id: UUID, page: Page, *, state: str | None
) -> list[dict[str, Any]]:
    """Return one page of the deliveries of an address, newest first, and one row more if there are more."""
    conditions = ["true"] if state is None else ["d.state = :state"]
    asked: dict[str, object] = {} if state is None else {"state": state}
    if page.after is not None:
        conditions.append("(d.created_at, d.id) < (:after_at, :after_id)")
        asked |= {"after_at": page.after[0], "after_id": page.after[1]}
    statement = text(_OF_SUBSCRIPTION.format(" AND ".join(conditions)))
    rows = await connection.execute(statement, {**asked, "subscription": subscription_id, "limit": page.limit + 1})
    return [dict(row) for row in rows.mappings()]


async def list_attempts(connection: AsyncConnection, subscription_id: UUID, page: Page) -> list[dict[str, Any]]:
    """Return one page of the attempts at an address, newest first, and one row more if there are more."""
    condition, asked = "true", dict[str, object]()
    if page.after is not None:
        condition, asked = (
            "(t.at, t.id) < (:after_at, :after_id)",
            {"after_at": page.after[0], "after_id": page.after[1]},
        )
    statement = text(_ATTEMPTS.format(condition))
    rows = await connection.execute(statement, {**asked, "subscription": subscription_id, "limit": page.limit + 1})
    return [dict(row) for row in rows.mappings()]


async def deliver_again(
    connection: AsyncConnection,
    subscription_id: UUID,
    *,
    delivery_id: UUID | None,
    since: datetime | None,
    now: datetime,
) -> int:
    """Let one delivery, all dead ones, or everything since an instant be sent again; return how many."""
    asked = {"subscription": subscription_id, "delivery": delivery_id, "since": since, "now": now}
    return (await connection.execute(_AGAIN, asked)).rowcount


async def revive_waiting(connection: AsyncConnection, subscription_id: UUID, *, now: datetime) -> None:
    """Begin anew with everything that waits for an address."""
    await connection.execute(_REVIVE, {"subscription": subscription_id, "now": now})


async def forget_deliveries(connection: AsyncConnection, *, before: Sequence[datetime]) -> int:
    """Remove attempts from before the first instant, and deliveries that ended before the second."""
    attempts = await connection.execute(_FORGET_ATTEMPTS, {"before": before[0]})
    return attempts.rowcount + (await connection.execute(_FORGET, {"before": before[1]})).rowcount
