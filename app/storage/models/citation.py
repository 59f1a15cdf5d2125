"""The service commitment that an appeal cites, with what it came to on the day of filing."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.verdict import CitationVerdict
from app.storage.base import Model, one_of


class CitationRow(Model):
    """One citation with its computation: written once with the filing, never changed, so it stands as computed."""

    __tablename__ = "citation"
    __table_args__ = (one_of("verdict", CitationVerdict),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), unique=True)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("policy.id"), index=True)
    commitment: Mapped[str]
    name: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    pauses: Mapped[list[object]]
    evidence: Mapped[str]
    due_day: Mapped[date]
    due_at: Mapped[datetime]
    provisional: Mapped[bool]
    verdict: Mapped[str]
    late_by: Mapped[int | None]
    sentences: Mapped[list[object]]
    days: Mapped[list[object]]
    calendar_version: Mapped[str]
    computed_at: Mapped[datetime]
