"""The files that hang on appeals; their contents are in the file store, under the same ids."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.attachment import Purpose, Scan
from app.domain.attachment_kind import FileKind
from app.storage.base import Model, one_of

WAITING = "scan = 'pending' AND deleted_at IS NULL"


class AttachmentRow(Model):
    """One file: who attached it for what, its digest, what the scanner says, and what became of it.

    `enterprise_id` is set where the enterprise itself uploaded: what it may upload in a day is counted by it.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("kind", FileKind),
        one_of("scan", Scan),
        Index("ix_attachment_appeal_id", "appeal_id"),
        Index(
            "ix_attachment_enterprise_id_uploaded_at",
            "enterprise_id",
            "uploaded_at",
            postgresql_where=text("enterprise_id IS NOT NULL"),
        ),
        Index(
            "ix_attachment_pending",
            "scanned_at",
            "id",
            postgresql_where=text("scan = 'pending' AND deleted_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprise.id"))
    purpose: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    note: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    uploader_id: Mapped[UUID]
    uploader_name: Mapped[str]
    department: Mapped[str | None]
    uploaded_at: Mapped[datetime]
    scan: Mapped[str]
    scan_finding: Mapped[str | None]
    scanned_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None]
    relied_on_at: Mapped[datetime | None]
    damaged_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[UUID | None]
