"""Every history, streamed for those who verify it: however much there is, little of it is in memory."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.history import ChainEnd, Event, Life
from app.domain.timeline import CHAINED, WORDS

ROWS_AT_ONCE = 1_000
EVENT_COLUMNS: Final = (*CHAINED, *WORDS, "digest")
_APPEAL: Final = ("id", "number", "event_count", "chain_head", "status")
_EVENT_LIST = ", ".join(f"e.{name}" for name in EVENT_COLUMNS)
_LIVES = (
    f"SELECT {', '.join(f'a.{name}' for name in _APPEAL)}, {_EVENT_LIST} "
    "FROM appeal a LEFT JOIN event e ON e.appeal_id = a.id {where} ORDER BY a.id, e.sequence, e.id"
)
_CONCERNED = (
    "SELECT appeal_id FROM event WHERE recorded_at >= :begin AND recorded_at < :end "
    "UNION SELECT appeal_id FROM access WHERE at >= :begin AND at < :end"
)
_STRAYS = text(
    "SELECT appeal_id, count(*) AS events FROM event e "
    "WHERE NOT EXISTS (SELECT FROM appeal a WHERE a.id = e.appeal_id) GROUP BY appeal_id ORDER BY appeal_id"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which appeals: by number, by jurisdictions, by having an event or a reading recorded in a span of time."""

    number: str | None = None
    jurisdictions: Sequence[str] | None = None
    begin: datetime | None = None
    end: datetime | None = None

    def conditions(self) -> Iterator[str]:
        """Yield the conditions on an appeal."""
        if self.number is not None:
            yield "a.number = :number"
        if self.jurisdictions is not None:
            yield "a.jurisdiction = ANY(:jurisdictions)"
        if self.begin is not None:
            yield f"a.id IN ({_CONCERNED})"


EVERYTHING: Final = Choice()


@asynccontextmanager
async def snapshot(connection: AsyncConnection) -> AsyncIterator[None]:
    """See the database as it is at one instant for many statements, on a connection that only reads."""
    await connection.execute(text("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    try:
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        yield
    finally:
        await connection.execute(text("ROLLBACK"))


async def lives(connection: AsyncConnection, choice: Choice = EVERYTHING) -> AsyncIterator[Life]:
    """Yield the chosen appeals, each with its whole history; within a `snapshot`."""
    conditions = " AND ".join(choice.conditions())
    where = f"WHERE {conditions}" if conditions else ""
    parameters = {name: value for name, value in asdict(choice).items() if f":{name}" in where}
    life: Life | None = None
    events: list[Event] = []
    async for row in _streamed(connection, _LIVES.format(where=where), parameters):
        if life is None or life.appeal_id != row[0]:
            if life is not None:
                yield life
            life, events = _life(row)
        if row[len(_APPEAL)] is not None:
            events.append(dict(zip(EVENT_COLUMNS, row[len(_APPEAL) :], strict=True)))
    if life is not None:
        yield life


async def stray_events(connection: AsyncConnection) -> list[tuple[UUID, int]]:
    """Return the ids of appeals that are gone while events of theirs are not, with the number of these."""
    return [(row.appeal_id, row.events) for row in await connection.execute(_STRAYS)]


def _life(row: Sequence[Any]) -> tuple[Life, list[Event]]:
    events: list[Event] = []
    return Life(row[0], row[1], ChainEnd(*row[2 : len(_APPEAL)]), events), events


async def _streamed(
    connection: AsyncConnection, statement: str, parameters: Mapping[str, object]
) -> AsyncIterator[Sequence[Any]]:
    async with connection.stream(text(statement), parameters) as result:
        async for rows in result.partitions(ROWS_AT_ONCE):
            for row in rows:
                yield row
