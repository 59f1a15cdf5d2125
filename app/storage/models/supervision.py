"""The rungs of the supervision ladder, as records."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class SupervisionRow(Model):
    """One rung: issued once for one due date of one clock, answered by the department.

    `withdrawn_at`: the breach was announced under a calendar that has been put right since.
    """

    __tablename__ = "supervision"
    __table_args__ = (
        Index(
            "uq_supervision_clock_id_rung_due_at",
            "clock_id",
            "rung",
            "due_at",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_supervision_appeal_id", "appeal_id"),
        Index("ix_supervision_answer_clock_id", "answer_clock_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    clock_id: Mapped[UUID | None] = mapped_column(ForeignKey("clock.id"))
    answer_clock_id: Mapped[UUID | None] = mapped_column(ForeignKey("clock.id"))
    due_at: Mapped[datetime | None]
    rung: Mapped[int]
    reason: Mapped[str]
    department: Mapped[str | None]
    issuer_id: Mapped[UUID]
    issued_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
