"""Sending what waits for one address: leased, sent without a connection to the database, recorded."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from app.domain.delivery import DeliveryState, Outcome, is_to_be_parked, next_attempt
from app.domain.egress import Networks
from app.domain.sealing import SealBroken
from app.domain.subscription import GONE_REASON, PARKED_REASON, SubscriptionState
from app.services.accounts import actor_of
from app.services.office import Office, Work
from app.services.webhook_secrets import secrets_of, signed_headers
from app.storage.ids import new_id
from app.storage.queries.deliveries import claim_deliveries, due_subscriptions, end_attempt
from app.storage.queries.outbox import reached_appeals
from app.storage.queries.subscriptions import lock_subscription, note_health, subscription_with_owner

AT_ONCE: Final = 8
"""Appeals whose announcements are on the way to one address at the same time."""
LEASE: Final = timedelta(seconds=45)
"""Longer than any attempt takes; after it, what a dead worker had in hand is sent by another."""
Row = Mapping[str, Any]
WAITING, DELIVERED, DEAD, SKIPPED = (
    DeliveryState.WAITING, DeliveryState.DELIVERED, DeliveryState.DEAD, DeliveryState.SKIPPED
)  # fmt: skip


class Sender(Protocol):
    """Brings a signed message to an address; whatever goes wrong is an outcome, never an exception."""

    async def send(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send a message and return what came of it, within its total time."""


@dataclass(frozen=True, slots=True)
class Post:
    """What is sent with: through the sender, and to allowed networks besides public addresses."""

    office: Office
    sender: Sender
    read_time: Callable[[], datetime]
    allowed: Networks = Networks()
    chance: Callable[[], float] = lambda: secrets.randbelow(1_000) / 1_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """When a message was sent, and what came of it."""

    at: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Claimed:
    """A subscription with the deliveries that are leased for it."""

    subscription: Row
    deliveries: Sequence[Row]


async def subscriptions_due(office: Office, *, now: datetime) -> list[UUID]:
    """Return the addresses that something is to be sent to now."""
    async with office.look() as work:
        return await due_subscriptions(work.connection, now=now)


async def drain(post: Post, subscription_id: UUID) -> int:
    """Send what waits for one address until nothing is due there; return how many attempts that took."""
    attempts = 0
    while (claimed := await _claim(post, subscription_id)) is not None:
        attempts += await _send_all(post, claimed)
    return attempts


async def _claim(post: Post, subscription_id: UUID) -> Claimed | None:
    """Lease what may be sent; what the subscriber does not reach any more is put aside instead."""
    now = post.read_time()
    async with post.office.work() as work:
        subscription = await subscription_with_owner(work.connection, subscription_id)
        if subscription is None or subscription["state"] != SubscriptionState.ACTIVE:
            return None
        leased = await claim_deliveries(work.connection, subscription_id, now=now, until=now + LEASE, limit=AT_ONCE)
        reached = await _reached(work, subscription, {one["appeal_id"] for one in leased})
        for one in leased:
            if one["appeal_id"] not in reached:
                await end_attempt(work.connection, one["id"], SKIPPED, tried=False, ended_at=now)
    return Claimed(subscription, [one for one in leased if one["appeal_id"] in reached]) if leased else None


async def _reached(work: Work, subscription: Row, appeal_ids: set[UUID]) -> frozenset[UUID]:
    actor = actor_of({**subscription, "id": subscription["account_id"]})
    await work.stand_for(actor)
    reached = await reached_appeals(work.connection, actor, appeal_ids)
    await work.stand_for_office()
    return reached


async def _send_all(post: Post, claimed: Claimed) -> int:
    """Send what was leased at once, and record what came of it together."""
    attempts = await asyncio.gather(*(_send(post, claimed.subscription, one) for one in claimed.deliveries))
    async with post.office.work() as work:
        for delivery, attempt in zip(claimed.deliveries, attempts, strict=True):
            await _record(work, post, delivery, attempt)
        outcomes = [attempt.outcome for attempt in attempts]
        await note_outcomes(work, claimed.subscription["id"], outcomes, now=post.read_time())
    return len(attempts)


async def _send(post: Post, subscription: Row, delivery: Row) -> Attempt:
    at = post.read_time()
    return Attempt(at, await send_signed(post, subscription, f"msg_{delivery['id']}", delivery["body"].encode(), at=at))


async def send_signed(post: Post, subscription: Row, message_id: str, body: bytes, *, at: datetime) -> Outcome:
    """Send one message, signed with every secret that counts at the instant."""
    try:
        secrets_now = secrets_of(post.office.seals, subscription, at)
    except SealBroken:
        return Outcome(failure="secret-unreadable")
    headers = signed_headers(secrets_now, message_id, at, body)
    return await post.sender.send(subscription["url"], headers=headers, body=body)


async def _record(work: Work, post: Post, delivery: Row, attempt: Attempt) -> None:
    now, outcome = post.read_time(), attempt.outcome
    record_attempt(work, delivery["subscription_id"], delivery["id"], attempt)
    if outcome.is_success:
        await end_attempt(work.connection, delivery["id"], DELIVERED, tried=True, ended_at=now)
        return
    if outcome.is_gone:
        await end_attempt(work.connection, delivery["id"], WAITING, tried=False)
        return
    following = next_attempt(delivery["attempts"] + 1, outcome, now=now, chance=post.chance())
    if following is None:
        await end_attempt(work.connection, delivery["id"], DEAD, tried=True, ended_at=now)
    else:
        await end_attempt(work.connection, delivery["id"], WAITING, tried=True, next_at=following)


def record_attempt(work: Work, subscription_id: UUID, delivery_id: UUID | None, attempt: Attempt) -> None:
    """Note one attempt for the subscriber to read; a test message belongs to no delivery."""
    outcome = attempt.outcome
    work.changes.insert(
        "delivery_attempt",
        {
            "id": new_id(attempt.at),
            "subscription_id": subscription_id,
            "delivery_id": delivery_id,
            "at": attempt.at,
            "status": outcome.status,
            "failure": outcome.failure,
            "milliseconds": outcome.milliseconds,
            "excerpt": outcome.excerpt,
        },
    )


async def note_outcomes(work: Work, subscription_id: UUID, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Disable an address that is gone, park one that has failed for days, and forget failures after a success."""
    found = await lock_subscription(work.connection, subscription_id)
    if found is None or not outcomes:
        return
    state, reason = found["state"], found["state_reason"]
    succeeded = any(one.is_success for one in outcomes)
    failing_since = None if succeeded else found["failing_since"] or now
    if any(one.is_gone for one in outcomes):
        state, reason = SubscriptionState.DISABLED, GONE_REASON
    elif state == SubscriptionState.ACTIVE and is_to_be_parked(failing_since, now=now):
        state, reason = SubscriptionState.PARKED, PARKED_REASON
    if (failing_since, state) != (found["failing_since"], found["state"]):
        await note_health(work.connection, subscription_id, failing_since=failing_since, state=state, reason=reason)
