"""The transaction: opened and committed at the edge, before the answer leaves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.storage.changes import Changes
from app.storage.reach import Standing, stand

APPLICATION_ROLE = "bihuan_app"
"""The role that every statement of the service runs under: it owns nothing, may not rewrite history, and sees of the
appeals what row-level security lets through. Migrations make it and run as the owner instead."""
STATEMENT_TIMEOUT_MILLISECONDS = 30_000


@dataclass(slots=True)
class UnitOfWork:
    """One transaction with the rows that it is going to write."""

    connection: AsyncConnection
    changes: Changes = field(default_factory=Changes)


def make_engine(url: str, *, pool_size: int = 8) -> AsyncEngine:
    """Make the engine of this process: PostgreSQL only, the application's role, sessions in UTC, a bounded pool."""
    options = (
        f"-c role={APPLICATION_ROLE} -c timezone=UTC -c statement_timeout={STATEMENT_TIMEOUT_MILLISECONDS} "
        "-c search_path=public,procrastinate"
    )
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        # The words of an error reach the logs; the values of its statement are what somebody has filed.
        hide_parameters=True,
        pool_timeout=10,
        json_deserializer=orjson.loads,
        json_serializer=lambda value: orjson.dumps(value, default=str).decode(),
        connect_args={"options": options, "connect_timeout": 10},
    )


@asynccontextmanager
async def unit_of_work(engine: AsyncEngine, standing: Standing) -> AsyncIterator[UnitOfWork]:
    """Open a transaction; at the end write what was noted and commit, or leave no trace if anything was raised."""
    async with engine.connect() as connection:
        await stand(connection, standing)
        unit = UnitOfWork(connection)
        yield unit
        await unit.changes.flush(connection)
        await connection.commit()


@asynccontextmanager
async def reading(engine: AsyncEngine, standing: Standing) -> AsyncIterator[AsyncConnection]:
    """Open a connection that only reads: each statement stands alone, so no BEGIN and COMMIT are sent."""
    async with _autocommitting(engine).connect() as connection:
        await stand(connection, standing)
        yield connection


@asynccontextmanager
async def trial(connection: AsyncConnection) -> AsyncIterator[None]:
    """Open a transaction on a connection that only reads, for temporary tables; at the end nothing of it stays."""
    await connection.execute(text("BEGIN"))
    try:
        yield
    finally:
        await connection.execute(text("ROLLBACK"))


@lru_cache(maxsize=8)
def _autocommitting(engine: AsyncEngine) -> AsyncEngine:
    """The same pool under another name; made once, for making it costs more than a read."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")
