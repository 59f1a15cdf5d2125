"""Enterprises and the letters that say who speaks for them."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import NotFound
from app.domain.roles import OFFICE_ROLES, Actor, Role

# An office sees whom it or its colleagues registered, and who has filed with it; an enterprise sees itself.
_REACH = """(
    e.id = CAST(:own AS uuid) OR e.registered_by = :actor
    OR e.registered_in && CAST(:jurisdictions AS text[])
    OR EXISTS (SELECT 1 FROM appeal a WHERE a.enterprise_id = e.id
               AND a.jurisdiction = ANY(CAST(:jurisdictions AS text[])))
)"""
_NEWEST = "SELECT * FROM enterprise_verification WHERE enterprise_id = e.id ORDER BY verified_at DESC, id DESC LIMIT 1"
_COLUMNS = "e.id, e.name, e.uscc, e.uscc_checked, e.override_reason, e.created_at"
_READ = text(
    f"SELECT {_COLUMNS}, v.document_number, v.issued_on, v.valid_until, v.authorised, v.verified_at, v.withdrawn_at, "
    f"v.withdrawal_reason FROM enterprise e LEFT JOIN LATERAL ({_NEWEST}) v ON true WHERE e.id = :id AND {_REACH}"
)
# Not FOR UPDATE: an account that is made for it refers to the row while it holds the chain of acts.
_LOCK = text(f"SELECT {_COLUMNS} FROM enterprise e WHERE e.id = :id AND {_REACH} FOR NO KEY UPDATE OF e")
_LETTER = text(f"SELECT v.* FROM enterprise e JOIN LATERAL ({_NEWEST}) v ON true WHERE e.id = :id")


async def read_enterprise(connection: AsyncConnection, enterprise_id: UUID, actor: Actor) -> dict[str, Any]:
    """Return an enterprise within the actor's reach with its newest letter; `NotFound` otherwise."""
    row = (await connection.execute(_READ, {"id": enterprise_id, **_reach_of(actor)})).mappings().first()
    if row is None:
        raise NotFound
    return dict(row)


async def lock_enterprise(connection: AsyncConnection, enterprise_id: UUID, actor: Actor) -> dict[str, Any]:
    """Lock an enterprise within the actor's reach; `NotFound` otherwise."""
    row = (await connection.execute(_LOCK, {"id": enterprise_id, **_reach_of(actor)})).mappings().first()
    if row is None:
        raise NotFound
    return dict(row)


async def newest_letter(connection: AsyncConnection, enterprise_id: UUID) -> dict[str, Any] | None:
    """Return the newest letter of an enterprise."""
    row = (await connection.execute(_LETTER, {"id": enterprise_id})).mappings().first()
    return None if row is None else dict(row)


def _reach_of(actor: Actor) -> dict[str, object]:
    return {
        "own": actor.enterprise_id if actor.has(Role.ENTERPRISE) else None,
        "actor": actor.id,
        "jurisdictions": sorted(actor.jurisdictions) if actor.has(*OFFICE_ROLES) else [],
    }
