"""Attachments: the files of an appeal, the room they take, and what upkeep asks about them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.attachment import Attachment, Purpose, Scan
from app.domain.attachment_kind import FileKind
from app.domain.attachment_room import Used

STORED_COLUMNS = tuple(name for name in Attachment.__dataclass_fields__ if name != "passed_at")
COLUMNS = ", ".join(f"t.{name}" for name in STORED_COLUMNS)
_PASSED = "(SELECT max(r.passed_at) FROM reply r WHERE r.appeal_id = t.appeal_id) AS passed_at"
_OF_APPEAL = text(
    f"SELECT {COLUMNS}, {_PASSED} FROM attachment t WHERE t.appeal_id = :appeal ORDER BY t.uploaded_at, t.id"
)
_ONE = text(f"SELECT {COLUMNS}, {_PASSED} FROM attachment t WHERE t.appeal_id = :appeal AND t.id = :id")
_ONE_DAY_OF_AN_ENTERPRISE = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:enterprise AS text), 0))")
_USED = text(
    "SELECT count(*) FILTER (WHERE here) AS appeal_files, coalesce(sum(size) FILTER (WHERE here), 0) AS appeal_bytes, "
    "count(*) FILTER (WHERE today) AS day_files, coalesce(sum(size) FILTER (WHERE today), 0) AS day_bytes FROM ("
    "SELECT size, appeal_id = :appeal AND (department IS NOT NULL) = :by_department AND deleted_at IS NULL AS here, "
    "coalesce(enterprise_id = CAST(:enterprise AS uuid) AND uploaded_at >= :since, false) AS today FROM attachment "
    "WHERE appeal_id = :appeal OR (enterprise_id = CAST(:enterprise AS uuid) AND uploaded_at >= :since)) u"
)
_RELY_ON = text("UPDATE attachment SET relied_on_at = :now WHERE id = :id AND relied_on_at IS NULL")
_MARK_DAMAGED = text("UPDATE attachment SET damaged_at = :at WHERE id = :id")
# What was asked about longest ago comes first, so that one content which cannot be scanned holds up no other.
_PENDING = text(
    "SELECT id, appeal_id FROM attachment WHERE scan = 'pending' AND deleted_at IS NULL "
    "AND (scanned_at IS NULL OR scanned_at < :before) ORDER BY scanned_at NULLS FIRST, id LIMIT :limit"
)
_ASKED = text("UPDATE attachment SET scanned_at = :now WHERE id = :id AND scan = 'pending'")
_LIVE = text("SELECT id FROM attachment WHERE id = ANY(:ids) AND deleted_at IS NULL")
_ALL_LIVE = text(
    "SELECT t.id, t.size, t.sha256, t.damaged_at, a.number FROM attachment t JOIN appeal a ON a.id = t.appeal_id "
    "WHERE t.deleted_at IS NULL AND t.id > :after ORDER BY t.id LIMIT :limit"
)


async def attachments_of(connection: AsyncConnection, appeal_id: UUID) -> list[Attachment]:
    """Return every attachment of an appeal, oldest first, deleted ones among them."""
    rows = await connection.execute(_OF_APPEAL, {"appeal": appeal_id})
    return [attachment_of(dict(row)) for row in rows.mappings()]


async def one_attachment(connection: AsyncConnection, appeal_id: UUID, attachment_id: UUID) -> Attachment | None:
    """Return one attachment of an appeal."""
    row = (await connection.execute(_ONE, {"appeal": appeal_id, "id": attachment_id})).mappings().first()
    return None if row is None else attachment_of(dict(row))


async def lock_day_of_enterprise(connection: AsyncConnection, enterprise_id: UUID) -> None:
    """Let the uploads of one enterprise be counted one after another until the transaction ends."""
    await connection.execute(_ONE_DAY_OF_AN_ENTERPRISE, {"enterprise": str(enterprise_id)})


async def room_used(
    connection: AsyncConnection, appeal_id: UUID, *, by_department: bool, enterprise_id: UUID | None, since: datetime
) -> Used:
    """Return what one side of an appeal, and an enterprise since an instant, have uploaded."""
    asked = {"appeal": appeal_id, "by_department": by_department, "enterprise": enterprise_id, "since": since}
    row = (await connection.execute(_USED, asked)).mappings().one()
    return Used(**{name: int(value) for name, value in row.items()})


async def rely_on(connection: AsyncConnection, attachment_id: UUID, now: datetime) -> None:
    """Note that somebody else has taken the content for the first time."""
    await connection.execute(_RELY_ON, {"id": attachment_id, "now": now})


async def mark_damaged(connection: AsyncConnection, attachment_id: UUID, at: datetime | None) -> None:
    """Note when the stored content was found not to be what was uploaded; None: it is right again."""
    await connection.execute(_MARK_DAMAGED, {"id": attachment_id, "at": at})


async def pending_scans(connection: AsyncConnection, *, before: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Return attachments (with their appeals) that wait for the scanner and were not asked about since `before`."""
    rows = await connection.execute(_PENDING, {"before": before, "limit": limit})
    return [(row.id, row.appeal_id) for row in rows]


async def note_asked(connection: AsyncConnection, attachment_id: UUID, now: datetime) -> None:
    """Note that the scanner was asked and could not say."""
    await connection.execute(_ASKED, {"id": attachment_id, "now": now})


async def live_ids(connection: AsyncConnection, ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of the ids that a stored, not deleted attachment has."""
    rows = await connection.execute(_LIVE, {"ids": list(ids)})
    return frozenset(rows.scalars())


async def live_attachments(connection: AsyncConnection, *, after: UUID, limit: int) -> list[dict[str, Any]]:
    """Return the next attachments by id that must have a file: id, size, sha256, damaged_at, number of the appeal."""
    return [dict(row) for row in (await connection.execute(_ALL_LIVE, {"after": after, "limit": limit})).mappings()]


def attachment_of(row: dict[str, Any]) -> Attachment:
    """Make an attachment of a row with its columns."""
    typed = {"kind": FileKind(row["kind"]), "purpose": Purpose(row["purpose"]), "scan": Scan(row["scan"])}
    return Attachment(**{**row, **typed})
