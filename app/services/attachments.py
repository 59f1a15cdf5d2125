"""Attach, list, release and delete files of an appeal; each is one event of its history."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from uuid import UUID

from app.domain.appeal import Appeal
from app.domain.appeal_action import AppealAction
from app.domain.attachment import Attachment, AttachmentLimits, Purpose, Scan, check_purpose
from app.domain.attachment_errors import Gone
from app.domain.attachment_kind import FileKind
from app.domain.attachment_room import check_room
from app.domain.case import Attempt, Case, Given
from app.domain.clock import OFFICE_TIMEZONE, office_day
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.lifecycle import find_transition
from app.domain.roles import DEPARTMENT_ROLES, Actor, Role
from app.services.cases import take
from app.services.office import Work
from app.services.transitions import Move, advance, record_event
from app.storage.queries.attachments import (
    STORED_COLUMNS,
    attachments_of,
    lock_day_of_enterprise,
    one_attachment,
    room_used,
)
from app.storage.queries.cases import read_appeal

QUARANTINED = "quarantine"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that has arrived and lies in the store."""

    id: UUID
    name: str
    kind: FileKind
    size: int
    sha256: str
    scan: Scan
    virus: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What its sender says of a file."""

    purpose: Purpose
    note: str = ""


async def check_upload(work: Work, number: str, *, limits: AttachmentLimits, actor: Actor, now: datetime) -> None:
    """Refuse an upload before its content arrives, by what is known without locking anything."""
    reading = await read_appeal(work.connection, number, actor)
    case = await work.case(reading.case)
    find_transition(AppealAction.ATTACH, case, Attempt(actor, now, Given()))
    await _check_room(work, case, limits, size=1, actor=actor, now=now)


async def attach(
    work: Work, number: str, file: NewFile, stated: Stated, *, limits: AttachmentLimits, actor: Actor, now: datetime
) -> tuple[Case, Attachment]:
    """Attach a stored file; one that the scanner has found something in is quarantined at once."""
    case = await take(work, number, actor=actor, version=None)
    attached = _attachment(file, stated, actor, now)
    move = Move(payload={"attachment_id": file.id, **_told(attached, case)})
    after = advance(work, case, AppealAction.ATTACH, move, actor=actor, now=now)
    check_purpose(stated.purpose, actor)
    if actor.has(Role.ENTERPRISE):
        await lock_day_of_enterprise(work.connection, case.appeal.enterprise_id)
    await _check_room(work, case, limits, size=file.size, actor=actor, now=now)
    work.changes.insert("attachment", _row(attached, case, actor))
    if attached.scan is Scan.INFECTED:
        after = record_quarantine(work, after, attached.id, virus=file.virus, actor=actor, now=now)
    return after, attached


async def visible_attachments(work: Work, appeal: Appeal, *, actor: Actor) -> list[Attachment]:
    """Return the attachments of an appeal that the actor may see, deleted ones as tombstones among them."""
    found = await attachments_of(work.connection, appeal.id)
    return [one.shown_to(actor, appeal) for one in found if one.may_be_seen_by(actor, appeal)]


async def find_attachment(work: Work, appeal: Appeal, attachment_id: UUID, *, actor: Actor) -> Attachment:
    """Return one attachment of an appeal; `NotFound` for what the actor may not see, as for what there is not."""
    found = await one_attachment(work.connection, appeal.id, attachment_id)
    if found is None or not found.may_be_seen_by(actor, appeal):
        raise NotFound
    return found.shown_to(actor, appeal)


async def release(
    work: Work, case: Case, attachment_id: UUID, *, actor: Actor, now: datetime
) -> tuple[Case, Attachment]:
    """Let the departments see a file of somebody who filed in confidence; the accused one never sees it."""
    found = await find_attachment(work, case.appeal, attachment_id, actor=actor)
    refuse_deleted(found)
    if found.department is not None or found.released_at is not None:
        raise Conflict("这个附件承办单位已经可以查看。", code="already-released")
    move = Move(payload={"attachment_id": found.id})
    after = advance(work, case, AppealAction.RELEASE_ATTACHMENT, move, actor=actor, now=now)
    work.changes.update("attachment", found.id, {"released_at": now, "released_by": actor.id})
    return after, replace(found, released_at=now)


async def detach(
    work: Work, number: str, attachment_id: UUID, *, actor: Actor, now: datetime
) -> tuple[Case, Attachment]:
    """Delete a file that nobody has relied on yet; its row stays as a tombstone, its event in the history."""
    case = await take(work, number, actor=actor, version=None)
    found = await find_attachment(work, case.appeal, attachment_id, actor=actor)
    if found.uploader_id != actor.id:
        raise NotAllowed("附件只能由上传人本人删除。", code="not-the-uploader")
    refuse_deleted(found)
    if found.relied_on_at is not None or found.released_at is not None:
        raise Conflict("已有人查看或使用这个附件，不能再删除；如有错误，请另传更正的文件。", code="relied-on")
    move = Move(payload={"attachment_id": found.id, "sha256": found.sha256})
    after = advance(work, case, AppealAction.DETACH, move, actor=actor, now=now)
    work.changes.update("attachment", found.id, {"deleted_at": now, "deleted_by": actor.id})
    return after, replace(found, deleted_at=now)


def record_quarantine(
    work: Work, case: Case, attachment_id: UUID, *, virus: str | None, actor: Actor, now: datetime
) -> Case:
    """Write into the history that a file is locked away because the scanner has found something in it."""
    move = Move(payload={"attachment_id": attachment_id, "virus": virus or ""})
    attempt = Attempt(actor, now, Given())
    return record_event(work, case, case, QUARANTINED, "appeal.attachment_quarantined", move, attempt)


def refuse_deleted(attachment: Attachment) -> None:
    """Refuse to do anything more with a tombstone."""
    if attachment.deleted_at is not None:
        raise Gone("这个附件已删除。", code="attachment-deleted")


async def _check_room(
    work: Work, case: Case, limits: AttachmentLimits, *, size: int, actor: Actor, now: datetime
) -> None:
    used = await room_used(
        work.connection,
        case.appeal.id,
        by_department=actor.has(*DEPARTMENT_ROLES),
        enterprise_id=case.appeal.enterprise_id if actor.has(Role.ENTERPRISE) else None,
        since=datetime.combine(office_day(now), time.min, OFFICE_TIMEZONE),
    )
    check_room(used, limits, size=size)


def _told(attached: Attachment, case: Case) -> dict[str, object]:
    """What is announced goes to many places: of who filed in confidence not even the name of a file."""
    hidden = case.appeal.confidential and attached.department is None
    names = ("size", "sha256", "purpose") if hidden else ("name", "size", "sha256", "purpose")
    return {name: getattr(attached, name) for name in names}


def _attachment(file: NewFile, stated: Stated, actor: Actor, now: datetime) -> Attachment:
    return Attachment(
        id=file.id,
        name=file.name,
        kind=file.kind,
        size=file.size,
        sha256=file.sha256,
        purpose=stated.purpose,
        note=stated.note,
        uploader_id=actor.id,
        uploader_name=actor.name,
        department=actor.department if actor.has(*DEPARTMENT_ROLES) else None,
        uploaded_at=now,
        scan=file.scan,
        scan_finding=file.virus,
        released_at=None,
        relied_on_at=None,
        damaged_at=None,
        deleted_at=None,
    )


def _row(attached: Attachment, case: Case, actor: Actor) -> dict[str, object]:
    columns = {name: getattr(attached, name) for name in STORED_COLUMNS}
    scanned = attached.scan in (Scan.CLEAN, Scan.INFECTED)
    return {
        **columns,
        "appeal_id": case.appeal.id,
        "enterprise_id": case.appeal.enterprise_id if actor.has(Role.ENTERPRISE) else None,
        "scanned_at": attached.uploaded_at if scanned else None,
    }
