"""Accounts, their keys, and who a key admits."""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.domain.errors import Fault, Invalid, NotSignedIn
from app.domain.roles import DEPARTMENT_ROLES, OFFICE_ROLES, Actor, Role
from app.policies import descendants
from app.services.office import Work
from app.storage import AsyncConnection
from app.storage.ids import new_id
from app.storage.queries.accounts import account_of_key

KEY_PREFIX = "bh_"
KEY_TRUSTED_FOR = timedelta(seconds=5)
"""How long a process goes on with what it knows of a key: a revoked key is dead everywhere after that."""
KEYS_REMEMBERED = 2_000
NOT_SIGNED_IN = "请在请求头 Authorization 中提供有效的密钥：Bearer bh_…"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Who is to sign in, as what, and within which scope."""

    name: str
    roles: frozenset[Role]
    jurisdictions: tuple[str, ...] = ()
    department: str | None = None
    enterprise_id: UUID | None = None
    channel: str | None = None
    key_expires_at: datetime | None = None


@dataclass(slots=True)
class Doorkeeper:
    """Admits the holder of a key; one look-up serves the next few seconds."""

    known: OrderedDict[str, tuple[datetime, Actor]] = field(default_factory=OrderedDict)

    async def admit(self, connection: AsyncConnection, key: str | None, *, now: datetime) -> Actor:
        """Return the actor that a key signs in; raise `NotSignedIn` for none, unknown, expired or revoked."""
        if not key or not key.startswith(KEY_PREFIX):
            raise NotSignedIn(NOT_SIGNED_IN)
        digest = key_digest(key)
        actor = await _look_up(connection, digest, now)
        self._remember(digest, actor, now)
        return actor

    def recall(self, key: str, *, now: datetime) -> Actor | None:
        """Return whom a key signed in a few seconds ago."""
        seen = self.known.get(key_digest(key))
        return seen[1] if seen is not None and now - seen[0] <= KEY_TRUSTED_FOR else None

    def _remember(self, digest: str, actor: Actor, now: datetime) -> None:
        self.known[digest] = (now, actor)
        self.known.move_to_end(digest)
        if len(self.known) > KEYS_REMEMBERED:
            self.known.popitem(last=False)


def create_account(work: Work, account: NewAccount, *, now: datetime) -> tuple[UUID, str]:
    """Create an account with its first key; the key is returned once and kept as a digest only."""
    _check_scope(account)
    account_id = new_id(now)
    work.changes.insert(
        "account",
        {
            "id": account_id,
            "name": account.name,
            "roles": sorted(account.roles),
            "jurisdictions": sorted(account.jurisdictions),
            "department": account.department,
            "enterprise_id": account.enterprise_id,
            "channel": account.channel,
            "created_at": now,
        },
    )
    return account_id, add_key(work, account_id, label="first", expires_at=account.key_expires_at, now=now)


def add_key(work: Work, account_id: UUID, *, label: str, expires_at: datetime | None, now: datetime) -> str:
    """Give an account another key: 32 random bytes, shown once."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    work.changes.insert(
        "api_key",
        {
            "id": new_id(now),
            "account_id": account_id,
            "digest": key_digest(key),
            "label": label,
            "created_at": now,
            "expires_at": expires_at,
        },
    )
    return key


def key_digest(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _check_scope(account: NewAccount) -> None:
    """An account whose roles need a scope must have it: an empty scope would see nothing."""
    needs = {
        "jurisdictions": (account.roles & (OFFICE_ROLES | DEPARTMENT_ROLES), account.jurisdictions, "须指定辖区"),
        "department": (account.roles & DEPARTMENT_ROLES, account.department, "承办单位角色须指定部门"),
        "enterprise": (account.roles & {Role.ENTERPRISE}, account.enterprise_id, "企业角色须指定企业"),
        "channel": (account.roles & {Role.CONNECTOR}, account.channel, "热线对接角色须指定渠道"),
    }
    faults = [Fault(name, reason) for name, (needed, given, reason) in needs.items() if needed and not given]
    if faults or not account.roles:
        raise Invalid("账号的角色与范围不完整。", *(faults or [Fault("roles", "至少一个角色")]))


async def _look_up(connection: AsyncConnection, digest: str, now: datetime) -> Actor:
    row = await account_of_key(connection, digest, now)
    if row is None:
        raise NotSignedIn(NOT_SIGNED_IN)
    return actor_of(row)


def actor_of(row: Mapping[str, Any]) -> Actor:
    """Return the actor that an account is; a granted jurisdiction includes those below it."""
    return Actor(
        id=row["id"],
        name=row["name"],
        roles=frozenset(Role(role) for role in row["roles"]),
        jurisdictions=frozenset(code for granted in row["jurisdictions"] for code in (granted, *descendants(granted))),
        department=row["department"],
        enterprise_id=row["enterprise_id"],
        channel=row["channel"],
    )
