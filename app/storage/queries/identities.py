"""Whom an outside identity provider knows by which name."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.queries.credentials import ACCOUNT_COLUMNS

_BY_IDENTITY = text(
    f"SELECT {ACCOUNT_COLUMNS}, i.id AS credential_id FROM identity i JOIN account a ON a.id = i.account_id "
    "WHERE i.issuer = :issuer AND i.subject = :subject AND a.disabled_at IS NULL"
)
_IDENTITIES = text("SELECT * FROM identity WHERE account_id = :account ORDER BY linked_at, id")
_LOCK = text("SELECT * FROM identity WHERE id = :id AND account_id = :account FOR UPDATE")
_UNLINK = text("DELETE FROM identity WHERE id = :id")


async def account_of_identity(connection: AsyncConnection, *, issuer: str, subject: str) -> dict[str, Any] | None:
    """Return the account that a subject of an issuer stands for, while it counts."""
    row = (await connection.execute(_BY_IDENTITY, {"issuer": issuer, "subject": subject})).mappings().first()
    return None if row is None else dict(row)


async def identities_of(connection: AsyncConnection, account_id: UUID) -> list[dict[str, Any]]:
    """Return what is linked to an account, oldest first."""
    return [dict(row) for row in (await connection.execute(_IDENTITIES, {"account": account_id})).mappings()]


async def lock_identity(connection: AsyncConnection, identity_id: UUID, account_id: UUID) -> dict[str, Any] | None:
    """Lock a link of an account and return it; None if it has no such link."""
    row = (await connection.execute(_LOCK, {"id": identity_id, "account": account_id})).mappings().first()
    return None if row is None else dict(row)


async def unlink(connection: AsyncConnection, identity_id: UUID) -> None:
    """Remove a link that is locked."""
    await connection.execute(_UNLINK, {"id": identity_id})
