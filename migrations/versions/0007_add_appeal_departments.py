"""add appeal departments.

A deployment runs this while the version before still serves: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_add_appeal_departments"
down_revision = "0006_validate_checks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    op.add_column(
        "appeal", sa.Column("departments", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    )
    # History is kept outside the row, so old and new tell the same; appeals that nobody was charged with stay empty.
    op.execute(
        """
        UPDATE appeal SET departments = charged.departments
        FROM (
            SELECT appeal_id, array_agg(DISTINCT jurisdiction || '/' || department) AS departments
            FROM assignment WHERE NOT passed_on GROUP BY appeal_id
        ) AS charged
        WHERE charged.appeal_id = appeal.id
        """
    )


def downgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    op.drop_column("appeal", "departments")
