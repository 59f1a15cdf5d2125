"""Who wants to be told of what, and at which address."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.subscription import SubscriptionState
from app.storage.base import Model, one_of


class SubscriptionRow(Model):
    """One address of an account. Secrets are sealed; the one before counts until `former_until`.

    `failing_since`: since when nothing has succeeded there. `scope` narrows what the account reaches anyway.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        one_of("state", SubscriptionState),
        Index("ix_subscription_account_id", "account_id"),
        Index("ix_subscription_live", "id", postgresql_where=text("deleted_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    label: Mapped[str]
    url: Mapped[str]
    event_types: Mapped[list[object]]
    scope: Mapped[dict[str, object]]
    secret_sealed: Mapped[str]
    former_sealed: Mapped[str | None]
    former_until: Mapped[datetime | None]
    state: Mapped[str]
    state_reason: Mapped[str]
    failing_since: Mapped[datetime | None]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
