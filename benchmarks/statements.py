"""The SQL that the service sends, as the driver gets it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine


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

    with listening(engine, "begin", begin), listening(engine, "commit", commit), recorded(engine) as statements:
        yield trips
    trips.extend(statement.sql for statement in statements)


@contextmanager
def listening(engine: AsyncEngine, name: str, listener: Any) -> Iterator[None]:
    """Call the listener on every event of that name in the block."""
    event.listen(engine.sync_engine, name, listener)
    try:
        yield
    finally:
        event.remove(engine.sync_engine, name, listener)
