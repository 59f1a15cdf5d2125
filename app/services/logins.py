"""Passwords and second factors of people: given, changed, taken away."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.act_kind import ActKind
from app.domain.credential import Means, SignedIn
from app.domain.credential_password import checked_login, refuse_weak
from app.domain.errors import Conflict, Fault, Invalid, NotAllowed, NotSignedIn
from app.domain.roles import Actor, Role
from app.services.acts import record_act
from app.services.administration import take_account
from app.services.office import Office, Work
from app.services.passwords import Passwords
from app.services.proving import Identity, prove, prove_password
from app.services.second_factors import make_recovery_codes, make_secret, matching_step, open_secret, recovery_digest
from app.storage.ids import new_id
from app.storage.queries.passwords import change_password_hash, credential_of_account, lock_credential
from app.storage.queries.sessions import revoke_sessions

WITHOUT_FACTOR: dict[str, object] = {
    "totp_sealed": None,
    "totp_enabled_at": None,
    "totp_step": None,
    "recovery_digests": [],
}


async def give_password(
    work: Work, passwords: Passwords, account_id: UUID, *, login: str | None, actor: Actor, now: datetime
) -> tuple[str, str]:
    """Give somebody else's account a first password, or another one after it was lost; return login and password.

    It is made by chance and changed at the first sign-in. A second factor stays: the administrator does not have it.
    """
    row = await take_account(work, account_id, actor=actor)
    if Role.CONNECTOR in map(Role, row["roles"]):
        raise Conflict("热线对接账号使用密钥，不设密码。", code="machine-account")
    return await set_password(work, passwords, account_id, login=login, actor=actor, now=now)


async def set_password(
    work: Work,
    passwords: Passwords,
    account_id: UUID,
    *,
    login: str | None,
    actor: Actor,
    now: datetime,
    without_factor: bool = False,
) -> tuple[str, str]:
    """Set a password made by chance, which has to be changed at the first sign-in, and end all sessions.

    `without_factor` also takes away the second factor, for somebody who has lost the device and the recovery codes.
    """
    found = await lock_credential(work.connection, account_id)
    if found is None and login is None:
        raise Invalid("首次设置密码须指定登录名。", Fault("login", "不能为空"))
    chosen = found["login"] if found is not None and login is None else checked_login(login or "")
    password = secrets.token_urlsafe(15)
    values = {
        "login": chosen,
        "password_hash": await passwords.hash(password),
        "must_change": True,
        "changed_at": now,
        **(WITHOUT_FACTOR if without_factor else {}),
    }
    if found is None:
        work.changes.insert(
            "credential", {"recovery_digests": [], **values, "id": new_id(now), "account_id": account_id}
        )
    else:
        work.changes.update("credential", found["id"], values)
    await revoke_sessions(work.connection, account_id, now)
    payload = {"first": found is None, "without_second_factor": without_factor}
    await record_act(work, ActKind.PASSWORD_GIVEN, subject=str(account_id), payload=payload, actor=actor, now=now)
    return chosen, password


async def change_password(
    office: Office, identity: Identity, *, current: str, new: str, actor: SignedIn, address: str, now: datetime
) -> None:
    """Change one's own password; every other session of the account ends."""
    credential = await own_credential(office, actor)
    refuse_weak(new, login=credential["login"])
    if new == current:
        raise Invalid("新密码不符合要求。", Fault("new", "应与当前密码不同"), code="weak-password")
    with _told_as_forbidden():
        proof = await prove_password(
            office, identity, credential=credential, password=current, address=address, now=now
        )
    changed = await identity.passwords.hash(new)
    async with office.work() as work:
        await proof.use_up(work)
        old = credential["password_hash"]
        if not await change_password_hash(work.connection, credential["id"], old=old, new=changed, now=now):
            raise Conflict("密码刚刚被变更，请重新登录。", code="password-changed")
        await revoke_sessions(work.connection, actor.id, now, kept=actor.credential_id)
        await _record_own(work, ActKind.PASSWORD_CHANGED, actor, now)
    identity.doorkeeper.forget(actor.id)


async def begin_factor(work: Work, *, actor: SignedIn, now: datetime) -> tuple[str, str]:
    """Make the secret of a second factor; it counts once a code of it was shown. Return it with the login."""
    refuse_unless_session(actor)
    credential = await _locked(work, actor)
    if credential["totp_enabled_at"] is not None:
        raise Conflict("二次验证已经启用；如需更换设备，请先停用。", code="second-factor-enabled")
    secret, sealed = make_secret(actor.id, work.seals)
    work.changes.update("credential", credential["id"], {"totp_sealed": sealed})
    await _record_own(work, ActKind.SECOND_FACTOR_BEGUN, actor, now)
    return secret, credential["login"]


async def confirm_factor(work: Work, *, code: str, actor: SignedIn, now: datetime) -> list[str]:
    """Enable a second factor by a code of it; return the recovery codes, which are shown once."""
    refuse_unless_session(actor)
    credential = await _locked(work, actor)
    if credential["totp_sealed"] is None or credential["totp_enabled_at"] is not None:
        raise Conflict("没有待确认的二次验证，请先申请。", code="no-pending-factor")
    step = matching_step(open_secret(credential, work.seals), code, after=None, now=now)
    if step is None:
        raise Invalid(
            "验证码不正确。", Fault("code", "请输入验证器此刻显示的6位数字，并核对手机时间"), code="wrong-code"
        )
    codes = make_recovery_codes()
    digests = list(map(recovery_digest, codes))
    values = {"totp_enabled_at": now, "totp_step": step, "recovery_digests": digests}
    work.changes.update("credential", credential["id"], values)
    await _record_own(work, ActKind.SECOND_FACTOR_ENABLED, actor, now)
    return codes


async def remove_factor(
    office: Office, identity: Identity, *, password: str, code: str, actor: SignedIn, address: str, now: datetime
) -> None:
    """Disable one's second factor, by password and a last code of it."""
    credential = await own_credential(office, actor)
    if credential["totp_enabled_at"] is None:
        raise Conflict("二次验证没有启用。", code="second-factor-disabled")
    with _told_as_forbidden():
        proof = await prove(
            office, identity, login=credential["login"], password=password, code=code, address=address, now=now
        )
    async with office.work() as work:
        with _told_as_forbidden():
            await proof.use_up(work)
        work.changes.update("credential", credential["id"], WITHOUT_FACTOR)
        await _record_own(work, ActKind.SECOND_FACTOR_DISABLED, actor, now)


async def own_credential(office: Office, actor: SignedIn) -> Mapping[str, Any]:
    """Return the credential of somebody who is signed in by password."""
    refuse_unless_session(actor)
    async with office.look() as look:
        credential = await credential_of_account(look.connection, actor.id)
    if credential is None:
        raise NotAllowed("这个账号没有密码。", code="session-required")
    return credential


@contextmanager
def _told_as_forbidden() -> Iterator[None]:
    """Answer a failed proof of somebody who is signed in, and stays so."""
    try:
        yield
    except NotSignedIn:
        sentence = "当前密码或验证码不正确，或者尝试过于频繁；请核对后稍后再试。"
        raise NotAllowed(sentence, code="wrong-password") from None


def refuse_unless_session(actor: SignedIn) -> None:
    """Raise `NotAllowed` for whoever is not signed in by password: a stolen key must not change how people sign in."""
    if actor.means is not Means.SESSION:
        raise NotAllowed("请先用密码登录，再办理这一项。", code="session-required")


async def _record_own(work: Work, kind: ActKind, actor: SignedIn, now: datetime) -> None:
    await record_act(work, kind, subject=str(actor.id), payload={}, actor=actor, now=now)


async def _locked(work: Work, actor: SignedIn) -> dict[str, Any]:
    credential = await lock_credential(work.connection, actor.id)
    if credential is None:
        raise NotAllowed("这个账号没有密码。", code="session-required")
    return credential
