"""Single-use links by which an enterprise supplies what is missing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class SupplementLinkRow(Model):
    """One link: the SHA-256 of its token, until when it counts, and what became of it."""

    __tablename__ = "supplement_link"
    __table_args__ = (Index("ix_supplement_link_appeal_id", "appeal_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    issued_by: Mapped[UUID]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
