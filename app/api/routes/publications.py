"""Notices put forward: proposed, approved by a second person, or withdrawn."""

from uuid import UUID

from fastapi import APIRouter, Request

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.notices import NOTICE_BODY, read_notice_body
from app.api.schemas.publications import (
    Decision,
    PublicationDetailOut,
    PublicationOut,
    PublicationsOut,
    publication_out,
)
from app.services import calendars
from app.storage.queries.publications import publications

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
