"""Signed seals over each finished day of history."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.domain.anchor import Algorithm
from app.storage.base import Model, one_of


class AnchorRow(Model):
    """What one office day added to the history, digested, linked to the day before, and signed; never changed."""

    __tablename__ = "anchor"
    __table_args__ = (one_of("algorithm", Algorithm),)

    day: Mapped[date] = mapped_column(primary_key=True)
    appeals: Mapped[int]
    events: Mapped[int]
    accesses: Mapped[int]
    acts: Mapped[int]
    previous_digest: Mapped[str]
    content_digest: Mapped[str]
    digest: Mapped[str]
    algorithm: Mapped[str]
    signature: Mapped[str]
    key_id: Mapped[str]
    public_key: Mapped[str]
    recorded_at: Mapped[datetime]
