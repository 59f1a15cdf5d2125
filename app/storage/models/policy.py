"""Published policy versions; an appeal pins the one under which it was filed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class PolicyRow(Model):
    """One version of one jurisdiction's policy, as it was published; never changed afterwards."""

    __tablename__ = "policy"
    __table_args__ = (
        UniqueConstraint("jurisdiction", "digest"),
        Index("ix_policy_jurisdiction_effective_on", "jurisdiction", "effective_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    version: Mapped[str]
    effective_on: Mapped[date]
    digest: Mapped[str]
    content: Mapped[dict[str, object]]
    published_at: Mapped[datetime]
