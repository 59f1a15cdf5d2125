"""What a subscription has been sent, what came of it, and sending it again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.opening import CurrentOpening, OpenRoute
from app.api.pagination import AskedPage, cut
from app.api.schemas.subscriptions import (
    AttemptsOut,
    DeliveriesOut,
    PingOut,
    Redelivery,
    RedeliveryOut,
    deliveries_out,
    ping_out,
)
from app.domain.delivery import DeliveryState
from app.services.redelivering import ping, redeliver
from app.services.subscriptions import own_subscription
from app.storage.queries.deliveries import list_attempts, list_deliveries

PREFIX = "/subscriptions/{subscription_id}"
told = APIRouter(prefix=PREFIX, tags=["消息订阅"], route_class=CommandRoute)
tried = APIRouter(prefix=PREFIX, tags=["消息订阅"], route_class=OpenRoute)


@tried.post("/pings", operation_id="ping_subscription", summary="发送测试消息")
async def post_ping(subscription_id: UUID, opening: CurrentOpening) -> PingOut:
    """Send a signed test message now; the first that arrives lets announcements flow."""
    actor = await opening.actor()
    return ping_out(await ping(opening.request.app.state.post, subscription_id, actor=actor, now=opening.now))


@told.get("/deliveries", operation_id="list_deliveries", summary="投递记录")
async def get_deliveries(
    subscription_id: UUID,
    request: CurrentRequest,
    page: AskedPage,
    state: Annotated[DeliveryState | None, Query(description="只看这种状态。")] = None,
) -> DeliveriesOut:
    """Return what was to be sent, newest first, as far as the appeals are still within reach."""
    await own_subscription(request.work, subscription_id, actor=request.actor)
    rows = await list_deliveries(request.work.connection, subscription_id, page, state=state)
    return deliveries_out(*cut(rows, page, by="created_at", identity="id"))


@told.get("/attempts", operation_id="list_attempts", summary="投递尝试记录")
async def get_attempts(subscription_id: UUID, request: CurrentRequest, page: AskedPage) -> AttemptsOut:
    """Return every attempt of the last 30 days, newest first: what was answered, or what went wrong."""
    await own_subscription(request.work, subscription_id, actor=request.actor)
    rows = await list_attempts(request.work.connection, subscription_id, page)
    items, following = cut(rows, page, by="at", identity="id")
    return AttemptsOut.model_validate({"items": items, "next": following})


@told.post("/redeliveries", operation_id="redeliver", summary="重新投递")
async def post_redelivery(subscription_id: UUID, body: Redelivery, request: CurrentRequest) -> RedeliveryOut:
    """Send again one delivery, everything since an instant, or all that was given up."""
    count = await redeliver(
        request.work,
        subscription_id,
        delivery_id=body.delivery_id,
        since=body.since,
        actor=request.actor,
        now=request.now,
    )
    return RedeliveryOut(count=count)


router = APIRouter()
router.include_router(tried)
router.include_router(told)
