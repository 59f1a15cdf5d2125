"""Hands out the content of attachments, and makes sure on the way that it is what was uploaded."""

import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.attachment import Attachment, Scan
from app.domain.attachment_errors import Gone
from app.domain.errors import Conflict
from app.domain.roles import Actor
from app.services.attachments import refuse_deleted
from app.services.office import Office
from app.services.shelf import Shelf
from app.storage.queries.attachments import mark_damaged, rely_on

logger = logging.getLogger("bihuan.attachments")


@dataclass(frozen=True, slots=True)
class Window:
    """The bytes from `start` up to and without `end`."""

    start: int
    end: int

    def of(self, piece: bytes, offset: int) -> bytes:
        """Return what of a piece, which begins at `offset`, lies in the window."""
        return piece[max(0, self.start - offset) : max(0, self.end - offset)]


async def check_readable(office: Office, shelf: Shelf, attachment: Attachment, *, actor: Actor, now: datetime) -> None:
    """Refuse deleted, lost and quarantined content, and what nobody has scanned yet to all but its uploader."""
    refuse_deleted(attachment)
    if attachment.scan is Scan.INFECTED:
        raise Conflict("这个附件发现病毒，已隔离，不能下载；请上传人清除病毒后另传。", code="attachment-quarantined")
    if attachment.scan is Scan.PENDING and shelf.scanner is not None and attachment.uploader_id != actor.id:
        raise Conflict("这个附件尚未查毒，查毒后即可下载，请稍后再试。", code="attachment-not-scanned")
    if not await _is_whole(shelf, attachment):
        await report_damage(office, attachment.id, now)
        raise Gone("这个附件的内容已损坏或丢失，已记录；请上传人重新上传。", code="attachment-damaged")


async def content_of(
    office: Office, shelf: Shelf, attachment: Attachment, window: Window, *, actor: Actor, now: datetime
) -> AsyncIterator[bytes]:
    """Return the bytes in the window; the last piece only when the digest of the whole content has been found right.

    That somebody else takes the content is noted before the first byte leaves.
    """
    if attachment.relied_on_at is None and attachment.uploader_id != actor.id:
        async with office.work() as work:
            await rely_on(work.connection, attachment.id, now)
    digest, held = hashlib.sha256(), b""
    async for piece in _pieces(shelf, attachment, window, digest.update):
        if held:
            yield held
        held = piece
    # Without its last piece the answer ends short of the length that it has announced: its reader knows.
    if await _is_right(office, attachment, digest.hexdigest(), now):
        yield held


async def _pieces(
    shelf: Shelf, attachment: Attachment, window: Window, see: Callable[[bytes], object]
) -> AsyncIterator[bytes]:
    """Return what of each piece lies in the window, and show all of it to `see`."""
    offset = 0
    async for piece in shelf.files.read(attachment.id):
        see(piece)
        if wanted := window.of(piece, offset):
            yield wanted
        offset += len(piece)


async def _is_right(office: Office, attachment: Attachment, sha256: str, now: datetime) -> bool:
    if sha256 != attachment.sha256:
        await report_damage(office, attachment.id, now)
        return False
    if attachment.damaged_at is not None:
        await report_repair(office, attachment.id)
    return True


async def report_damage(office: Office, attachment_id: UUID, now: datetime) -> None:
    """Mark an attachment whose content is not what was uploaded, and tell whoever runs the service."""
    logger.error("附件内容损坏或缺失：%s", attachment_id)
    async with office.work() as work:
        await mark_damaged(work.connection, attachment_id, now)


async def report_repair(office: Office, attachment_id: UUID) -> None:
    """Take the mark away: the content is right again, from a backup or because its disk is back."""
    async with office.work() as work:
        await mark_damaged(work.connection, attachment_id, None)


async def _is_whole(shelf: Shelf, attachment: Attachment) -> bool:
    try:
        return await shelf.files.size(attachment.id) == attachment.size
    except FileNotFoundError:
        return False
