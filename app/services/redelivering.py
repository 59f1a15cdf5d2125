"""Trying out an address, and sending again what was given up or got lost on the other side."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.act_kind import ActKind
from app.domain.delivery import Outcome
from app.domain.errors import NotFound
from app.domain.roles import Actor
from app.domain.subscription import SubscriptionState
from app.domain.webhook_message import ping_body
from app.services.acts import record_act
from app.services.delivering import Attempt, Post, record_attempt, send_signed
from app.services.office import Work
from app.services.subscriptions import own_subscription
from app.storage.ids import new_id
from app.storage.queries.deliveries import deliver_again
from app.storage.queries.subscriptions import subscription_of


async def ping(post: Post, subscription_id: UUID, *, actor: Actor, now: datetime) -> Outcome:
    """Send a test message and return what came of it; the first that arrives lets announcements flow.

    No connection to the database is held while it is on the way.
    """
    async with post.office.look_for(actor) as work:
        row = await own_subscription(work, subscription_id, actor=actor)
    outcome = await send_signed(post, row, f"ping_{new_id(now)}", ping_body(now).encode(), at=now)
    async with post.office.work_for(actor) as work:
        await _note_ping(work, row, Attempt(now, outcome), actor=actor)
    return outcome


async def _note_ping(work: Work, row: Mapping[str, Any], attempt: Attempt, *, actor: Actor) -> None:
    found = await subscription_of(work.connection, row["id"], actor.id, lock=True)
    if found is None:
        raise NotFound
    record_attempt(work, row["id"], None, attempt)
    proves = attempt.outcome.is_success and found["url"] == row["url"]
    if proves and found["state"] == SubscriptionState.UNPROVEN:
        work.changes.update("subscription", row["id"], {"state": SubscriptionState.ACTIVE})
    payload = {"status": attempt.outcome.status, "failure": attempt.outcome.failure}
    subject = str(row["id"])
    await record_act(work, ActKind.SUBSCRIPTION_PINGED, subject=subject, payload=payload, actor=actor, now=attempt.at)


async def redeliver(
    work: Work, subscription_id: UUID, *, delivery_id: UUID | None, since: datetime | None, actor: Actor, now: datetime
) -> int:
    """Send again one delivery, everything since an instant, or all that was given up; return how many.

    Raise `NotFound` for a subscription of somebody else, and for a delivery that is not there or still waits.
    """
    await own_subscription(work, subscription_id, actor=actor)
    count = await deliver_again(work.connection, subscription_id, delivery_id=delivery_id, since=since, now=now)
    if delivery_id is not None and not count:
        raise NotFound("没有这条投递，或它还在等待送达。")
    payload = {"delivery_id": delivery_id, "since": since, "count": count}
    subject = str(subscription_id)
    await record_act(work, ActKind.SUBSCRIPTION_REDELIVERED, subject=subject, payload=payload, actor=actor, now=now)
    return count
