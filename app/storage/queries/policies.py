"""Published policies."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import NotFound

_BY_ID = text("SELECT content FROM policy WHERE id = :id")
# A filing that is older than every version follows the first one.
_IN_FORCE = text(
    "SELECT id FROM policy WHERE jurisdiction = :jurisdiction "
    "ORDER BY (effective_on <= :day) DESC, "
    "CASE WHEN effective_on <= :day THEN effective_on END DESC NULLS LAST, effective_on, published_at DESC LIMIT 1"
)
_PUBLISHED = text("SELECT digest FROM policy")
_ALL = text(
    "SELECT DISTINCT ON (jurisdiction) id, jurisdiction, version, effective_on, published_at, content FROM policy "
    "ORDER BY jurisdiction, effective_on DESC, published_at DESC"
)


async def policy_content(connection: AsyncConnection, policy_id: UUID) -> dict[str, Any]:
    """Return the content of one published version."""
    content: dict[str, Any] = (await connection.execute(_BY_ID, {"id": policy_id})).scalar_one()
    return content


async def policy_in_force(connection: AsyncConnection, jurisdiction: str, day: date) -> UUID:
    """Return the version in force on a day; `NotFound` for an unknown jurisdiction."""
    found: UUID | None = (await connection.execute(_IN_FORCE, {"jurisdiction": jurisdiction, "day": day})).scalar()
    if found is None:
        raise NotFound("这个辖区没有已发布的规则包。", code="unknown-jurisdiction")
    return found


async def published_digests(connection: AsyncConnection) -> frozenset[str]:
    """Return the digests of everything that was ever published."""
    return frozenset((await connection.execute(_PUBLISHED)).scalars())


async def newest_policies(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Return the newest version of each jurisdiction's policy."""
    return [dict(row) for row in (await connection.execute(_ALL)).mappings()]
