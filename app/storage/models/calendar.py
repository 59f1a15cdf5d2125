"""Working calendars, every version that is or was in force."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class CalendarRow(Model):
    """One version of a region's calendar, whole: `own_breaks` are the region's, `breaks` what holds there in all."""

    __tablename__ = "calendar"
    __table_args__ = (
        Index("uq_calendar_region_in_force", "region", unique=True, postgresql_where=text("superseded_at IS NULL")),
        Index("ix_calendar_version", "version"),
        Index("ix_calendar_publication_id", "publication_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str]
    version: Mapped[str]
    breaks: Mapped[list[object]]
    own_breaks: Mapped[list[object]]
    published_until: Mapped[date]
    in_force_from: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    publication_id: Mapped[UUID | None] = mapped_column(ForeignKey("calendar_publication.id"))
