"""Administrative acts that concern no single appeal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class ActRow(Model):
    """One administrative act, chained to the one before; never changed."""

    __tablename__ = "act"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    actor_roles: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    payload: Mapped[dict[str, object]]
    digest: Mapped[str]
