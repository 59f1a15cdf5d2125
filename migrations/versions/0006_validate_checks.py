"""Validate the checks that were added unchecked: the rows are read while everybody goes on writing.

A deployment runs this while the version before still serves: add first, remove in a later release.
"""

from alembic import op

revision = "0006_validate_checks"
down_revision = "0005_create_citations"
branch_labels = None
depends_on = None

ADDED_UNCHECKED = ("ck_clock_verdict_known", "ck_clock_limit_unit_known", "ck_clock_kind_known")


def upgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    for name in ADDED_UNCHECKED:
        op.execute(f"ALTER TABLE clock VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    # A check that holds needs no undoing.
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
