"""Create subscriptions, what is to be delivered to them, and what came of each attempt.

A deployment runs this while the version before still serves: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.wall import EVERYTHING, OF_A_REACHED_APPEAL, grant, raise_wall, take_down_wall

revision = "0014_webhooks"
down_revision = "0013_confidence"
branch_labels = None
depends_on = None

OWN = "account_id = (SELECT nullif(current_setting('bihuan.account', true), '')::uuid)"
OF_AN_OWN = f"{EVERYTHING} OR (SELECT true FROM subscription WHERE subscription.id = subscription_id)"
OF_AN_OWN_AND_A_REACHED_APPEAL = f"({OF_AN_OWN}) AND ({OF_A_REACHED_APPEAL})"


def upgrade() -> None:
    # A migration that waits for a lock makes everybody behind it wait too: give up and be run again instead.
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("scope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("secret_sealed", sa.Text(), nullable=False),
        sa.Column("former_sealed", sa.Text(), nullable=True),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('unproven', 'active', 'paused', 'parked', 'disabled')", name=op.f("ck_subscription_state_known")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_subscription_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index("ix_subscription_account_id", "subscription", ["account_id"])
    op.create_index("ix_subscription_live", "subscription", ["id"], postgresql_where=sa.text("deleted_at IS NULL"))
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'dead', 'skipped')", name=op.f("ck_delivery_state_known")
        ),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_delivery_appeal_id_appeal")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_delivery_outbox_id_outbox")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_delivery_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("subscription_id", "outbox_id", name=op.f("uq_delivery_subscription_id_outbox_id")),
    )
    op.create_index("ix_delivery_appeal_id", "delivery", ["appeal_id"])
    op.create_index("ix_delivery_outbox_id", "delivery", ["outbox_id"])
    waiting = sa.text("state = 'waiting'")
    columns = ["subscription_id", "appeal_id", "sequence"]
    op.create_index("ix_delivery_waiting", "delivery", columns, postgresql_where=waiting)
    op.create_index("ix_delivery_due", "delivery", ["next_at"], postgresql_where=waiting)
    op.create_index("ix_delivery_subscription_id_created_at", "delivery", ["subscription_id", "created_at", "id"])
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_attempt_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_delivery_attempt_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempt")),
    )
    op.create_index("ix_delivery_attempt_delivery_id", "delivery_attempt", ["delivery_id"])
    op.create_index("ix_delivery_attempt_subscription_id_at", "delivery_attempt", ["subscription_id", "at", "id"])
    grant("SELECT, INSERT, UPDATE", "subscription")
    grant("SELECT, INSERT, UPDATE, DELETE", "delivery")
    grant("SELECT, INSERT, UPDATE, DELETE", "delivery_attempt")
    raise_wall("subscription", seen=f"{EVERYTHING} OR {OWN}", written=f"{EVERYTHING} OR {OWN}")
    raise_wall("delivery", seen=OF_AN_OWN_AND_A_REACHED_APPEAL, written=EVERYTHING)
    raise_wall("delivery_attempt", seen=OF_AN_OWN, written=OF_AN_OWN)


def downgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    for table in ("delivery_attempt", "delivery", "subscription"):
        take_down_wall(table)
        op.drop_table(table)
