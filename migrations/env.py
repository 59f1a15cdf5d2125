"""How migrations run, and how a new one is made.

The database is, in this order: a connection outside any transaction that code hands over in
`config.attributes["connection"]`, `alembic -x url=…`, or BIHUAN_DATABASE_URL.
Several migrators at once are safe: one works, the others wait for it.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory, write_hooks
from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, Table, Text, create_engine, pool, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from app.storage import models
from migrations.column_types import Xid8

# Any number of ours: whoever holds this lock in a database migrates it.
MIGRATION_LOCK = 7_405_241_183
HEAD = Path(__file__).with_name("HEAD")
NO_DATABASE = "没有指定数据库：请设置 BIHUAN_DATABASE_URL，或使用 alembic -x url=postgresql+psycopg://…"

# SQLAlchemy does not know this type when it compares a database with the models.
ischema_names["xid8"] = Xid8


class RoomForRevisionNames(PostgresqlImpl):
    """Alembic's PostgreSQL with room for our revision ids: file stems, longer than the usual 32 characters."""

    __dialect__ = "postgresql"

    def version_table_impl(
        self,
        *,
        version_table: str,
        version_table_schema: str | None,
        version_table_pk: bool,
        **_: Any,
    ) -> Table:
        """Return the table that holds the revision of this database."""
        key = [PrimaryKeyConstraint("version_num", name=f"{version_table}_pkc")] if version_table_pk else []
        number = Column("version_num", Text(), nullable=False)
        return Table(version_table, MetaData(), number, *key, schema=version_table_schema)


def database_url() -> str:
    """Return the URL of the database to migrate."""
    url = context.get_x_argument(as_dictionary=True).get("url") or os.environ.get("BIHUAN_DATABASE_URL")
    if not url:
        raise SystemExit(NO_DATABASE)
    return url


def name_revision(_: MigrationContext, __: Any, directives: list[MigrationScript]) -> None:
    """Name a new revision by its number and message: 0002_add_return_visits."""
    for script in directives:
        script.rev_id = f"{_revision_count() + 1:04d}_{_slug(script.message or 'change')}"


def _revision_count() -> int:
    return len(list(ScriptDirectory.from_config(context.config).walk_revisions()))


def _slug(message: str) -> str:
    return re.sub(r"\W+", "_", message.lower()).strip("_")


@write_hooks.register("note_head")
def note_head(filename: str, _: dict[str, str]) -> None:
    """Note the newest revision in HEAD, where two branches that both add one collide."""
    HEAD.write_text(f"{Path(filename).stem}\n")


def render_item(kind: str, item: object, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in PostgreSQL, so that migrations need nothing of the program."""
    if kind == "type" and isinstance(item, UserDefinedType):
        autogenerate.imports.add("from migrations.column_types import Spelled")
        return f"Spelled({item.compile(dialect=autogenerate.dialect)!r})"
    if kind == "type" and isinstance(item, TypeDecorator):
        return _render_plain(item.impl_instance, autogenerate)
    return False


def _render_plain(item: TypeEngine[Any], autogenerate: AutogenContext) -> str:
    """Write a type of SQLAlchemy's own, or of its PostgreSQL dialect."""
    if not type(item).__module__.startswith("sqlalchemy.dialects.postgresql"):
        return f"sa.{item!r}"
    autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
    return f"postgresql.{item!r}"


def configure(**where: Any) -> None:
    """Tell Alembic what to compare and how to run; only the default schema is ours."""
    context.configure(
        target_metadata=models.AppealRow.metadata,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
        process_revision_directives=name_revision,
        render_item=render_item,
        **where,
    )


def migrate(connection: Connection) -> None:
    """Run the migrations when it is our turn, then give the connection back as it was."""
    take_turn(connection)
    try:
        configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        end_turn(connection)


def take_turn(connection: Connection) -> None:
    """Wait until no other migrator works on this database; the wait is outside every transaction."""
    lock = f"SELECT pg_advisory_lock({MIGRATION_LOCK})"
    run_outside_transaction(connection, ["SET statement_timeout = 0", lock])


def end_turn(connection: Connection) -> None:
    """Let the next migrator go on, and undo what migrations set for their session."""
    unlock = f"SELECT pg_advisory_unlock({MIGRATION_LOCK})"
    run_outside_transaction(connection, [unlock, "RESET lock_timeout", "RESET statement_timeout"])


def run_outside_transaction(connection: Connection, statements: Iterable[str]) -> None:
    """Run statements that count for the session, and leave no transaction open."""
    for statement in statements:
        connection.execute(text(statement))
    connection.commit()


def migrate_database(url: str) -> None:
    """Run the migrations on a connection of our own."""
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        migrate(connection)


def write_sql() -> None:
    """Write the migrations as SQL instead of running them; needs no database."""
    configure(dialect_name="postgresql", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    write_sql()
elif "connection" in context.config.attributes:
    migrate(context.config.attributes["connection"])
else:
    migrate_database(database_url())
