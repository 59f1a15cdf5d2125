"""A department's queue."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.pagination import AskedPage, cut
from app.api.schemas.appeals import QueuePage
from app.api.schemas.base import BoundedInstant
from app.domain.clock import Lamp
from app.services.queue import queue_of

router = APIRouter(tags=["承办"], route_class=CommandRoute)


@router.get("/assignments", operation_id="list_assignments", summary="本单位待办")
async def get_assignments(
    request: CurrentRequest,
    page: AskedPage,
    state: Literal["unsigned", "handling", "resolved", "return_pending"] | None = None,
    lamp: Annotated[
        Lamp | None, Query(description="red 已超期，yellow 临近到期，green 其余，grey 暂停或待复核。")
    ] = None,
    due_before: BoundedInstant | None = None,
) -> QueuePage:
    """Return one page of the assignments that the actor's department holds, what is due first comes first."""
    rows = await queue_of(
        request.work, state=state, lamp=lamp, due_before=due_before, page=page, actor=request.actor, now=request.now
    )
    items, following = cut(rows, page, by="due_at", identity="assignment_id")
    return QueuePage.model_validate({"items": items, "next": following})
