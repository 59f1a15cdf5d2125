"""The append-only history."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from app.storage.base import Model


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the type's name in DDL."""
        return "xid8"


class EventRow(Model):
    """One line of an appeal's history, chained to the one before; the feed reads in (transaction, id) order.

    `words_digest` stands for payload and reason in the digest, so that these can be erased; rows from before it
    existed have none.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("appeal_id", "sequence"),
        Index("ix_event_transaction_id", "transaction", "id"),
        # Rows arrive nearly in this order, so a few pages of summaries serve a day's question.
        Index("ix_event_recorded_at", "recorded_at", postgresql_using="brin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    transaction: Mapped[int] = mapped_column(Xid8(), server_default=text("pg_current_xact_id()"))
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    sequence: Mapped[int]
    action: Mapped[str]
    announces: Mapped[str]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    actor_roles: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    reason: Mapped[str]
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)
    digest: Mapped[str]
    words_digest: Mapped[str | None]
