"""An account's subscriptions: made, changed, paused, given a new secret, tried out, deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.domain.act_kind import ActKind
from app.domain.egress import Networks, checked_url
from app.domain.errors import Conflict, Fault, Invalid, NotFound
from app.domain.event_type import EVENT_NAMES
from app.domain.roles import Actor
from app.domain.subscription import (
    LONGEST_OVERLAP,
    RESUMABLE,
    Scope,
    SubscriptionState,
    check_room,
    check_subscriber,
)
from app.domain.webhook_signature import new_secret
from app.services.acts import record_act
from app.services.office import Work
from app.services.webhook_secrets import sealed_secret
from app.storage.ids import new_id
from app.storage.queries.deliveries import revive_waiting
from app.storage.queries.subscriptions import subscription_of, subscriptions_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscriber asks for: where to, which announcements (none named: all), and how narrow."""

    label: str
    url: str
    event_types: Sequence[str] = ()
    scope: Scope = field(default_factory=Scope)


async def create_subscription(
    work: Work, wanted: Wanted, *, allowed: Networks, actor: Actor, now: datetime
) -> tuple[dict[str, Any], str]:
    """Make a subscription, which sends nothing before a test message has arrived; return it with its secret.

    Raise `NotAllowed`, `Invalid` for an address that may not be reached or an unknown type, `Conflict` for too many.
    """
    check_subscriber(actor)
    _check(wanted, allowed)
    check_room(len(await subscriptions_of(work.connection, actor.id)))
    secret, subscription_id = new_secret(), new_id(now)
    row: dict[str, Any] = {
        "id": subscription_id,
        "account_id": actor.id,
        **_values(wanted),
        "secret_sealed": sealed_secret(work.seals, secret, subscription_id),
        "former_sealed": None,
        "former_until": None,
        "state": SubscriptionState.UNPROVEN,
        "state_reason": "",
        "failing_since": None,
        "created_at": now,
        "deleted_at": None,
    }
    work.changes.insert("subscription", row)
    await _record(work, ActKind.SUBSCRIPTION_CREATED, row, actor=actor, now=now)
    return row, secret


async def change_subscription(
    work: Work, subscription_id: UUID, wanted: Wanted, *, allowed: Networks, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Change what is wanted; another address has to be tried out again."""
    row = await _own(work, subscription_id, actor)
    _check(wanted, allowed)
    values = _values(wanted)
    if wanted.url != row["url"]:
        values |= {"state": SubscriptionState.UNPROVEN, "state_reason": "", "failing_since": None}
    return await _changed(work, ActKind.SUBSCRIPTION_CHANGED, row, values, actor=actor, now=now)


async def pause(work: Work, subscription_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Send nothing for a while; what is announced meanwhile is kept."""
    row = await _own(work, subscription_id, actor)
    if row["state"] != SubscriptionState.ACTIVE:
        raise Conflict("这个订阅没有在发送，无须暂停。", code="not-active")
    values = {"state": SubscriptionState.PAUSED}
    return await _changed(work, ActKind.SUBSCRIPTION_PAUSED, row, values, actor=actor, now=now)


async def resume(work: Work, subscription_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Send again, beginning with what has waited."""
    row = await _own(work, subscription_id, actor)
    if row["state"] not in RESUMABLE:
        raise Conflict("这个订阅无须恢复；尚未验证的，请先发送测试消息。", code="not-paused")
    values = {"state": SubscriptionState.ACTIVE, "state_reason": "", "failing_since": None}
    await revive_waiting(work.connection, subscription_id, now=now)
    return await _changed(work, ActKind.SUBSCRIPTION_RESUMED, row, values, actor=actor, now=now)


async def rotate_secret(
    work: Work, subscription_id: UUID, *, overlap: timedelta, actor: Actor, now: datetime
) -> tuple[dict[str, Any], str]:
    """Put a new secret in the place of the old one; messages carry both signatures for the overlap, 7 days at most."""
    row = await _own(work, subscription_id, actor)
    secret = new_secret()
    values = {
        "secret_sealed": sealed_secret(work.seals, secret, subscription_id),
        "former_sealed": row["secret_sealed"],
        "former_until": now + min(overlap, LONGEST_OVERLAP),
    }
    return await _changed(work, ActKind.SUBSCRIPTION_ROTATED, row, values, actor=actor, now=now), secret


async def delete_subscription(work: Work, subscription_id: UUID, *, actor: Actor, now: datetime) -> None:
    """End a subscription; what it was told stays on record."""
    row = await _own(work, subscription_id, actor)
    await _changed(work, ActKind.SUBSCRIPTION_DELETED, row, {"deleted_at": now}, actor=actor, now=now)


async def own_subscription(work: Work, subscription_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """Return one of the actor's subscriptions; raise `NotFound`."""
    row = await subscription_of(work.connection, subscription_id, actor.id)
    if row is None:
        raise NotFound
    return row


async def _own(work: Work, subscription_id: UUID, actor: Actor) -> dict[str, Any]:
    row = await subscription_of(work.connection, subscription_id, actor.id, lock=True)
    if row is None:
        raise NotFound
    return row


async def _changed(
    work: Work, kind: ActKind, row: Mapping[str, Any], values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    work.changes.update("subscription", row["id"], values)
    changed = {**row, **values}
    await _record(work, kind, changed, actor=actor, now=now)
    return changed


async def _record(work: Work, kind: ActKind, row: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    payload = {"event_types": list(row["event_types"]), "scope": row["scope"], "state": row["state"]}
    await record_act(work, kind, subject=str(row["id"]), payload=payload, actor=actor, now=now)


def _check(wanted: Wanted, allowed: Networks) -> None:
    checked_url(wanted.url, allowed)
    if not EVENT_NAMES.keys() >= set(wanted.event_types):
        raise Invalid("有不存在的消息类型。", Fault("event_types", "只能填写接口文档 webhooks 一节列出的类型"))


def _values(wanted: Wanted) -> dict[str, Any]:
    scope = {name: sorted(codes) for name, codes in asdict(wanted.scope).items()}
    types = sorted(set(wanted.event_types))
    return {"label": wanted.label, "url": wanted.url, "event_types": types, "scope": scope}
