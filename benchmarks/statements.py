"""The SQL that the service sends, as the driver gets it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.storage.reach import STAND, Standing


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its parameters."""

    sql: str
    parameters: Mapping[str, Any]


@contextmanager
def recorded(engine: AsyncEngine) -> Iterator[list[Statement]]:
    """Yield a list that fills with what is executed in the block."""
    statements: list[Statement] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, _many: bool) -> None:
        statements.append(Statement(sql, parameters))

    with listening(engine, "before_cursor_execute", note):
        yield statements


@contextmanager
def round_trips(engine: AsyncEngine) -> Iterator[list[str]]:
    """Yield a list that fills with what goes to the database in the block: statements, BEGIN and COMMIT."""
    trips: list[str] = []

    def begin(connection: Any) -> None:
        # A connection that commits by itself is told of no beginning.
        if not connection.connection.driver_connection.autocommit:
            trips.append("BEGIN")

    def commit(_connection: Any) -> None:
        trips.append("COMMIT")

    with (
        listening(engine, "begin", begin),
        listening(engine, "commit", commit),
        recorded(engine) as statements,
        telling(trips),
    ):
        yield trips
    trips.extend(statement.sql for statement in statements)


@contextmanager
def telling(trips: list[str]) -> Iterator[None]:
    """Note each time that PostgreSQL is told who asks, which goes past the events of the engine."""
    # The package exports a function by the name of the module.
    opener: Any = import_module("app.storage.unit_of_work")
    stand = opener.stand

    async def noted(connection: AsyncConnection, standing: Standing) -> None:
        trips.append(STAND)
        await stand(connection, standing)

    opener.stand = noted
    try:
        yield
    finally:
        opener.stand = stand


@contextmanager
def listening(engine: AsyncEngine, name: str, listener: Any) -> Iterator[None]:
    """Call the listener on every event of that name in the block."""
    event.listen(engine.sync_engine, name, listener)
    try:
        yield
    finally:
        event.remove(engine.sync_engine, name, listener)
