"""Sessions of people who signed in by password."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class SessionRow(Model):
    """One session: only the SHA-256 of its token is kept; `last_used_at` is noted by the minute."""

    __tablename__ = "session"
    __table_args__ = (
        Index("ix_session_account_id", "account_id", "created_at"),
        Index("ix_session_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
