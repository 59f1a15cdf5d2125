"""What a notice that was put forward would move."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.publications import (
    MovesOut,
    PublicationDetailOut,
    publication_out,
)
from app.services.calendar_previews import moves, moves_as_csv, previewing

PAGE_SIZE, LARGEST_PAGE = 100, 1_000

router = APIRouter(prefix="/calendars/publications", tags=["工作日历"], route_class=CommandRoute)


@router.get("/{publication_id}", operation_id="preview_publication", summary="预览：哪些时限将变动")
async def get_publication(publication_id: UUID, request: CurrentRequest) -> PublicationDetailOut:
    """Return a notice with what it moves: counted anew while it is open, as it was when it came into force."""
    async with previewing(request.work, publication_id, actor=request.actor, now=request.now) as preview:
        return PublicationDetailOut.model_validate(
            {"publication": publication_out(preview.row), "totals": preview.shown_totals}
        )


@router.get("/{publication_id}/moves", operation_id="list_moves", summary="将变动的时限清单")
async def get_moves(
    publication_id: UUID,
    request: CurrentRequest,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="每页条数。")] = PAGE_SIZE,
    after: Annotated[UUID | None, Query(description="上一页返回的 next。")] = None,
) -> MovesOut:
    """Return the open clocks within reach that the notice would move: old and new due date, and who must be told."""
    async with previewing(request.work, publication_id, actor=request.actor, now=request.now) as preview:
        rows = [row async for row in moves(preview, actor=request.actor, after=after, limit=limit + 1)]
    following = rows[limit - 1]["clock_id"] if len(rows) > limit else None
    return MovesOut.model_validate({"items": rows[:limit], "next": following})


@router.get(
    "/{publication_id}/moves.csv",
    operation_id="export_moves",
    summary="导出将变动的时限清单",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"example": "诉求编号,时限\r\n"}}, "description": "UTF-8 编码的表格。"}},
)
async def export_moves(publication_id: UUID, request: CurrentRequest) -> Response:
    """Return the whole list as a table for a spreadsheet."""
    async with previewing(request.work, publication_id, actor=request.actor, now=request.now) as preview:
        table = "".join([line async for line in moves_as_csv(preview, actor=request.actor)])
    headers = {"Content-Disposition": f'attachment; filename="moves-{publication_id}.csv"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)
