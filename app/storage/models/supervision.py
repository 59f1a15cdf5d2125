"""The rungs of the supervision ladder, as records."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class SupervisionRow(Model):
    """One rung: issued once for one clock, answered by the department."""

    __tablename__ = "supervision"
    __table_args__ = (
        Index("uq_supervision_clock_id_rung", "clock_id", "rung", unique=True),
        Index("ix_supervision_appeal_id", "appeal_id"),
        Index("ix_supervision_answer_clock_id", "answer_clock_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    clock_id: Mapped[UUID | None] = mapped_column(ForeignKey("clock.id"))
    answer_clock_id: Mapped[UUID | None] = mapped_column(ForeignKey("clock.id"))
    rung: Mapped[int]
    reason: Mapped[str]
    department: Mapped[str | None]
    issuer_id: Mapped[UUID]
    issued_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
