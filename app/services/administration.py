"""What an administrator does with accounts. It never concerns its own, and never an appeal."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.act_kind import ActKind
from app.domain.errors import Conflict, Fault, Invalid, NotFound
from app.domain.key_life import expiry
from app.domain.key_scope import EVERY_SCOPE
from app.domain.policy_building import build_policy
from app.domain.role_combinations import refuse_combination, refuse_own_account, refuse_unless_keeper
from app.domain.roles import Actor, Role
from app.policies import packaged
from app.services.accounts import NewAccount, add_account, authority_values, check_scope, told_of
from app.services.acts import record_act
from app.services.keys import add_key
from app.services.office import Work
from app.storage.queries.accounts import is_enterprise, lock_account
from app.storage.queries.credentials import revoke_keys
from app.storage.queries.sessions import revoke_sessions


async def open_account(work: Work, account: NewAccount, *, actor: Actor, now: datetime) -> tuple[UUID, str | None]:
    """Create an account for somebody else; return its id, and the first key where it is a machine's.

    A person gets a first password instead, which is changed at once: an administrator who held a person's key could
    act in its name.
    """
    refuse_unless_keeper(actor)
    await refuse_authority(work, account)
    account_id = add_account(work, account, now=now)
    key = None
    if Role.CONNECTOR in account.roles:
        ends_at = expiry(account.key_expires_at, now)
        _, key = add_key(work, account_id, label="首个密钥", scopes=EVERY_SCOPE, expires_at=ends_at, now=now)
    subject, payload = str(account_id), told_of(account)
    await record_act(work, ActKind.ACCOUNT_CREATED, subject=subject, payload=payload, actor=actor, now=now)
    return account_id, key


async def change_authority(work: Work, account_id: UUID, authority: NewAccount, *, actor: Actor, now: datetime) -> None:
    """Give an account other roles and another scope; they count everywhere within 5 seconds."""
    row = await take_account(work, account_id, actor=actor)
    authority = replace(authority, name=row["name"])
    await refuse_authority(work, authority)
    values = authority_values(authority)
    work.changes.update("account", account_id, values)
    changed = {"before": {name: row[name] for name in values}, "after": values}
    await _record(work, ActKind.ACCOUNT_AUTHORITY_CHANGED, row, actor=actor, now=now, **changed)


async def disable_account(work: Work, account_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Let nobody sign in to an account any more, with whatever credential, from 5 seconds on.

    Its sessions end for good; its keys count again once it is enabled.
    """
    row = await take_account(work, account_id, actor=actor)
    if row["disabled_at"] is not None:
        raise Conflict("这个账号已经停用。", code="account-disabled")
    await revoke_sessions(work.connection, account_id, now)
    work.changes.update("account", account_id, {"disabled_at": now})
    await _record(work, ActKind.ACCOUNT_DISABLED, row, actor=actor, now=now)


async def enable_account(work: Work, account_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Let an account be used again."""
    row = await take_account(work, account_id, actor=actor)
    if row["disabled_at"] is None:
        raise Conflict("这个账号没有停用。", code="account-enabled")
    work.changes.update("account", account_id, {"disabled_at": None})
    await _record(work, ActKind.ACCOUNT_ENABLED, row, actor=actor, now=now)


async def revoke_credentials(work: Work, account_id: UUID, *, actor: Actor, now: datetime) -> None:
    """End every key and session of an account; passwords and linked identities stay."""
    row = await take_account(work, account_id, actor=actor)
    await revoke_keys(work.connection, account_id, now)
    await revoke_sessions(work.connection, account_id, now)
    await _record(work, ActKind.ACCOUNT_CREDENTIALS_REVOKED, row, actor=actor, now=now)


async def take_account(work: Work, account_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """Lock an account that the actor may change; `NotFound` for an unknown one."""
    refuse_unless_keeper(actor)
    refuse_own_account(actor, account_id)
    row = await lock_account(work.connection, account_id)
    if row is None:
        raise NotFound
    return row


async def refuse_authority(work: Work, account: NewAccount) -> None:
    """Raise `Invalid` for roles that do not go together, and for a scope that is incomplete or unknown."""
    refuse_combination(account.roles)
    check_scope(account)
    _refuse_unknown_codes(account)
    if account.enterprise_id is not None and not await is_enterprise(work.connection, account.enterprise_id):
        raise Invalid("没有这家企业。", Fault("enterprise_id", "请先登记企业，再填写其编号"))


async def _record(
    work: Work, kind: ActKind, row: Mapping[str, Any], *, actor: Actor, now: datetime, **more: object
) -> None:
    payload = {"name": row["name"], **more}
    await record_act(work, kind, subject=str(row["id"]), payload=payload, actor=actor, now=now)


def departments_of(jurisdictions: Iterable[str]) -> dict[str, str]:
    """Return code and name of every department of the jurisdictions; a code has one name for each of them."""
    policies = [build_policy(packaged().packs[name].data) for name in jurisdictions]
    return {one.code: one.name for policy in policies for one in policy.departments.values()}


def _refuse_unknown_codes(account: NewAccount) -> None:
    """Refuse codes that no policy knows: such an account could not sign in, or would see nothing."""
    packs = packaged().packs
    if not set(account.jurisdictions) <= set(packs):
        raise Invalid("辖区代码有误。", Fault("jurisdictions", f"应为以下之一或多项：{'、'.join(packs)}"))
    if account.department is not None:
        known = departments_of(account.jurisdictions)
        if account.department not in known:
            listed = "、".join(f"{code}（{name}）" for code, name in known.items())
            raise Invalid("部门代码有误。", Fault("department", f"应为以下之一：{listed}"))
