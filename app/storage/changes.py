"""What a unit of work has decided to write, sent to the database in one statement.

A use case reads, decides and notes its rows here; the edge flushes them right before the commit as one
data-modifying CTE, so that a move costs one round trip however many rows it touches. The SQL depends only on
which tables and columns are written, so PostgreSQL keeps it prepared.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import CalendarSuperseded

Values = dict[str, object]
Group = tuple[str, str, tuple[str, ...]]
"""One part of the statement: insert or update, table, columns."""

TABLE_ORDER: Final = ("enterprise", "account", "api_key", "policy", "appeal", "assignment", "clock")
"""Parents first; the tables that are not named here depend on these only."""

_CALENDARS_IN_FORCE: Final = "SELECT array_agg(version) FROM calendar WHERE superseded_at IS NULL"


class Changes:
    """Rows to insert and to update; a row that is inserted and then changed is inserted as changed."""

    def __init__(self) -> None:
        self._inserts: dict[str, list[Values]] = defaultdict(list)
        self._updates: dict[tuple[str, UUID], Values] = {}
        self._new: dict[tuple[str, object], Values] = {}
        self._calendars: frozenset[str] | None = None

    def insert(self, table: str, values: Mapping[str, object]) -> None:
        """Note a new row; columns that are left out take their database default."""
        row = dict(values)
        self._inserts[table].append(row)
        if "id" in row:
            self._new[table, row["id"]] = row

    def update(self, table: str, row_id: UUID, values: Mapping[str, object]) -> None:
        """Note new values of one row; noting the same row again adds to what was noted."""
        target = self._new.get((table, row_id))
        if target is None:
            target = self._updates.setdefault((table, row_id), {"id": row_id})
        target.update(values)

    def take_over(self, other: "Changes") -> None:
        """Note everything that another one has noted; the two are about different rows."""
        for table, rows in other._inserts.items():
            for row in rows:
                self.insert(table, row)
        for (table, row_id), row in other._updates.items():
            self.update(table, row_id, row)
        self._calendars = other._calendars or self._calendars

    def newest(self, table: str) -> Values | None:
        """Return the row that was noted last for a table; none if there is none."""
        noted = self._inserts.get(table)
        return noted[-1] if noted else None

    def rely_on(self, versions: frozenset[str]) -> None:
        """Note the calendars that were in force when counting began; they must still be when it is written."""
        self._calendars = versions

    async def flush(self, connection: AsyncConnection) -> None:
        """Write everything noted in one statement, and forget it.

        Raise `CalendarSuperseded` if other calendars are in force than were relied on; the caller's transaction then
        ends without a commit. Whoever publishes a calendar holds the appeals locked against writing, and this statement
        waits for that lock before it sees anything, so it sees either both the old calendar and the old clocks or
        neither.
        """
        groups = self._groups()
        if groups:
            parameters = {f"p{place}": _encode(rows) for place, rows in enumerate(groups.values())}
            in_force = (await connection.execute(_statement(tuple(groups)), parameters)).scalar()
            if self._calendars is not None and self._calendars != frozenset(in_force or ()):
                raise CalendarSuperseded
        self._calendars = None
        self._inserts.clear()
        self._updates.clear()
        self._new.clear()

    def _groups(self) -> dict[Group, list[Values]]:
        groups: dict[Group, list[Values]] = defaultdict(list)
        for table in sorted(self._inserts, key=_order):
            for row in self._inserts[table]:
                groups["insert", table, tuple(sorted(row))].append(row)
        for (table, _), row in self._updates.items():
            groups["update", table, tuple(sorted(row))].append(row)
        return groups


def _order(table: str) -> int:
    return TABLE_ORDER.index(table) if table in TABLE_ORDER else len(TABLE_ORDER)


def _encode(rows: list[Values]) -> str:
    return orjson.dumps(rows, default=_spelled).decode()


def _spelled(value: object) -> str:
    """Return what JSON has no word for as PostgreSQL reads it."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


@lru_cache(maxsize=1024)
def _statement(groups: tuple[Group, ...]) -> TextClause:
    parts = [_part(place, *group) for place, group in enumerate(groups)]
    return text(f"WITH {', '.join(parts)} {_CALENDARS_IN_FORCE}")


def _part(place: int, verb: str, table: str, columns: tuple[str, ...]) -> str:
    source = f"jsonb_populate_recordset(NULL::{table}, CAST(:p{place} AS jsonb)) AS r"
    listed = ", ".join(f'"{column}"' for column in columns)
    if verb == "insert":
        chosen = ", ".join(f'r."{column}"' for column in columns)
        return f"c{place} AS (INSERT INTO {table} ({listed}) SELECT {chosen} FROM {source})"
    assigned = ", ".join(f'"{column}" = r."{column}"' for column in columns if column != "id")
    return f"c{place} AS (UPDATE {table} SET {assigned} FROM {source} WHERE {table}.id = r.id)"
