"""The one question behind every move: an appeal, its clocks and its assignments, read and locked together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.appeal import Appeal, Assignment
from app.domain.case import Clock
from app.domain.errors import NotFound
from app.domain.roles import Actor
from app.storage.reach import REACH, reach_of
from app.storage.records import APPEAL_COLUMNS, appeal_of, assignment_of, clock_of

_PARTS = f"""
    {", ".join(f"a.{column}" for column in APPEAL_COLUMNS)},
    (SELECT coalesce(json_agg(c ORDER BY c.started_at, c.id), '[]') FROM clock c WHERE c.appeal_id = a.id) AS clocks,
    (SELECT coalesce(json_agg(s ORDER BY s.assigned_at, s.id), '[]')
       FROM assignment s WHERE s.appeal_id = a.id) AS assignments,
    (SELECT x.version FROM appeal x WHERE x.id = a.id) AS version_seen
"""
_LOCK_BY_NUMBER = text(f"SELECT {_PARTS} FROM appeal a WHERE a.number = :number AND {REACH} FOR UPDATE OF a")
_LOCK_BY_ID = text(f"SELECT {_PARTS} FROM appeal a WHERE a.id = ANY(:ids) ORDER BY a.id FOR UPDATE OF a")
_LOCK_BY_ASSIGNMENT = text(
    f"SELECT {_PARTS} FROM appeal a WHERE a.id = (SELECT appeal_id FROM assignment WHERE id = :id) AND {REACH} "
    "FOR UPDATE OF a"
)
_READ_BY_ID = text(f"SELECT {_PARTS} FROM appeal a WHERE a.id = :id")
_READ_BY_NUMBER = text(
    f"SELECT {_PARTS}, a.text, a.anonymised_text, a.contact_sealed, a.contact_name, a.contact_phone, "
    "e.name AS enterprise_name, e.uscc, "
    "number_of_appeal(a.master_id) AS master_number, number_of_appeal(a.reopens_id) AS reopens_number, "
    "(SELECT to_jsonb(c) FROM citation c WHERE c.appeal_id = a.id) AS citation, "
    "(SELECT to_jsonb(v) FROM enterprise_verification v WHERE v.enterprise_id = a.enterprise_id "
    "ORDER BY v.verified_at DESC, v.id DESC LIMIT 1) AS letter "
    "FROM appeal a JOIN enterprise e ON e.id = a.enterprise_id "
    f"WHERE a.number = :number AND {REACH}"
)

_READ_BY_CLOCK = text(
    f"SELECT {_PARTS} FROM appeal a WHERE a.id = (SELECT appeal_id FROM clock WHERE id = :id) AND {REACH}"
)


@dataclass(frozen=True, slots=True)
class StoredCase:
    """An appeal with its clocks and assignments, as stored."""

    appeal: Appeal
    clocks: tuple[Clock, ...]
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class AppealReading:
    """A stored case with what only a reader needs: texts, names, and citation and letter as stored.

    `contact_name` and `contact_phone` hold a contact that was registered before contacts were sealed.
    """

    case: StoredCase
    text: str
    anonymised_text: str | None
    contact_sealed: bytes | None
    contact_name: str | None
    contact_phone: str | None
    enterprise_name: str
    uscc: str | None
    master_number: str | None
    reopens_number: str | None
    citation: Mapping[str, Any] | None
    letter: Mapping[str, Any] | None


async def lock_case(connection: AsyncConnection, number: str, actor: Actor) -> StoredCase:
    """Lock one appeal within the actor's reach; `NotFound` for a foreign and an unknown one alike."""
    return await _lock(connection, _LOCK_BY_NUMBER, {"number": number, **reach_of(actor)})


async def lock_case_of_assignment(connection: AsyncConnection, assignment_id: UUID, actor: Actor) -> StoredCase:
    """Lock the appeal that an assignment belongs to."""
    return await _lock(connection, _LOCK_BY_ASSIGNMENT, {"id": assignment_id, **reach_of(actor)})


async def lock_cases(connection: AsyncConnection, appeal_ids: list[UUID]) -> tuple[StoredCase, ...]:
    """Lock appeals by id, in one order for everybody; only for use cases that have checked the reach themselves."""
    result = await connection.execute(_LOCK_BY_ID, {"ids": appeal_ids})
    return tuple(stored_case(row) for row in result.mappings())


async def read_case(connection: AsyncConnection, appeal_id: UUID) -> StoredCase:
    """Read an appeal without locking it; only for use cases that have checked the reach themselves."""
    return _found((await connection.execute(_READ_BY_ID, {"id": appeal_id})).mappings().first())


async def read_case_of_clock(connection: AsyncConnection, clock_id: UUID, actor: Actor) -> StoredCase:
    """Read the appeal that a clock belongs to, within the actor's reach."""
    result = await connection.execute(_READ_BY_CLOCK, {"id": clock_id, **reach_of(actor)})
    return _found(result.mappings().first())


async def read_appeal(connection: AsyncConnection, number: str, actor: Actor) -> AppealReading:
    """Read one appeal within the actor's reach."""
    result = await connection.execute(_READ_BY_NUMBER, {"number": number, **reach_of(actor)})
    row = result.mappings().first()
    return AppealReading(
        case=_found(row),
        **{key: row[key] for key in AppealReading.__dataclass_fields__ if row is not None and key != "case"},
    )


def stored_case(row: Mapping[str, Any] | RowMapping) -> StoredCase:
    """Make a case of a row with the appeal's columns, `clocks` and `assignments`."""
    return StoredCase(
        appeal=appeal_of(dict(row)),
        clocks=tuple(clock_of(one) for one in row["clocks"]),
        assignments=tuple(assignment_of(one) for one in row["assignments"]),
    )


async def _lock(connection: AsyncConnection, statement: TextClause, parameters: dict[str, object]) -> StoredCase:
    """Lock and read in one statement; where another change slipped in between, read again under the lock.

    PostgreSQL hands out the newest version of the row that it locks, but the clocks and assignments beside it as
    they were when the statement began. The two differ exactly when `version_seen` is not the locked version.
    """
    row = (await connection.execute(statement, parameters)).mappings().first()
    if row is not None and row["version"] != row["version_seen"]:
        row = (await connection.execute(statement, parameters)).mappings().first()
    return _found(row)


def _found(row: RowMapping | None) -> StoredCase:
    if row is None:
        raise NotFound
    return stored_case(row)
