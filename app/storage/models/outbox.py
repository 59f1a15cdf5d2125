"""What waits to be announced."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class OutboxRow(Model):
    """One announcement, written with the change that it announces and sent afterwards."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_appeal_id", "appeal_id"),
        Index("ix_outbox_pending", "id", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    sequence: Mapped[int]
    type: Mapped[str]
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
