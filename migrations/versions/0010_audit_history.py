"""Audit history: erasable words, daily anchors, administrative acts, and who read what is confidential.

A deployment runs this while the version before still serves: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.wall import EVERYTHING, OF_A_REACHED_APPEAL, grant, raise_wall, take_down_wall

revision = "0010_audit_history"
down_revision = "0009_add_reply_reviewer"
branch_labels = None
depends_on = None

APPEND_ONLY = ("anchor", "act", "access")

# A setting is no secret: what keeps others out is that only the owner may update the table. The trigger keeps the
# owner from doing it by mistake, and the second one keeps whoever gets here from changing anything but the words.
REFUSE = """
CREATE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('bihuan.erasing_words', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
ERASE_ONLY = """
CREATE TRIGGER event_loses_words_only BEFORE UPDATE ON event FOR EACH ROW
WHEN (
    OLD.words_digest IS NULL OR NEW.reason <> '' OR NEW.payload <> '{"erased": true}'::jsonb
    OR to_jsonb(OLD) - 'payload' - 'reason' <> to_jsonb(NEW) - 'payload' - 'reason'
)
EXECUTE FUNCTION refuse_change_of_history()
"""
ERASE = """
CREATE FUNCTION erase_words_of_events(erased_appeal uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET bihuan.erasing_words = 'on' AS $$
DECLARE
    erased bigint;
BEGIN
    UPDATE public.event SET payload = '{"erased": true}', reason = ''
    WHERE appeal_id = erased_appeal AND words_digest IS NOT NULL;
    GET DIAGNOSTICS erased = ROW_COUNT;
    RETURN erased;
END
$$
"""

HEAD_OF_ACTS = """
CREATE FUNCTION head_of_acts() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT digest FROM public.act ORDER BY id DESC LIMIT 1 $$
"""
"""Whoever adds to the chain of acts must know its end, and need not see what was done before."""
OPEN_SINCE = """
CREATE FUNCTION is_transaction_open_since(before timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend' AND xact_start < before
    )
$$
"""
"""A role sees of other sessions only those of its own login; the application is nobody's login."""


def upgrade() -> None:
    # A migration that waits for a lock makes everybody behind it wait too: give up and be run again instead.
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    op.add_column("event", sa.Column("words_digest", sa.Text(), nullable=True))
    # A migration that is interrupted must leave nothing, so the index is made within it; of this kind it is tiny.
    op.execute(
        "-- squawk-ignore require-concurrent-index-creation\n"
        "CREATE INDEX ix_event_recorded_at ON event USING brin (recorded_at)"
    )
    op.create_table(
        "anchor",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("appeals", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("accesses", sa.BigInteger(), nullable=False),
        sa.Column("acts", sa.BigInteger(), nullable=False),
        sa.Column("previous_digest", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("algorithm IN ('sha256', 'sm3')", name=op.f("ck_anchor_algorithm_known")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_anchor")),
    )
    op.create_table(
        "act",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_roles", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.create_table(
        "access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_roles", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_access_appeal_id_appeal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
    )
    op.create_index("ix_access_appeal_id_at", "access", ["appeal_id", "at", "id"], unique=False)
    op.create_index("ix_access_at", "access", ["at"], unique=False, postgresql_using="brin")
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history()"
        )
    op.execute(REFUSE)
    op.execute(
        "CREATE OR REPLACE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_event()"
    )
    op.execute(ERASE_ONLY)
    op.execute(ERASE)
    op.execute("REVOKE ALL ON FUNCTION erase_words_of_events(uuid) FROM PUBLIC")
    op.execute(HEAD_OF_ACTS)
    op.execute(OPEN_SINCE)
    for table in APPEND_ONLY:
        grant("SELECT, INSERT", table)
    # An anchor holds digests and counts; the more people keep a copy, the better.
    raise_wall("act", seen=EVERYTHING, written="true")
    raise_wall("access", seen=OF_A_REACHED_APPEAL, written="true")


def downgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    for table in ("access", "act"):
        take_down_wall(table)
    op.execute("DROP FUNCTION is_transaction_open_since(timestamptz)")
    op.execute("DROP FUNCTION head_of_acts()")
    op.execute("DROP FUNCTION erase_words_of_events(uuid)")
    op.execute("DROP TRIGGER event_loses_words_only ON event")
    op.execute(
        "CREATE OR REPLACE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history()"
    )
    op.execute("DROP FUNCTION refuse_change_of_event()")
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
    op.drop_index("ix_event_recorded_at", table_name="event")
    op.drop_column("event", "words_digest")
