"""What migrations build the second wall with. Migrations that have landed rely on it: add to it, change nothing."""

from alembic import op

ROLE = "bihuan_app"

EVERYTHING = "(SELECT current_setting('bihuan.everything', true) = 'on')"
# A sub-select for one value is looked up by its key, row by row; EXISTS is planned as a scan of all that is reached.
OF_A_REACHED_APPEAL = f"{EVERYTHING} OR (SELECT true FROM appeal WHERE appeal.id = appeal_id)"
OF_A_REACHED_APPEAL_OR_ITS_MASTER = f"""
    {OF_A_REACHED_APPEAL} OR (SELECT true FROM appeal WHERE appeal.master_id = appeal_id LIMIT 1)
"""


def grant(rights: str, table: str) -> None:
    """Let the application do this with a table, and nothing else."""
    op.execute(f"GRANT {rights} ON {table} TO {ROLE}")


def raise_wall(table: str, *, seen: str, written: str) -> None:
    """Let the application see and change the rows that are reached; what it adds is checked where that is decidable."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON {table} FOR SELECT TO {ROLE} USING ({seen})")
    op.execute(f"CREATE POLICY changed ON {table} FOR UPDATE TO {ROLE} USING ({seen}) WITH CHECK (true)")
    op.execute(f"CREATE POLICY removed ON {table} FOR DELETE TO {ROLE} USING ({seen})")
    op.execute(f"CREATE POLICY added ON {table} FOR INSERT TO {ROLE} WITH CHECK ({written})")


def take_down_wall(table: str) -> None:
    """Undo `raise_wall`."""
    for policy in ("seen", "changed", "removed", "added"):
        op.execute(f"DROP POLICY {policy} ON {table}")
    op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
