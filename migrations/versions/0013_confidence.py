"""Seal contacts, keep anonymised copies, and let what is old be erased.

A deployment runs this while the version before still serves: add first, remove in a later release. The columns that
hold contacts in clear stay for that version; `bihuan migrate` seals what they hold and empties them.
"""

import sqlalchemy as sa
from alembic import op

from migrations.wall import ROLE

revision = "0013_confidence"
down_revision = "0012_attachments"
branch_labels = None
depends_on = None

TEXTS = (
    "contact_phone_index", "contact_name_index", "anonymised_title", "anonymised_text", "retention_hold", "erased_by",
    "erased_rule",
)  # fmt: skip
INDEXES = {
    "ix_appeal_contact_phone_index": "(contact_phone_index) WHERE contact_phone_index IS NOT NULL",
    "ix_appeal_contact_name_index": "(contact_name_index) WHERE contact_name_index IS NOT NULL",
    "ix_appeal_closed_at": "(closed_at, id) WHERE closed_at IS NOT NULL AND erased_at IS NULL",
}

ERASE = """
CREATE OR REPLACE FUNCTION erase_words_of_events(erased_appeal uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET bihuan.erasing_words = 'on' AS $$
DECLARE
    erased bigint;
BEGIN
    UPDATE public.event SET payload = '{"erased": true}', reason = ''
    WHERE appeal_id = erased_appeal AND words_digest IS NOT NULL %s;
    GET DIAGNOSTICS erased = ROW_COUNT;
    RETURN erased;
END
$$
"""
IF_MARKED = "AND EXISTS (SELECT FROM public.appeal WHERE id = erased_appeal AND erased_at IS NOT NULL)"
"""The application may call the function now, for an appeal that it has marked as erased."""
ERASED_COLUMNS = {"citation": "evidence", "visit": "note"}
"""What the application may overwrite in tables to which it only adds otherwise."""


def upgrade() -> None:
    # A migration that waits for a lock makes everybody behind it wait too: give up and be run again instead.
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    op.add_column("appeal", sa.Column("contact_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("appeal", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    for name in TEXTS:
        op.add_column("appeal", sa.Column(name, sa.Text(), nullable=True))
    # A migration that is interrupted must leave nothing, so indexes are made within it: one scan of the table each.
    for name, over in INDEXES.items():
        op.execute(f"-- squawk-ignore require-concurrent-index-creation\nCREATE INDEX {name} ON appeal {over}")
    op.execute(ERASE % IF_MARKED)
    op.execute(f"GRANT EXECUTE ON FUNCTION erase_words_of_events(uuid) TO {ROLE}")
    for table, column in ERASED_COLUMNS.items():
        op.execute(f"GRANT UPDATE ({column}) ON {table} TO {ROLE}")


def downgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    for table, column in ERASED_COLUMNS.items():
        op.execute(f"REVOKE UPDATE ({column}) ON {table} FROM {ROLE}")
    op.execute(ERASE % "")
    op.execute(f"REVOKE EXECUTE ON FUNCTION erase_words_of_events(uuid) FROM {ROLE}")
    for name in INDEXES:
        op.drop_index(name, table_name="appeal")
    for name in (*TEXTS, "erased_at", "contact_sealed"):
        op.drop_column("appeal", name)
