"""Answers already given, kept with the effect they belong to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from app.storage.base import Model


class IdempotencyRow(Model):
    """The answer to one request with an Idempotency-Key; committed with the effect of that request."""

    __tablename__ = "idempotency"
    __table_args__ = (PrimaryKeyConstraint("account_id", "route", "key"),)

    account_id: Mapped[UUID]
    route: Mapped[str]
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, object]]
    body: Mapped[str]
    created_at: Mapped[datetime]
