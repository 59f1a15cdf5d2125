"""The change feed."""

import re
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.feed import FeedOut
from app.domain.errors import Fault, Invalid
from app.storage.queries.events import feed_after

router = APIRouter(prefix="/feed", tags=["对接"], route_class=CommandRoute)
START = "0-0"
_POSITION = re.compile(r"(\d{1,19})-(\d{1,18})")


@router.get("", operation_id="read_feed", summary="变更流")
async def get_feed(
    request: CurrentRequest,
    after: Annotated[str, Query(max_length=40, description="上次返回的 next；从头读取时省略。")] = START,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> FeedOut:
    """Return the next changes within reach, in an order that loses none under concurrent commits."""
    transaction, event_id = _position(after)
    rows = await feed_after(
        request.work.connection, request.actor, transaction=transaction, event_id=event_id, limit=limit
    )
    following = f"{rows[-1]['transaction']}-{rows[-1]['id']}" if rows else after
    return FeedOut.model_validate({"items": rows, "next": following})


def _position(after: str) -> tuple[int, int]:
    match = _POSITION.fullmatch(after)
    if match is None:
        raise Invalid("after 无法识别。", Fault("after", "请使用上次返回的 next，或省略它从头读取"))
    return int(match[1]), int(match[2])
