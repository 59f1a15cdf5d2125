"""Notices put forward: proposed, previewed, approved by a second person, or withdrawn."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.notices import NOTICE_BODY, read_notice_body
from app.api.schemas.publications import (
    Decision,
    MovesOut,
    PublicationDetailOut,
    PublicationOut,
    PublicationsOut,
    publication_out,
)
from app.services import calendars
from app.services.calendar_previews import moves, moves_as_csv, previewing
from app.storage.queries.publications import publications

PAGE_SIZE, LARGEST_PAGE = 100, 1_000

router = APIRouter(prefix="/calendars/publications", tags=["工作日历"], route_class=CommandRoute)


@router.post(
    "",
    status_code=201,
    operation_id="propose_calendar",
    summary="提交放假通知",
    openapi_extra=NOTICE_BODY,
)
async def post_publication(body: Request, request: CurrentRequest) -> PublicationOut:
    """Put a notice forward; nothing changes until somebody else approves it."""
    publication = read_notice_body(await body.body(), body.headers.get("content-type", ""))
    row = await calendars.propose(request.work, publication, actor=request.actor, now=request.now)
    request.response.headers["Location"] = f"/api/v1/calendars/publications/{row['id']}"
    return publication_out(row)


@router.get("", operation_id="list_publications", summary="已提交的放假通知")
async def get_publications(request: CurrentRequest) -> PublicationsOut:
    """Return the notices put forward, newest first."""
    calendars.refuse_unconcerned(request.actor)
    rows = await publications(request.work.connection)
    return PublicationsOut(items=[publication_out(row) for row in rows])


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


@router.post("/{publication_id}/approval", operation_id="approve_publication", summary="批准放假通知")
async def post_approval(publication_id: UUID, request: CurrentRequest) -> PublicationDetailOut:
    """Approve as a second person: the calendar comes into force and every open clock is recounted at once."""
    row = await calendars.approve(request.work, publication_id, actor=request.actor, now=request.now)
    return PublicationDetailOut.model_validate({"publication": publication_out(row), "totals": row["totals"]})


@router.post("/{publication_id}/withdrawal", operation_id="withdraw_publication", summary="撤回放假通知")
async def post_withdrawal(publication_id: UUID, body: Decision, request: CurrentRequest) -> PublicationOut:
    """Withdraw or refuse a notice that is not in force yet."""
    row = await calendars.withdraw(
        request.work, publication_id, reason=body.reason, actor=request.actor, now=request.now
    )
    return publication_out(row)
