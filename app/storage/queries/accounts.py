"""Accounts and enterprises."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_COUNT = text("SELECT count(*) FROM account")
_ACCOUNTS = text(
    "SELECT id, name, roles, jurisdictions, department, enterprise_id, channel, created_at, disabled_at "
    "FROM account ORDER BY created_at, id"
)
_ENTERPRISE_BY_USCC = text("SELECT id FROM enterprise WHERE uscc = :uscc")
_ENTERPRISE_BY_NAME = text("SELECT id FROM enterprise WHERE name = :name AND uscc IS NULL ORDER BY created_at LIMIT 1")
_ENTERPRISE = text("SELECT id, name, uscc, uscc_checked FROM enterprise WHERE id = :id")


async def has_accounts(connection: AsyncConnection) -> bool:
    """Tell whether anybody can sign in yet."""
    return bool((await connection.execute(_COUNT)).scalar_one())


async def all_accounts(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Return every account, oldest first."""
    return [dict(row) for row in (await connection.execute(_ACCOUNTS)).mappings()]


async def find_enterprise(connection: AsyncConnection, *, name: str, uscc: str | None) -> UUID | None:
    """Return the enterprise with this code or, without a code, with this name."""
    statement, parameters = (_ENTERPRISE_BY_USCC, {"uscc": uscc}) if uscc else (_ENTERPRISE_BY_NAME, {"name": name})
    found: UUID | None = (await connection.execute(statement, parameters)).scalar()
    return found


async def enterprise(connection: AsyncConnection, enterprise_id: UUID) -> dict[str, Any]:
    """Return one enterprise by id."""
    return dict((await connection.execute(_ENTERPRISE, {"id": enterprise_id})).mappings().one())
