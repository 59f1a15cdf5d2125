"""The change feed."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.positions import START, position, written
from app.api.schemas.feed import FeedOut
from app.storage.queries.events import feed_after

router = APIRouter(prefix="/feed", tags=["对接"], route_class=CommandRoute)


@router.get("", operation_id="read_feed", summary="变更流")
async def get_feed(
    request: CurrentRequest,
    after: Annotated[str, Query(max_length=40, description="上次返回的 next；从头读取时省略。")] = START,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> FeedOut:
    """Return the next changes within reach, in an order that loses none under concurrent commits."""
    transaction, event_id = position(after)
    rows = await feed_after(
        request.work.connection, request.actor, transaction=transaction, event_id=event_id, limit=limit
    )
    following = written(rows[-1]) if rows else after
    return FeedOut.model_validate({"items": rows, "next": following})
