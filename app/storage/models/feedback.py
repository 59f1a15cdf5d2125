"""What the enterprise is asked and what it says: return visits and ratings."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class VisitRow(Model):
    """One return visit: contacted, solved and satisfied are asked apart."""

    __tablename__ = "visit"
    __table_args__ = (Index("ix_visit_appeal_id", "appeal_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    round: Mapped[int]
    visited_at: Mapped[datetime]
    visited_on: Mapped[date]
    visitor_id: Mapped[UUID]
    way: Mapped[str]
    contacted: Mapped[bool]
    solved: Mapped[bool | None]
    satisfied: Mapped[bool | None]
    note: Mapped[str]


class RatingRow(Model):
    """A single-use link for rating and, once used, what the enterprise said."""

    __tablename__ = "rating"
    __table_args__ = (Index("ix_rating_appeal_id", "appeal_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    round: Mapped[int]
    digest: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    rated_at: Mapped[datetime | None]
    solved: Mapped[bool | None]
    satisfied: Mapped[bool | None]
    comment: Mapped[str | None]
