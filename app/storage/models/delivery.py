"""What is to be told to whom, and what came of each attempt."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.delivery import DeliveryState
from app.storage.base import Model, one_of


class DeliveryRow(Model):
    """One announcement to one address: the same id and the same bytes at every attempt.

    `leased_until`: until then a worker is at it. `sequence` orders the announcements of one appeal.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("state", DeliveryState),
        UniqueConstraint("subscription_id", "outbox_id"),
        Index("ix_delivery_appeal_id", "appeal_id"),
        Index("ix_delivery_outbox_id", "outbox_id"),
        Index(
            "ix_delivery_waiting",
            "subscription_id",
            "appeal_id",
            "sequence",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_delivery_due", "next_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_delivery_subscription_id_created_at", "subscription_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscription.id"))
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    sequence: Mapped[int]
    type: Mapped[str]
    body: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class DeliveryAttemptRow(Model):
    """One attempt: what was answered, or what went wrong; of the answer the first characters."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (
        Index("ix_delivery_attempt_delivery_id", "delivery_id"),
        Index("ix_delivery_attempt_subscription_id_at", "subscription_id", "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscription.id"))
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id"))
    at: Mapped[datetime]
    status: Mapped[int | None]
    failure: Mapped[str | None]
    milliseconds: Mapped[int]
    excerpt: Mapped[str]
