"""Contacts as they are kept: found by blind index, sealed anew in batches, counted by key."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.roles import Actor
from app.storage.masking import HIDDEN, masks_of
from app.storage.queries.lists import COLUMNS
from app.storage.reach import REACH, reach_of

CRITERIA = {
    "contact_phone": "a.contact_phone_index = :contact_phone",
    "contact_name": "a.contact_name_index = :contact_name",
    "external_number": "a.external_number = :external_number",
}
MOST_FOUND = 100
_IN_CLEAR = "(contact_name IS NOT NULL OR contact_phone IS NOT NULL)"
# `substring` of the mark's length: format and key id, with which everything sealed by a key begins.
_TO_SEAL = text(
    "SELECT id, contact_sealed, contact_name, contact_phone FROM appeal WHERE id > :after "
    f"AND ({_IN_CLEAR} OR substring(contact_sealed FROM 1 FOR length(CAST(:mark AS bytea))) <> CAST(:mark AS bytea)) "
    "ORDER BY id LIMIT :limit FOR NO KEY UPDATE"
)
_COUNT_IN_CLEAR = text(f"SELECT count(*) FROM appeal WHERE {_IN_CLEAR}")
_WITHOUT_COPY = text(
    "SELECT a.id, a.title, a.text, a.contact_sealed, a.contact_name, a.contact_phone, e.name, e.uscc "
    "FROM appeal a JOIN enterprise e ON e.id = a.enterprise_id "
    "WHERE a.confidential AND a.anonymised_title IS NULL AND a.erased_at IS NULL AND a.id > :after "
    "ORDER BY a.id LIMIT :limit FOR NO KEY UPDATE OF a"
)


async def find_by_contact(
    connection: AsyncConnection, actor: Actor, criteria: Mapping[str, object]
) -> list[dict[str, Any]]:
    """Return the newest appeals within reach that meet every criterion; one more than `MOST_FOUND` tells of more.

    A confidential appeal against the searcher's own department is not among them.
    """
    conditions = [REACH, f"NOT {HIDDEN}", *(CRITERIA[name] for name in criteria)]
    statement = text(
        f"SELECT {COLUMNS} FROM appeal a WHERE {' AND '.join(conditions)} "
        "ORDER BY a.received_at DESC, a.id DESC LIMIT :limit"
    )
    parameters = {**reach_of(actor), **masks_of(actor), **criteria, "limit": MOST_FOUND + 1}
    return [dict(row) for row in (await connection.execute(statement, parameters)).mappings()]


async def contacts_to_seal(
    connection: AsyncConnection, *, mark: bytes, after: UUID, limit: int
) -> list[dict[str, Any]]:
    """Lock and return contacts that lie in clear, or are sealed with another key than the one of the mark."""
    parameters = {"mark": mark, "after": after, "limit": limit}
    return [dict(row) for row in (await connection.execute(_TO_SEAL, parameters)).mappings()]


async def contacts_in_clear(connection: AsyncConnection) -> int:
    """Return how many contacts were registered before contacts were sealed, and have not been sealed since."""
    return int((await connection.execute(_COUNT_IN_CLEAR)).scalar_one())


async def appeals_without_copy(connection: AsyncConnection, *, after: UUID, limit: int) -> list[dict[str, Any]]:
    """Lock and return confidential appeals that were filed before copies were made, with who filed them."""
    rows = await connection.execute(_WITHOUT_COPY, {"after": after, "limit": limit})
    return [dict(row) for row in rows.mappings()]
