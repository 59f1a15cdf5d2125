"""Handing announcements to those who subscribed: each once, in the order of its appeal's history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.confidence import hides_every_filer
from app.domain.roles import Actor
from app.domain.subscription import Scope
from app.domain.webhook_message import message_body
from app.services.accounts import actor_of
from app.services.office import Office, Work
from app.storage.ids import new_id
from app.storage.queries.outbox import add_deliveries, is_alone, mark_sent, reached_appeals, take_announcements
from app.storage.queries.subscriptions import live_subscriptions

AT_ONCE = 500
Row = Mapping[str, Any]


async def announce(office: Office, *, now: datetime, limit: int = AT_ONCE) -> int:
    """Hand on what waits, batch by batch; return how many announcements went."""
    total = 0
    while (done := await _announce_some(office, now=now, limit=limit)) > 0:
        total += done
    return total


async def _announce_some(office: Office, *, now: datetime, limit: int) -> int:
    async with office.work() as work:
        if not await is_alone(work.connection):
            return 0
        taken = await take_announcements(work.connection, limit=limit)
        subscriptions = await live_subscriptions(work.connection) if taken else []
        rows = [row for one in subscriptions for row in await _deliveries(work, one, taken, now)]
        await work.stand_for_office()
        if rows:
            await add_deliveries(work.connection, rows)
        await mark_sent(work.connection, [one["id"] for one in taken], now)
    return len(taken)


async def _deliveries(work: Work, subscription: Row, taken: Sequence[Row], now: datetime) -> list[dict[str, object]]:
    """Return what one subscriber is to be told: what it wants, of appeals that it reaches at this moment."""
    actor = actor_of({**subscription, "id": subscription["account_id"]})
    scope, types = Scope(**subscription["scope"]), subscription["event_types"]
    wanted = [one for one in taken if (not types or one["type"] in types) and scope.takes(one)]
    if not wanted:
        return []
    reached = await _reached(work, actor, {one["appeal_id"] for one in wanted})
    return [_delivery(subscription, one, actor, now) for one in wanted if one["appeal_id"] in reached]


async def _reached(work: Work, actor: Actor, appeal_ids: set[UUID]) -> frozenset[UUID]:
    await work.stand_for(actor)
    return await reached_appeals(work.connection, actor, appeal_ids)


def _delivery(subscription: Row, announcement: Row, actor: Actor, now: datetime) -> dict[str, object]:
    accused = actor.department is not None and actor.department == announcement["accused_department"]
    hidden = announcement["confidential"] and (accused or hides_every_filer(actor))
    return {
        "id": new_id(now),
        "subscription_id": subscription["id"],
        "outbox_id": announcement["id"],
        "appeal_id": announcement["appeal_id"],
        "sequence": announcement["sequence"],
        "type": announcement["type"],
        "body": message_body(announcement, actor, hidden=hidden),
        "created_at": now,
        "next_at": now,
    }
