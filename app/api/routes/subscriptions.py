"""One's own subscriptions to announcements."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.subscriptions import (
    SecretRotation,
    SubscriptionCreated,
    SubscriptionIn,
    SubscriptionOut,
    SubscriptionsOut,
    subscription_created,
    subscription_out,
)
from app.api.shown_once import show_once
from app.services import subscriptions
from app.storage.queries.subscriptions import subscriptions_of

router = APIRouter(prefix="/subscriptions", tags=["消息订阅"], route_class=CommandRoute)


@router.post("", status_code=201, operation_id="create_subscription", summary="新建订阅")
async def post_subscription(body: SubscriptionIn, sent: Request, request: CurrentRequest) -> SubscriptionCreated:
    """Subscribe an address to announcements; the secret that they are signed with is shown in this answer only."""
    made = await subscriptions.create_subscription(
        request.work, body.wanted(), allowed=sent.app.state.post.allowed, actor=request.actor, now=request.now
    )
    show_once(request.response)
    return subscription_created(made)


@router.get("", operation_id="list_subscriptions", summary="我的订阅")
async def get_subscriptions(request: CurrentRequest) -> SubscriptionsOut:
    """Return one's own subscriptions, newest first."""
    rows = await subscriptions_of(request.work.connection, request.actor.id)
    return SubscriptionsOut(items=list(map(subscription_out, rows)))


@router.get("/{subscription_id}", operation_id="read_subscription", summary="订阅详情")
async def get_subscription(subscription_id: UUID, request: CurrentRequest) -> SubscriptionOut:
    """Return one subscription and how its address fares."""
    return subscription_out(await subscriptions.own_subscription(request.work, subscription_id, actor=request.actor))


@router.put("/{subscription_id}", operation_id="change_subscription", summary="变更订阅")
async def put_subscription(
    subscription_id: UUID, body: SubscriptionIn, sent: Request, request: CurrentRequest
) -> SubscriptionOut:
    """Change address, types or scope; a new address has to be tried out again."""
    row = await subscriptions.change_subscription(
        request.work,
        subscription_id,
        body.wanted(),
        allowed=sent.app.state.post.allowed,
        actor=request.actor,
        now=request.now,
    )
    return subscription_out(row)


@router.post("/{subscription_id}/pause", operation_id="pause_subscription", summary="暂停订阅")
async def post_pause(subscription_id: UUID, request: CurrentRequest) -> SubscriptionOut:
    """Send nothing for a while; what is announced meanwhile is kept."""
    row = await subscriptions.pause(request.work, subscription_id, actor=request.actor, now=request.now)
    return subscription_out(row)


@router.post("/{subscription_id}/resumption", operation_id="resume_subscription", summary="恢复订阅")
async def post_resumption(subscription_id: UUID, request: CurrentRequest) -> SubscriptionOut:
    """Send again, beginning with what has waited."""
    row = await subscriptions.resume(request.work, subscription_id, actor=request.actor, now=request.now)
    return subscription_out(row)


@router.post("/{subscription_id}/secret", status_code=201, operation_id="rotate_secret", summary="轮换订阅密钥")
async def post_secret(subscription_id: UUID, body: SecretRotation, request: CurrentRequest) -> SubscriptionCreated:
    """Make a new secret; messages carry the signatures of both for the overlap."""
    made = await subscriptions.rotate_secret(
        request.work,
        subscription_id,
        overlap=timedelta(hours=body.overlap_hours),
        actor=request.actor,
        now=request.now,
    )
    show_once(request.response)
    return subscription_created(made)


@router.delete("/{subscription_id}", operation_id="delete_subscription", summary="删除订阅")
async def remove_subscription(subscription_id: UUID, request: CurrentRequest) -> SubscriptionsOut:
    """End a subscription; return those that are left."""
    await subscriptions.delete_subscription(request.work, subscription_id, actor=request.actor, now=request.now)
    rows = await subscriptions_of(request.work.connection, request.actor.id)
    return SubscriptionsOut(items=[subscription_out(row) for row in rows if row["id"] != subscription_id])
