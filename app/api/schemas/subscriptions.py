"""Subscriptions as their owner sees them."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from app.api.schemas.base import CountableInstant, Input, Instant, Output, Word, example
from app.domain.delivery import STATE_NAMES as DELIVERY_STATE_NAMES
from app.domain.delivery import DeliveryState, Outcome
from app.domain.egress import MOST_CHARACTERS
from app.domain.subscription import STATE_NAMES, Scope, SubscriptionState
from app.services.subscriptions import Wanted

CODES = Annotated[list[Word], Field(max_length=50)]
SCOPE_EXAMPLE = {"jurisdictions": ["gedian"], "departments": [], "categories": ["02"], "channels": []}
WANTED_EXAMPLE = {
    "label": "经发局办件系统",
    "url": "https://oa.example.gov.cn/bihuan",
    "event_types": ["appeal.assigned", "clock.breached"],
    "scope": SCOPE_EXAMPLE,
}
SUBSCRIPTION_EXAMPLE = {
    "id": "019abc00-0000-7000-8000-000000000021",
    **WANTED_EXAMPLE,
    "state": "unproven",
    "state_name": "待验证（请发送测试消息）",
    "state_reason": "",
    "failing_since": None,
    "former_until": None,
    "created_at": "2026-11-23T01:30:00Z",
}


class ScopeIn(Input):
    """What narrows a subscription; an empty list narrows nothing. A category takes those below it."""

    model_config = example(**SCOPE_EXAMPLE)

    jurisdictions: CODES = []
    departments: CODES = []
    categories: CODES = []
    channels: CODES = []


class SubscriptionIn(Input):
    """Where announcements go to, which, and of what."""

    model_config = example(**WANTED_EXAMPLE)

    label: Word = Field(description="用途说明，便于辨认。")
    url: Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)] = Field(
        description="接收消息的 https 地址；内部网络须由系统管理员放行。"
    )
    event_types: list[Word] = Field(default=[], max_length=100, description="消息类型；不填为全部。")
    scope: ScopeIn = ScopeIn()

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        return Wanted(self.label, self.url, self.event_types, Scope(**self.scope.model_dump()))


class SecretRotation(Input):
    """How long the old secret signs beside the new one."""

    model_config = example(overlap_hours=24)

    overlap_hours: int = Field(
        default=24, strict=True, ge=0, le=168, description="新旧密钥并用的小时数，最多168（7天）。"
    )


class SubscriptionOut(Output):
    """One subscription, without its secret."""

    model_config = example(**SUBSCRIPTION_EXAMPLE)

    id: UUID
    label: str
    url: str
    event_types: list[str]
    scope: ScopeIn
    state: SubscriptionState
    state_name: str
    state_reason: str
    failing_since: Instant | None
    former_until: Instant | None
    created_at: Instant


class SubscriptionCreated(SubscriptionOut):
    """A subscription with a new secret, which is shown this once."""

    model_config = example(**SUBSCRIPTION_EXAMPLE, secret="whsec_…")

    secret: str


class SubscriptionsOut(Output):
    """One's own subscriptions, newest first."""

    model_config = example(items=[SUBSCRIPTION_EXAMPLE])

    items: list[SubscriptionOut]


class PingOut(Output):
    """What came of a test message."""

    model_config = example(arrived=True, status=204, failure=None, milliseconds=48, excerpt="")

    arrived: bool
    status: int | None
    failure: str | None
    milliseconds: int
    excerpt: str


class DeliveryOut(Output):
    """One announcement to one address, and how it stands."""

    id: UUID
    number: str
    sequence: int
    type: str
    state: DeliveryState
    state_name: str
    attempts: int
    created_at: Instant
    next_at: Instant
    ended_at: Instant | None


class DeliveriesOut(Output):
    """One page of deliveries, newest first."""

    model_config = example(
        items=[
            {
                "id": "019abc00-0000-7000-8000-000000000031",
                "number": "GD-20261123-000001",
                "sequence": 2,
                "type": "appeal.assigned",
                "state": "delivered",
                "state_name": "已送达",
                "attempts": 1,
                "created_at": "2026-11-23T01:30:00Z",
                "next_at": "2026-11-23T01:30:00Z",
                "ended_at": "2026-11-23T01:30:01Z",
            }
        ],
        next=None,
    )

    items: list[DeliveryOut]
    next: str | None


class AttemptOut(Output):
    """One attempt: what was answered, or what went wrong."""

    id: UUID
    delivery_id: UUID | None
    at: Instant
    status: int | None
    failure: str | None
    milliseconds: int
    excerpt: str


class AttemptsOut(Output):
    """One page of attempts, newest first."""

    model_config = example(
        items=[
            {
                "id": "019abc00-0000-7000-8000-000000000041",
                "delivery_id": "019abc00-0000-7000-8000-000000000031",
                "at": "2026-11-23T01:30:01Z",
                "status": 204,
                "failure": None,
                "milliseconds": 48,
                "excerpt": "",
            }
        ],
        next=None,
    )

    items: list[AttemptOut]
    next: str | None


class Redelivery(Input):
    """What to send again: one delivery, everything since an instant, or (nothing named) all that was given up."""

    model_config = example(since="2026-11-20T00:00:00+08:00")

    delivery_id: UUID | None = None
    since: CountableInstant | None = None


class RedeliveryOut(Output):
    """How many deliveries are sent again."""

    model_config = example(count=3)

    count: int


def subscription_out(row: Mapping[str, Any]) -> SubscriptionOut:
    """Return a subscription as its owner sees it."""
    return SubscriptionOut.model_validate({**row, "state_name": STATE_NAMES[SubscriptionState(row["state"])]})


def subscription_created(made: tuple[Mapping[str, Any], str]) -> SubscriptionCreated:
    """Return a subscription with the secret that is shown once."""
    row, secret = made
    shown = subscription_out(row).model_dump()
    return SubscriptionCreated.model_validate({**shown, "secret": secret})


def ping_out(outcome: Outcome) -> PingOut:
    """Return what came of a test message."""
    return PingOut(
        arrived=outcome.is_success,
        status=outcome.status,
        failure=outcome.failure,
        milliseconds=outcome.milliseconds,
        excerpt=outcome.excerpt,
    )


def deliveries_out(rows: list[dict[str, Any]], following: str | None) -> DeliveriesOut:
    """Return one page of deliveries."""
    items = [{**row, "state_name": DELIVERY_STATE_NAMES[DeliveryState(row["state"])]} for row in rows]
    return DeliveriesOut.model_validate({"items": items, "next": following})
