"""The accounts of the demonstration, made at the very first start on the embedded database."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson

from app.domain.act_kind import ActKind
from app.domain.roles import ROLE_NAMES, SYSTEM, Role
from app.services.accounts import NewAccount, create_account
from app.services.acts import record_act
from app.services.appeals import add_enterprise
from app.services.office import Office, Work
from app.storage.queries.accounts import has_accounts
from app.system_time import utc_now

JURISDICTION = "gedian"
ENTERPRISE = "葛店示范企业"
# Both lead categories; the keys of the second one carry its code.
DEPARTMENTS = (("economy", "经发局", ""), ("party_office", "党政办公室", "_party_office"))
OFFICES = (Role.CLERK, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR, Role.LEADER, Role.ADMINISTRATOR)
ONLY_FOR_OWNER = 0o600
SUBJECT = "示范账号"


@dataclass(frozen=True, slots=True)
class FirstKey:
    """One account of the demonstration with its key; `title` is what its key is called."""

    title: str
    name: str
    role: Role
    account_id: UUID
    key: str


async def make_first_accounts(office: Office, home: Path) -> bool:
    """Make the accounts and write their keys below `home`, unless there are accounts; tell whether it was done.

    The files are written before the commit: an account whose key nobody has cannot come to be.
    """
    async with office.work() as work:
        if await has_accounts(work.connection):
            return False
        keys = [_make(work, title, account) for title, account in _accounts(work)]
        payload = {one.title: {"account_id": one.account_id, "name": one.name, "role": one.role} for one in keys}
        await record_act(work, ActKind.ACCOUNT_CREATED, subject=SUBJECT, payload=payload, actor=SYSTEM, now=utc_now())
        write_keys(keys, home)
    return True


def write_keys(keys: Iterable[FirstKey], home: Path) -> None:
    """Write keys.json and keys.sh, for the owner's eyes only."""
    keys = list(keys)
    home.mkdir(parents=True, exist_ok=True)
    entries = {one.title: _entry(one) for one in keys}
    lines = "".join(f"export KEY_{one.title.upper()}='{one.key}'  # {one.name}\n" for one in keys)
    _write(home / "keys.json", orjson.dumps(entries, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    _write(home / "keys.sh", lines.encode())


def _accounts(work: Work) -> Iterable[tuple[str, NewAccount]]:
    enterprise_id = add_enterprise(work, name=ENTERPRISE, uscc=None, now=utc_now())
    yield "enterprise", NewAccount(ENTERPRISE, frozenset({Role.ENTERPRISE}), enterprise_id=enterprise_id)
    for role in OFFICES:
        yield role.value, NewAccount(ROLE_NAMES[role], frozenset({role}), (JURISDICTION,))
    for code, name, suffix in DEPARTMENTS:
        for role in (Role.OFFICER, Role.HEAD):
            yield f"{role}{suffix}", NewAccount(f"{name}{ROLE_NAMES[role]}", frozenset({role}), (JURISDICTION,), code)


def _make(work: Work, title: str, account: NewAccount) -> FirstKey:
    account_id, key = create_account(work, account, now=utc_now())
    (role,) = account.roles
    return FirstKey(title, account.name, role, account_id, key)


def _entry(one: FirstKey) -> dict[str, object]:
    return {"name": one.name, "role": one.role, "account_id": one.account_id, "key": one.key}


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there entirely or not at all."""
    making = path.with_name(f"{path.name}.making")
    making.unlink(missing_ok=True)
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_FOR_OWNER), "wb") as file:
        file.write(content)
    making.rename(path)
