"""Assignments: which department has the charge of which appeal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.appeal import AssignmentPart
from app.storage.base import Model, one_of


class AssignmentRow(Model):
    """One department's charge of one appeal in one round."""

    __tablename__ = "assignment"
    __table_args__ = (
        one_of("part", AssignmentPart),
        Index("ix_assignment_appeal_id", "appeal_id"),
        Index(
            "ix_assignment_queue",
            "jurisdiction",
            "department",
            "due_at",
            "id",
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    round: Mapped[int]
    jurisdiction: Mapped[str]
    department: Mapped[str]
    part: Mapped[str]
    assigned_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    designated: Mapped[bool]
    signed_at: Mapped[datetime | None]
    signed_late: Mapped[bool]
    contacted_at: Mapped[datetime | None]
    return_requested_at: Mapped[datetime | None]
    proposed_department: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    passed_on: Mapped[bool]
    opinion: Mapped[str]
