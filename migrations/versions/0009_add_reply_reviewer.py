"""add reply reviewer.

A deployment runs this while the version before still serves: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_add_reply_reviewer"
down_revision = "0008_build_second_wall"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    op.add_column("reply", sa.Column("reviewer_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    op.drop_column("reply", "reviewer_id")
