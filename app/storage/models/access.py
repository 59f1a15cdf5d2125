"""Who has read a confidential appeal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class AccessRow(Model):
    """One reading of a confidential appeal, noted before it was answered; never changed."""

    __tablename__ = "access"
    __table_args__ = (
        Index("ix_access_appeal_id_at", "appeal_id", "at", "id"),
        Index("ix_access_at", "at", postgresql_using="brin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    actor_roles: Mapped[str]
    department: Mapped[str | None]
    what: Mapped[str]
    purpose: Mapped[str | None]
    at: Mapped[datetime]
