"""Accounts and enterprises."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import NotFound

_COUNT = text("SELECT count(*) FROM account")
_ACCOUNTS = text(
    "SELECT a.id, a.name, a.roles, a.jurisdictions, a.department, a.enterprise_id, a.channel, a.created_at, "
    "a.disabled_at, c.login FROM account a LEFT JOIN credential c ON c.account_id = a.id ORDER BY a.created_at, a.id"
)
_READ = (
    "SELECT a.*, c.login, coalesce(c.must_change, false) AS must_change_password, "
    "c.totp_enabled_at IS NOT NULL AS second_factor FROM account a LEFT JOIN credential c ON c.account_id = a.id"
)
_ACCOUNT = text(f"{_READ} WHERE a.id = :id")
_PAGE = text(f"{_READ} ORDER BY a.created_at DESC, a.id DESC LIMIT :limit")
_NEXT_PAGE = text(
    f"{_READ} WHERE (a.created_at, a.id) < (:after_at, :after_id) ORDER BY a.created_at DESC, a.id DESC LIMIT :limit"
)
# Not FOR UPDATE: who signs in refers to the row and holds the chain of acts, which the changer of the row waits for.
_LOCK_ACCOUNT = text("SELECT * FROM account WHERE id = :id FOR NO KEY UPDATE")
_IS_ENTERPRISE = text("SELECT EXISTS (SELECT 1 FROM enterprise WHERE id = :id)")
_ENTERPRISE_BY_USCC = text("SELECT id FROM enterprise WHERE uscc = :uscc")
_ENTERPRISE_BY_NAME = text("SELECT id FROM enterprise WHERE name = :name AND uscc IS NULL ORDER BY created_at LIMIT 1")
_ENTERPRISE = text("SELECT id, name, uscc, uscc_checked FROM enterprise WHERE id = :id")
_ENTERPRISES = text("SELECT id, name, uscc FROM enterprise WHERE id = ANY(:ids)")


async def has_accounts(connection: AsyncConnection) -> bool:
    """Tell whether anybody can sign in yet."""
    return bool((await connection.execute(_COUNT)).scalar_one())


async def all_accounts(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Return every account, oldest first."""
    return [dict(row) for row in (await connection.execute(_ACCOUNTS)).mappings()]


async def account_page(
    connection: AsyncConnection, *, limit: int, after: tuple[datetime, UUID] | None
) -> list[dict[str, Any]]:
    """Return accounts, newest first, from a place on."""
    if after is None:
        found = await connection.execute(_PAGE, {"limit": limit})
    else:
        found = await connection.execute(_NEXT_PAGE, {"limit": limit, "after_at": after[0], "after_id": after[1]})
    return [dict(row) for row in found.mappings()]


async def read_account(connection: AsyncConnection, account_id: UUID) -> dict[str, Any]:
    """Return one account; `NotFound` for an unknown one."""
    row = (await connection.execute(_ACCOUNT, {"id": account_id})).mappings().first()
    if row is None:
        raise NotFound
    return dict(row)


async def lock_account(connection: AsyncConnection, account_id: UUID) -> dict[str, Any] | None:
    """Lock one account."""
    row = (await connection.execute(_LOCK_ACCOUNT, {"id": account_id})).mappings().first()
    return None if row is None else dict(row)


async def is_enterprise(connection: AsyncConnection, enterprise_id: UUID) -> bool:
    """Tell whether there is such an enterprise."""
    return bool((await connection.execute(_IS_ENTERPRISE, {"id": enterprise_id})).scalar_one())


async def find_enterprise(connection: AsyncConnection, *, name: str, uscc: str | None) -> UUID | None:
    """Return the enterprise with this code or, without a code, with this name."""
    statement, parameters = (_ENTERPRISE_BY_USCC, {"uscc": uscc}) if uscc else (_ENTERPRISE_BY_NAME, {"name": name})
    found: UUID | None = (await connection.execute(statement, parameters)).scalar()
    return found


async def enterprise(connection: AsyncConnection, enterprise_id: UUID) -> dict[str, Any]:
    """Return one enterprise by id."""
    return dict((await connection.execute(_ENTERPRISE, {"id": enterprise_id})).mappings().one())


async def enterprises(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return name and code of those enterprises that are registered, by id."""
    rows = (await connection.execute(_ENTERPRISES, {"ids": list(ids)})).mappings()
    return {row["id"]: dict(row) for row in rows}
