"""Files of an appeal: up, down, released, deleted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Body, Depends, Request, Response
from fastapi.responses import StreamingResponse

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.downloads import headers_of, is_known, unsatisfiable, window_asked, window_headers
from app.api.moving import CurrentMove, Number
from app.api.reading import CurrentReading
from app.api.schemas.attachments import AttachmentCreate, AttachmentOut, AttachmentsOut, attachment_out
from app.api.upload import UploadRoute, get_upload, shelf_of
from app.domain.attachment_kind import KINDS
from app.services import attachments
from app.services.attachment_contents import Window, check_readable, content_of
from app.services.attachments import NewFile, Stated

PREFIX = "/appeals/{number}/attachments"
FORM = "multipart/form-data"
BINARY = {"schema": {"type": "string", "format": "binary"}, "example": "（文件内容）"}
CONTENT = {
    "description": "文件内容；支持单个 Range。",
    "content": {known.media_type: BINARY for known in KINDS.values()},
}

files = APIRouter(prefix=PREFIX, tags=["附件"], route_class=CommandRoute)
uploads = APIRouter(prefix=PREFIX, tags=["附件"], route_class=UploadRoute)


@uploads.post("", operation_id="attach_file", summary="上传附件", status_code=201)
async def post_attachment(
    number: Number,
    body: Annotated[AttachmentCreate, Body(media_type=FORM)],
    upload: Annotated[NewFile, Depends(get_upload)],
    sent: Request,
    request: CurrentRequest,
) -> AttachmentOut:
    """Attach a file to an open appeal: one file a request, known by its content."""
    limits = shelf_of(sent.app.state.office).limits
    case, attached = await attachments.attach(
        request.work,
        number,
        upload,
        Stated(body.purpose, body.note),
        limits=limits,
        actor=request.actor,
        now=request.now,
    )
    request.tag(case.appeal.version)
    request.response.headers["Location"] = f"/api/v1/appeals/{case.appeal.number}/attachments/{attached.id}"
    return attachment_out(attached)


@files.get("", operation_id="list_attachments", summary="附件清单")
async def get_attachments(request: CurrentReading) -> AttachmentsOut:
    """Return the files of an appeal that the reader may see, oldest first."""
    appeal = request.reading.case.appeal
    found = await attachments.visible_attachments(request.work, appeal, actor=request.actor)
    return AttachmentsOut(items=[attachment_out(one) for one in found])


@files.head("/{attachment_id}", operation_id="download_attachment", include_in_schema=False)
@files.get(
    "/{attachment_id}",
    operation_id="download_attachment",
    summary="下载附件",
    response_class=Response,
    responses={200: CONTENT},
)
async def get_attachment(attachment_id: UUID, sent: Request, request: CurrentReading) -> Response:
    """Return the content of a file, whole or one range; only ever to be saved, never to be shown in place."""
    office, actor, now = sent.app.state.office, request.actor, request.now
    shelf = shelf_of(office)
    found = await attachments.find_attachment(request.work, request.reading.case.appeal, attachment_id, actor=actor)
    await check_readable(office, shelf, found, actor=actor, now=now)
    if is_known(sent.headers, found):
        return Response(status_code=304, headers=headers_of(found))
    asked = window_asked(sent.headers, found)
    window = asked or Window(0, found.size)
    if window.start >= window.end:
        return unsatisfiable(found)
    status, headers = (200 if asked is None else 206), window_headers(found, window, partial=asked is not None)
    if sent.method == "HEAD":
        return Response(status_code=status, headers=headers)
    content = content_of(office, shelf, found, window, actor=actor, now=now)
    return StreamingResponse(content, status_code=status, headers=headers)


@files.delete("/{attachment_id}", operation_id="detach_file", summary="删除附件")
async def delete_attachment(
    number: Number, attachment_id: UUID, sent: Request, request: CurrentRequest, afterwards: BackgroundTasks
) -> AttachmentOut:
    """Delete an own file that nobody has relied on before the appeal is assigned; a tombstone stays."""
    case, deleted = await attachments.detach(request.work, number, attachment_id, actor=request.actor, now=request.now)
    # Runs after the commit.
    afterwards.add_task(shelf_of(sent.app.state.office).drop, deleted.id)
    request.tag(case.appeal.version)
    return attachment_out(deleted)


@files.post("/{attachment_id}/release", operation_id="release_attachment", summary="向承办单位开放附件")
async def post_release(attachment_id: UUID, request: CurrentMove) -> AttachmentOut:
    """Let the departments see a file of somebody who filed in confidence; the accused one never sees it."""
    case, released = await attachments.release(
        request.work, request.case, attachment_id, actor=request.actor, now=request.now
    )
    request.tag(case.appeal.version)
    return attachment_out(released)


router = APIRouter()
router.include_router(uploads)
router.include_router(files)
