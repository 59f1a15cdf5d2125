"""What an enterprise showed to prove that it is the one and who speaks for it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class VerificationRow(Model):
    """One authorisation letter that was looked at; the newest of an enterprise counts."""

    __tablename__ = "enterprise_verification"
    __table_args__ = (Index("ix_enterprise_verification_enterprise_id", "enterprise_id", "verified_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"))
    document_number: Mapped[str]
    issued_on: Mapped[date]
    valid_until: Mapped[date]
    authorised: Mapped[str]
    verified_by: Mapped[UUID]
    verified_at: Mapped[datetime]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None]
