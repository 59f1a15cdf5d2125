"""Answers already given."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_STORED = text(
    "SELECT fingerprint, status, headers, body FROM idempotency "
    "WHERE account_id = :account_id AND route = :route AND key = :key"
)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer that was committed with the effect of a request."""

    fingerprint: str
    status: int
    headers: dict[str, str]
    body: str


async def stored_answer(connection: AsyncConnection, *, account_id: UUID, route: str, key: str) -> StoredAnswer | None:
    """Return the answer to an earlier request with the same key."""
    row = (await connection.execute(_STORED, {"account_id": account_id, "route": route, "key": key})).first()
    return None if row is None else StoredAnswer(row.fingerprint, row.status, row.headers, row.body)
