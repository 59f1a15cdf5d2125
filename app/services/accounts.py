"""Accounts, their keys, and who a key admits."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.domain.credential import KEY_PREFIX, SESSION_IDLE, SESSION_PREFIX, Means, SignedIn
from app.domain.errors import Fault, Invalid, NotSignedIn
from app.domain.key_scope import EVERY_SCOPE, KeyScope, written_scopes
from app.domain.roles import DEPARTMENT_ROLES, OFFICE_ROLES, Actor, Role
from app.policies import descendants
from app.services.keys import add_key, credential_digest
from app.services.office import Office, Work
from app.services.tokens import TokenVerifier
from app.storage import AsyncConnection
from app.storage.ids import new_id
from app.storage.queries.credential_uses import note_key_uses, note_session_uses
from app.storage.queries.credentials import account_of_key
from app.storage.queries.identities import account_of_identity
from app.storage.queries.sessions import account_of_session

KEY_TRUSTED_FOR = timedelta(seconds=5)
"""How long a process goes on with what it knows of a key: a revoked key is dead everywhere after that."""
KEYS_REMEMBERED = 2_000
NOT_SIGNED_IN = "请在请求头 Authorization 中提供有效的密钥或登录口令：Bearer bh_… 或 Bearer bhs_…"


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
    key_scopes: frozenset[KeyScope] = EVERY_SCOPE


@dataclass(slots=True)
class Doorkeeper:
    """Admits the holder of a credential; one look-up serves the next few seconds.

    It remembers when each was used last; somebody has that noted now and then, so that no request waits for it.
    """

    verifier: TokenVerifier | None = None
    known: OrderedDict[str, tuple[datetime, SignedIn]] = field(default_factory=OrderedDict)
    uses: dict[tuple[Means, UUID], datetime] = field(default_factory=dict)

    async def admit(self, connection: AsyncConnection, credential: str | None, *, now: datetime) -> SignedIn:
        """Return the actor that a credential signs in; raise `NotSignedIn` for none, unknown, expired or revoked."""
        if not credential:
            raise NotSignedIn(NOT_SIGNED_IN)
        digest = credential_digest(credential)
        seen = now, await self._meet(connection, credential, digest, now)
        self._remember(digest, seen)
        return self._used(seen[1], now)

    def recall(self, credential: str, *, now: datetime) -> SignedIn | None:
        """Return whom a credential signed in a few seconds ago."""
        seen = self.known.get(credential_digest(credential))
        if seen is None or now - seen[0] > KEY_TRUSTED_FOR or not seen[1].counts_at(now):
            return None
        return self._used(seen[1], now)

    def _used(self, actor: SignedIn, now: datetime) -> SignedIn:
        self.uses[actor.means, actor.credential_id] = now
        return actor

    def forget(self, account_id: UUID) -> None:
        """Look an account up again when it comes next; other processes do so within 5 seconds."""
        for digest in [digest for digest, (_, actor) in self.known.items() if actor.id == account_id]:
            del self.known[digest]

    async def _meet(self, connection: AsyncConnection, credential: str, digest: str, now: datetime) -> SignedIn:
        if credential.startswith(KEY_PREFIX):
            return _by_key(await account_of_key(connection, digest, now))
        if credential.startswith(SESSION_PREFIX):
            return self._by_session(await account_of_session(connection, digest, now), now)
        return await self._by_token(connection, credential, now)

    async def _by_token(self, connection: AsyncConnection, token: str, now: datetime) -> SignedIn:
        """A token says who somebody is; what it may do is in our rows."""
        subject = None if self.verifier is None else await self.verifier.subject(token, now=now)
        if subject is None:
            raise NotSignedIn(NOT_SIGNED_IN)
        row = await account_of_identity(connection, issuer=subject.issuer, subject=subject.name)
        if row is None:
            raise NotSignedIn(NOT_SIGNED_IN)
        return SignedIn(**_who(row), means=Means.OIDC, credential_id=row["credential_id"], until=subject.until)

    def _by_session(self, row: Mapping[str, Any] | None, now: datetime) -> SignedIn:
        if row is None:
            raise NotSignedIn(NOT_SIGNED_IN)
        noted: datetime = row["last_used_at"]
        if now - max(noted, self.uses.get((Means.SESSION, row["credential_id"]), noted)) >= SESSION_IDLE:
            raise NotSignedIn(NOT_SIGNED_IN)
        return SignedIn(
            **_who(row),
            means=Means.SESSION,
            credential_id=row["credential_id"],
            must_change_password=row["must_change"],
        )

    def _remember(self, digest: str, seen: tuple[datetime, SignedIn]) -> None:
        self.known[digest] = seen
        self.known.move_to_end(digest)
        if len(self.known) > KEYS_REMEMBERED:
            self.known.popitem(last=False)


async def note_uses(office: Office, doorkeeper: Doorkeeper) -> None:
    """Note when the credentials of the last while were used last; doing it twice does no harm.

    Raise what the database raises while it is away; the notes are kept for the next time.
    """
    taken = dict(doorkeeper.uses)
    if not taken:
        return
    async with office.work() as work:
        await note_key_uses(work.connection, _of(taken, Means.KEY))
        await note_session_uses(work.connection, _of(taken, Means.SESSION))
    # Kept until it is stored: whether a session is idle is asked of both.
    for used, at in taken.items():
        if doorkeeper.uses[used] == at:
            del doorkeeper.uses[used]


def _of(uses: Mapping[tuple[Means, UUID], datetime], means: Means) -> dict[UUID, datetime]:
    return {credential_id: at for (used, credential_id), at in uses.items() if used is means}


def create_account(work: Work, account: NewAccount, *, now: datetime) -> tuple[UUID, str]:
    """Create an account with its first key; the key is returned once and kept as a digest only."""
    account_id = add_account(work, account, now=now)
    _, key = add_key(
        work, account_id, label="first", scopes=account.key_scopes, expires_at=account.key_expires_at, now=now
    )
    return account_id, key


def add_account(work: Work, account: NewAccount, *, now: datetime) -> UUID:
    """Create an account that cannot sign in yet."""
    check_scope(account)
    account_id = new_id(now)
    work.changes.insert(
        "account",
        {
            "id": account_id,
            "name": account.name,
            **authority_values(account),
            "created_at": now,
        },
    )
    return account_id


def authority_values(account: NewAccount) -> dict[str, object]:
    """Return the columns that say what an account may do, and where."""
    return {
        "roles": sorted(account.roles),
        "jurisdictions": sorted(account.jurisdictions),
        "department": account.department,
        "enterprise_id": account.enterprise_id,
        "channel": account.channel,
    }


def told_of(account: NewAccount) -> dict[str, object]:
    """Return what the record of acts tells of a new account."""
    return {
        "name": account.name,
        **authority_values(account),
        "key_expires_at": account.key_expires_at,
        "key_scopes": written_scopes(account.key_scopes),
    }


def check_scope(account: NewAccount) -> None:
    """Raise `Invalid` for an incomplete scope: an account whose roles need one would see nothing without it."""
    needs = {
        "jurisdictions": (account.roles & (OFFICE_ROLES | DEPARTMENT_ROLES), account.jurisdictions, "须指定辖区"),
        "department": (account.roles & DEPARTMENT_ROLES, account.department, "承办单位角色须指定部门"),
        "enterprise": (account.roles & {Role.ENTERPRISE}, account.enterprise_id, "企业角色须指定企业"),
        "channel": (account.roles & {Role.CONNECTOR}, account.channel, "热线对接角色须指定渠道"),
    }
    faults = [Fault(name, reason) for name, (needed, given, reason) in needs.items() if needed and not given]
    if faults or not account.roles:
        raise Invalid("账号的角色与范围不完整。", *(faults or [Fault("roles", "至少一个角色")]))


def _by_key(row: Mapping[str, Any] | None) -> SignedIn:
    if row is None:
        raise NotSignedIn(NOT_SIGNED_IN)
    scopes = frozenset(map(KeyScope, row["scopes"]))
    return SignedIn(**_who(row), means=Means.KEY, credential_id=row["credential_id"], scopes=scopes)


def actor_of(row: Mapping[str, Any]) -> Actor:
    """Return the actor that an account is; a granted jurisdiction includes those below it."""
    return Actor(**_who(row))


def _who(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "roles": frozenset(Role(role) for role in row["roles"]),
        "jurisdictions": frozenset(
            code for granted in row["jurisdictions"] for code in (granted, *descendants(granted))
        ),
        "department": row["department"],
        "enterprise_id": row["enterprise_id"],
        "channel": row["channel"],
    }
