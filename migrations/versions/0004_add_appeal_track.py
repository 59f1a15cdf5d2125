"""Add the statutory track of an appeal, and let clocks be of the statutory kinds.

A deployment runs this while the version before still serves: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_add_appeal_track"
down_revision = "0003_publish_calendars"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "'acceptance', 'sign', 'contact', 'return_ruling', 'handling', 'department_answer', 'milestone', "
    "'procedural_reply', 'substantive_reply', 'review', 'feedback', 'rework', 'bad_rating_contact', "
    "'bad_rating_rectification', 'supplement', 'supervision_answer', 'objection'"
)
KINDS = f"{KINDS_BEFORE}, 'statutory_acceptance', 'statutory_transfer', 'statutory_decision', 'statutory_maximum'"


def upgrade() -> None:
    # A migration that waits for a lock makes everybody behind it wait too: give up and be run again instead.
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    op.add_column("appeal", sa.Column("track", sa.Text(), nullable=True))
    _admit(KINDS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    _admit(KINDS_BEFORE)
    op.drop_column("appeal", "track")


def _admit(kinds: str) -> None:
    """Replace the check, unchecked against the rows of before: the table is locked for an instant only."""
    # Nothing is lost that a reader relied on: the check that follows in this transaction admits more of the same.
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE clock DROP CONSTRAINT ck_clock_kind_known")
    op.execute(f"ALTER TABLE clock ADD CONSTRAINT ck_clock_kind_known CHECK (kind IN ({kinds})) NOT VALID")
