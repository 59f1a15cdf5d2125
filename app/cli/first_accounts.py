"""The accounts of the demonstration, made at the very first start on the embedded database."""

from collections.abc import Iterable
from pathlib import Path

from app.cli.first_keys import FirstKey, write_keys
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
SUBJECT = "示范账号"


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
