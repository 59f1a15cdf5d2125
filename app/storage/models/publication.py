"""Notices put forward to change a working calendar."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.publication import PublicationState
from app.storage.base import Model, one_of


class PublicationRow(Model):
    """One notice put forward by one person and decided by another; never deleted."""

    __tablename__ = "calendar_publication"
    __table_args__ = (
        one_of("state", PublicationState),
        Index(
            "ix_calendar_publication_open",
            "effective_at",
            postgresql_where=text("state IN ('proposed', 'approved')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str]
    year: Mapped[int]
    content: Mapped[dict[str, object]]
    effective_at: Mapped[datetime]
    state: Mapped[str]
    based_on: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str]
    applied_at: Mapped[datetime | None]
    version: Mapped[str | None]
    totals: Mapped[dict[str, object] | None]
