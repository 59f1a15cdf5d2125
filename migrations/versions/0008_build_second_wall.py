"""build second wall: a role for the application, its rights by table, and row-level security.

The role owns nothing and may not rewrite history. Of the appeals and what hangs on them it sees what the settings of
its session say that somebody reaches (app/storage/reach.py); without them, nothing.

A deployment runs this while the version before still serves: it goes on as the owner, whom the policies let pass.
"""

from alembic import op

from migrations.wall import (
    EVERYTHING,
    OF_A_REACHED_APPEAL,
    OF_A_REACHED_APPEAL_OR_ITS_MASTER,
    ROLE,
    grant,
    raise_wall,
    take_down_wall,
)

revision = "0008_build_second_wall"
down_revision = "0007_add_appeal_departments"
branch_labels = None
depends_on = None

RIGHTS = {
    "account": "SELECT, INSERT, UPDATE",
    "api_key": "SELECT, INSERT, UPDATE",
    "appeal": "SELECT, INSERT, UPDATE",
    "assignment": "SELECT, INSERT, UPDATE",
    "calendar": "SELECT, INSERT, UPDATE",
    "calendar_publication": "SELECT, INSERT, UPDATE",
    "citation": "SELECT, INSERT",
    "clock": "SELECT, INSERT, UPDATE",
    "enterprise": "SELECT, INSERT, UPDATE",
    "event": "SELECT, INSERT",
    "idempotency": "SELECT, INSERT, UPDATE, DELETE",
    "outbox": "SELECT, INSERT, UPDATE",
    "policy": "SELECT, INSERT, UPDATE",
    "rating": "SELECT, INSERT, UPDATE",
    "reply": "SELECT, INSERT, UPDATE",
    "supervision": "SELECT, INSERT, UPDATE",
    "visit": "SELECT, INSERT",
    "alembic_version": "SELECT",
}
"""What the application may do to each table; nowhere more than it does."""

REACHED = f"""
    {EVERYTHING}
    OR jurisdiction = ANY ((SELECT string_to_array(current_setting('bihuan.jurisdictions', true), ','))::text[])
    OR enterprise_id = (SELECT nullif(current_setting('bihuan.enterprise', true), '')::uuid)
    OR channel = (SELECT nullif(current_setting('bihuan.channel', true), ''))
    OR departments && (SELECT string_to_array(current_setting('bihuan.departments', true), ','))
"""
FILED = f"""
    {REACHED}
    OR jurisdiction = ANY ((SELECT string_to_array(current_setting('bihuan.filing', true), ','))::text[])
"""
ENTERPRISES = f"""
    {EVERYTHING}
    OR id = (SELECT nullif(current_setting('bihuan.enterprise', true), '')::uuid)
    OR (SELECT current_setting('bihuan.jurisdictions', true) <> '')
    OR (SELECT current_setting('bihuan.filing', true) <> '')
    OR (SELECT true FROM appeal WHERE appeal.enterprise_id = enterprise.id LIMIT 1)
"""
OWN_ANSWERS = f"{EVERYTHING} OR account_id = (SELECT coalesce(nullif(current_setting('bihuan.account', true), ''), '00000000-0000-0000-0000-000000000000')::uuid)"
PARTS = ("assignment", "clock", "event", "visit", "rating", "supervision", "citation")
"""Tables whose rows belong to an appeal and are reached with it."""


def upgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    make_role()
    grant_rights()
    op.execute(
        """
        CREATE FUNCTION number_of_appeal(wanted uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp
        AS $$ SELECT number FROM public.appeal WHERE id = wanted $$
        """
    )
    raise_wall("appeal", seen=REACHED, written=FILED)
    for table in PARTS:
        raise_wall(table, seen=OF_A_REACHED_APPEAL, written="true")
    # Every merged enterprise reads the answer to its master.
    raise_wall("reply", seen=OF_A_REACHED_APPEAL_OR_ITS_MASTER, written="true")
    raise_wall("enterprise", seen=ENTERPRISES, written="true")
    raise_wall("idempotency", seen=OWN_ANSWERS, written=OWN_ANSWERS)
    raise_wall("outbox", seen=EVERYTHING, written="true")


def make_role() -> None:
    """Make the role, which all databases of a server share, and let whoever migrates act as it."""
    op.execute(
        f"""
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
                CREATE ROLE {ROLE} NOLOGIN;
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION '缺少角色 {ROLE}。请由数据库管理员先执行：CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO %;',
                    quote_ident(current_user);
        END
        $$
        """
    )
    op.execute(
        f"""
        DO $$
        BEGIN
            IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
                EXECUTE format('GRANT {ROLE} TO %I', current_user);
            END IF;
        END
        $$
        """
    )


def grant_rights() -> None:
    """Grant the application its rights, table by table, and all of the job queue."""
    for table, rights in RIGHTS.items():
        grant(rights, table)
    op.execute(f"GRANT USAGE ON SEQUENCE appeal_number TO {ROLE}")
    op.execute(f"GRANT USAGE ON SCHEMA procrastinate TO {ROLE}")
    for things in ("TABLES", "SEQUENCES", "FUNCTIONS"):
        op.execute(f"GRANT ALL ON ALL {things} IN SCHEMA procrastinate TO {ROLE}")


def downgrade() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '10min'")
    for table in ("outbox", "idempotency", "enterprise", "reply", *PARTS, "appeal"):
        take_down_wall(table)
    op.execute("DROP FUNCTION number_of_appeal(uuid)")
    # The role stays: other databases of this server may use it.
    op.execute(f"DROP OWNED BY {ROLE}")
