"""Create the job queue.

A deployment runs this while the version before still serves: add first, remove in a later release.
"""

from alembic import context, op
from procrastinate.schema import SchemaManager

revision = "0002_create_job_queue"
down_revision = "0001_create_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    # The library's tables stand in a schema of their own, so that ours are compared with the models alone.
    op.execute("CREATE SCHEMA procrastinate")
    op.execute("SET LOCAL search_path = procrastinate")
    _run_script(SchemaManager.get_schema())
    op.execute("SET LOCAL search_path = public")


def downgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    op.execute("DROP SCHEMA procrastinate CASCADE")


def _run_script(script: str) -> None:
    """Run many statements as they stand: the driver takes them together only where no parameters are given."""
    if context.is_offline_mode():
        # The markers let the linter of our own statements leave the library's alone.
        op.execute("-- vendored: begin\n" + script.replace(":", "\\:") + "\n-- vendored: end")
    else:
        op.get_bind().connection.driver_connection.execute(script)
