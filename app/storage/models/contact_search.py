"""Who has looked for appeals by the person behind them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class ContactSearchRow(Model):
    """One search: by whom, when, by which kinds of words, and how many it found; never the words themselves."""

    __tablename__ = "contact_search"
    __table_args__ = (Index("ix_contact_search_searched_at", "searched_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    actor_roles: Mapped[str]
    jurisdictions: Mapped[list[object]]
    searched_at: Mapped[datetime]
    words: Mapped[list[object]]
    found: Mapped[int]
