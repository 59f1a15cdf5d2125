"""Anchors, so that anybody can keep a copy of them."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.anchors import AnchorsOut, anchors_out
from app.api.schemas.base import Day
from app.storage.queries.anchors import anchor_page

PAGE_SIZE, LARGEST_PAGE = 50, 400

router = APIRouter(prefix="/anchors", tags=["审计"], route_class=CommandRoute)


@router.get("", operation_id="list_anchors", summary="每日锚点与签名公钥")
async def get_anchors(
    request: CurrentRequest,
    before: Annotated[Day | None, Query(description="上一页返回的 next。")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="每页条数。")] = PAGE_SIZE,
) -> AnchorsOut:
    """Return anchors, newest day first, with the public keys that verify them."""
    found = await anchor_page(request.work.connection, before=before, limit=limit + 1)
    shown = found[:limit]
    return anchors_out(shown, shown[-1].day if len(found) > limit else None)
