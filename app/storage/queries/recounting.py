"""Recounting every open clock at once when another calendar comes into force.

A due date depends on few facts, so thousands of clocks share them: the database groups the clocks by those facts,
the caller answers each group once by the same rules that date a single clock, and one statement writes the answers
to all clocks of a group, with one event chained to the history of each appeal. No clock is read row by row.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.confidence import MASKED
from app.storage.queries.recounting_scope import FACTS, Scope
from app.storage.queries.recounting_sql import CREATE, DATE_CLOCKS, MATCH, MOVED, RECORD, TELL

GROUPS_AT_ONCE = 2_000
RECOUNT_SECONDS = 600
LOCK_SECONDS = 10
"""How long an approval waits for moves that are under way; whoever writes meanwhile waits behind it."""
_SORT_MEMORY = "256MB"

_SAVE = text(
    "INSERT INTO recount_answer SELECT * FROM jsonb_populate_recordset(NULL::recount_answer, CAST(:rows AS jsonb))"
)


@dataclass(frozen=True, slots=True)
class Told:
    """The parts of one event's canonical text between which the values of an appeal stand, and its plain columns.

    `text` has seven parts: before announcement, appeal id, status, sequence, status again, digest of the words, and
    after it; `words` has two: before and after the payload; `payload` has two: before and after the list of clocks.
    """

    text: Sequence[str]
    words: Sequence[str]
    payload: Sequence[str]
    columns: Mapping[str, object]


async def hold_appeals(connection: AsyncConnection) -> None:
    """Keep everybody from writing appeals until the transaction ends; reading goes on.

    Moves lock their appeal first and write it last, so none can be under way with the old calendar. Raise one of
    `UNAVAILABLE` if a transaction that somebody left open is in the way.
    """
    await connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    await connection.execute(text(f"SET LOCAL statement_timeout = '{RECOUNT_SECONDS}s'"))
    await connection.execute(text("LOCK TABLE appeal IN EXCLUSIVE MODE"))


async def create_answers(connection: AsyncConnection) -> None:
    """Make the temporary table of answers, which lasts until the transaction ends."""
    await connection.execute(text(f"SET LOCAL work_mem = '{_SORT_MEMORY}'"))
    await connection.execute(text(CREATE))


async def groups(connection: AsyncConnection, scope: Scope) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield the groups of like clocks with their number (`clocks`), some thousands at a time."""
    listed = ", ".join(f"{expression} AS {name}" for name, expression in scope.facts.items())
    columns = ", ".join(str(column) for column in range(1, len(FACTS) + 1))
    query = text(f"SELECT {listed}, count(*) AS clocks FROM {scope.source} WHERE {scope.condition} GROUP BY {columns}")
    async with connection.stream(query, scope.parameters) as result:
        async for rows in result.mappings().partitions(GROUPS_AT_ONCE):
            yield [dict(row) for row in rows]


async def save_answers(connection: AsyncConnection, answers: Sequence[Mapping[str, object]]) -> None:
    """Keep the answers to some groups."""
    if answers:
        await connection.execute(_SAVE, {"rows": orjson.dumps(answers, default=str).decode()})


async def match_answers(connection: AsyncConnection, scope: Scope) -> None:
    """Find the clocks that each answer concerns: temporary rows that the list and the writing both read."""
    # So many equal columns look like next to no rows to the planner; it would compare every clock with every answer.
    await connection.execute(text("SET LOCAL enable_nestloop = off"))
    await connection.execute(text("ANALYZE recount_answer"))
    await connection.execute(
        text(MATCH.format(source=scope.source, same=scope.same, scope=scope.condition)), scope.parameters
    )
    await connection.execute(text("ANALYZE recount_move"))
    await connection.execute(text("SET LOCAL enable_nestloop = on"))


async def apply_answers(connection: AsyncConnection, told: Told, *, now: datetime) -> int:
    """Write every answer to its clocks, with an event, an announcement and the new due date of each appeal.

    Return how many appeals were concerned.
    """
    await connection.execute(text(DATE_CLOCKS))
    parts = {
        **{f"text{place}": part for place, part in enumerate(told.text)},
        **{f"words{place}": part for place, part in enumerate(told.words)},
        **{f"payload{place}": part for place, part in enumerate(told.payload)},
    }
    appeals = await connection.execute(text(TELL), parts)
    await connection.execute(text("ANALYZE recount_appeal"))
    for statement in RECORD:
        named = {name: value for name, value in {**told.columns, "now": now}.items() if f":{name}" in statement}
        await connection.execute(text(statement), named)
    return appeals.rowcount


async def moved_clocks(
    connection: AsyncConnection, *, reach: str, parameters: Mapping[str, object], limit: int | None
) -> AsyncIterator[dict[str, Any]]:
    """Yield the clocks that would move, in the order of their ids, with whom the change concerns."""
    page = "" if limit is None else f"LIMIT {limit:d}"
    query = text(MOVED.format(reach=reach, page=page))
    async with connection.stream(query, {**parameters, "masked": MASKED}) as result:
        async for row in result.mappings():
            yield dict(row)
