"""What departments answer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.appeal import Outcome, ReplyKind
from app.storage.base import Model, one_of


class ReplyRow(Model):
    """One reply: procedural and progress ones count when written, a substantive one when approved."""

    __tablename__ = "reply"
    __table_args__ = (
        one_of("kind", ReplyKind),
        one_of("result_type", Outcome),
        Index("ix_reply_appeal_id", "appeal_id"),
        Index("ix_reply_assignment_id", "assignment_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    round: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str]
    result_type: Mapped[str | None]
    basis: Mapped[str | None]
    remedy: Mapped[str | None]
    evidence: Mapped[list[object]]
    writer_id: Mapped[UUID]
    written_at: Mapped[datetime]
    approver_id: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]
    reviewer_id: Mapped[UUID | None]
