"""Announcements that wait to be handed to those who want them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.roles import Actor
from app.storage.reach import REACH, reach_of

_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtext('bihuan.announcing'))")
# Rows of one appeal become visible in the order of its history, for whoever writes one holds the appeal's lock.
_TAKE = text(
    "SELECT o.id, o.appeal_id, o.sequence, o.type, o.payload, o.created_at, a.confidential, a.jurisdiction, "
    "a.lead_department, a.category, a.channel, a.accused_department FROM outbox o JOIN appeal a ON a.id = o.appeal_id "
    "WHERE o.sent_at IS NULL ORDER BY o.id LIMIT :limit"
)
_REACHED = text(f"SELECT a.id FROM appeal a WHERE a.id = ANY(:ids) AND {REACH}")
_SENT = text("UPDATE outbox SET sent_at = :now WHERE id = ANY(:ids)")
_ADD = text(
    "INSERT INTO delivery (id, subscription_id, outbox_id, appeal_id, sequence, type, body, state, attempts, "
    "created_at, next_at) SELECT r.id, r.subscription_id, r.outbox_id, r.appeal_id, r.sequence, r.type, r.body, "
    "'waiting', 0, r.created_at, r.next_at FROM jsonb_populate_recordset(NULL::delivery, CAST(:rows AS jsonb)) r "
    "ON CONFLICT (subscription_id, outbox_id) DO NOTHING"
)


async def is_alone(connection: AsyncConnection) -> bool:
    """Be the only one who hands on announcements until the transaction ends; two at once would mix up their order."""
    return bool((await connection.execute(_ALONE)).scalar_one())


async def take_announcements(connection: AsyncConnection, *, limit: int) -> list[dict[str, Any]]:
    """Return the oldest announcements that nobody has handed on yet, with the facts of their appeals."""
    return [dict(row) for row in (await connection.execute(_TAKE, {"limit": limit})).mappings()]


async def reached_appeals(connection: AsyncConnection, actor: Actor, appeal_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of some appeals that an actor reaches; on a connection that stands for the actor, twice so."""
    rows = await connection.execute(_REACHED, {"ids": list(appeal_ids), **reach_of(actor)})
    return frozenset(rows.scalars())


async def add_deliveries(connection: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Add deliveries; one that is there already stays as it is."""
    await connection.execute(_ADD, {"rows": orjson.dumps(list(rows), default=str).decode()})


async def mark_sent(connection: AsyncConnection, ids: Collection[int], now: datetime) -> None:
    """Note that announcements have been handed to everybody who wants them."""
    await connection.execute(_SENT, {"ids": list(ids), "now": now})
