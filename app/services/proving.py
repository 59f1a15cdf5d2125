"""Proof by password and second factor. Every attempt is counted before it is known how it ends.

No database connection is held while a password is hashed, so that guessing takes none from those who work.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.credential_password import Failures, address_group, after_attempt, normal_login
from app.domain.errors import NotSignedIn
from app.services.accounts import Doorkeeper
from app.services.office import Office, Work
from app.services.passwords import Passwords
from app.services.second_factors import NOT_NEEDED, Factor, find_factor
from app.storage.queries.passwords import credential_of_login
from app.storage.queries.sign_in_failures import clear_failures, count_failure, lock_failures

SIGN_IN_REFUSED = "登录名、密码或验证码不正确，或者尝试过于频繁；请核对后稍后再试。"


@dataclass(slots=True)
class Identity:
    """What a process needs to know people: who stands at the door, and how passwords are compared."""

    doorkeeper: Doorkeeper = field(default_factory=Doorkeeper)
    passwords: Passwords = field(default_factory=Passwords)


@dataclass(frozen=True, slots=True)
class Proof:
    """A credential whose password, and whose code if it needs one, were right; not used up yet."""

    credential: Mapping[str, Any]
    factor: Factor
    digest: str

    async def use_up(self, work: Work) -> None:
        """Use up the code, and forget what was tried in vain before; `NotSignedIn` if the code was used meanwhile."""
        if not await self.factor.use_up(work, self.credential["id"]):
            raise refusal()
        await clear_failures(work.connection, self.digest)


async def prove(
    office: Office, identity: Identity, *, login: str, password: str, code: str, address: str, now: datetime
) -> Proof:
    """Return a proof of who somebody is; raise the one `NotSignedIn` for whatever is wrong."""
    login = normal_login(login)
    digest = _digest(login, address)
    credential = await _counted(office, login, digest, now)
    stored = None if credential is None else credential["password_hash"]
    right = await identity.passwords.verify(password, stored)
    factor = find_factor(credential, code, office.seals, now) if right and credential is not None else None
    if credential is None or factor is None:
        raise refusal()
    return Proof(credential, factor, digest)


async def prove_password(
    office: Office, identity: Identity, *, credential: Mapping[str, Any], password: str, address: str, now: datetime
) -> Proof:
    """Return a proof that somebody who is signed in knows the password; counted like signing in."""
    digest = _digest(credential["login"], address)
    await _counted(office, credential["login"], digest, now)
    if not await identity.passwords.verify(password, credential["password_hash"]):
        raise refusal()
    return Proof(credential, NOT_NEEDED, digest)


def refusal() -> NotSignedIn:
    """Return what everybody is told who does not get in, whatever the reason."""
    return NotSignedIn(SIGN_IN_REFUSED, code="sign-in-refused")


async def _counted(office: Office, login: str, digest: str, now: datetime) -> dict[str, Any] | None:
    """Count an attempt by login and address, and return the credential if there is one.

    Never by login alone: whoever knows a login could keep its owner out.
    """
    async with office.work() as work:
        row = await lock_failures(work.connection, digest, now)
        before = Failures(row["failures"], row["failed_at"], row["blocked_until"])
        if before.is_blocked(now):
            raise refusal()
        after = after_attempt(before, now)
        counted: dict[str, object] = {
            "failures": after.failures,
            "failed_at": after.failed_at,
            "blocked_until": after.blocked_until,
        }
        await count_failure(work.connection, digest, counted)
        return await credential_of_login(work.connection, login)


def _digest(login: str, address: str) -> str:
    """Return what is kept of login and address: what people type there is now and then a password."""
    return hashlib.sha256(f"{login}\0{address_group(address)}".encode("utf-8", "replace")).hexdigest()


def account_of(proof: Proof) -> UUID:
    """Return whose proof it is."""
    account_id: UUID = proof.credential["account_id"]
    return account_id
