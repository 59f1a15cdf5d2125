"""Clocks: one row for each running promise."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.case import ClockState
from app.domain.clock_kind import ClockKind
from app.domain.limit import Unit
from app.domain.verdict import Verdict
from app.storage.base import Model, one_of


class ClockRow(Model):
    """One promise with all that made its due date. The sweep finds it by `next_at` alone."""

    __tablename__ = "clock"
    __table_args__ = (
        one_of("kind", ClockKind),
        one_of("state", ClockState),
        one_of("verdict", Verdict),
        one_of("limit_unit", Unit),
        Index("ix_clock_appeal_id", "appeal_id"),
        Index("ix_clock_assignment_id", "assignment_id", postgresql_where=text("assignment_id IS NOT NULL")),
        # Few clocks wait for a notice; the calendar's status and the metric count them by year.
        Index("ix_clock_provisional", "due_day", postgresql_where=text("provisional AND state <> 'stopped'")),
        Index("ix_clock_next_at", "next_at", postgresql_where=text("state = 'running' AND next_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
    kind: Mapped[str]
    round: Mapped[int]
    limit_amount: Mapped[Decimal]
    limit_unit: Mapped[str]
    started_at: Mapped[datetime]
    due_day: Mapped[date]
    due_at: Mapped[datetime]
    original_due_at: Mapped[datetime]
    provisional: Mapped[bool]
    calendar_version: Mapped[str]
    switches: Mapped[list[str]] = mapped_column(ARRAY(Text))
    pauses: Mapped[list[object]]
    extensions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    former_dues: Mapped[list[object]] = mapped_column(server_default=text("'[]'::jsonb"))
    state: Mapped[str]
    stopped_at: Mapped[datetime | None]
    verdict: Mapped[str | None]
    late_by: Mapped[int | None]
    next_at: Mapped[datetime | None]
    warnings: Mapped[int]
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    ordered_at: Mapped[datetime | None]
