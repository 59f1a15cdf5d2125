"""`bihuan account`: who may sign in, as what, and within which scope."""

import argparse
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson

from app.cli.arguments import Commands, read_id, read_instant
from app.cli.offices import in_office
from app.cli.passwords import add_password_parser
from app.domain.act_kind import ActKind
from app.domain.errors import Fault, Invalid, NotFound
from app.domain.key_scope import EVERY_SCOPE, KeyScope
from app.domain.role_combinations import refuse_combination
from app.domain.roles import COMMAND_LINE, ROLE_NAMES, Role
from app.policies import packaged
from app.services.accounts import NewAccount, create_account, told_of
from app.services.acts import record_act
from app.services.administration import departments_of
from app.services.appeals import add_enterprise
from app.services.office import Office, Work
from app.storage.queries.accounts import all_accounts, find_enterprise
from app.storage.queries.credentials import revoke_keys
from app.system_time import utc_now

ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)
SCOPES = ("jurisdictions", "department", "enterprise_id", "channel")


def add_account_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    acts = subparsers.add_parser("account", help="账号与密钥").add_subparsers(metavar="动作", required=True)
    _add_create(acts)
    listing = acts.add_parser("list", help="列出账号")
    listing.add_argument("--json", action="store_true", help="以JSON输出")
    listing.set_defaults(run=run_list)
    add_password_parser(acts)
    revoking = acts.add_parser("revoke", help="作废一个账号的全部密钥，5秒内在各处生效")
    revoking.add_argument("account_id", metavar="账号编号", type=read_id)
    revoking.set_defaults(run=run_revoke)


def run_create(namespace: argparse.Namespace) -> int:
    """Create an account and print its id and its key, which nobody can read again."""

    async def act(office: Office) -> tuple[UUID, str]:
        async with office.work() as work:
            account, now = await _new_account(work, namespace), utc_now()
            account_id, key = create_account(work, account, now=now)
            subject, payload = str(account_id), told_of(account)
            await record_act(
                work, ActKind.ACCOUNT_CREATED, subject=subject, payload=payload, actor=COMMAND_LINE, now=now
            )
            return account_id, key

    account_id, key = in_office(act)
    if namespace.json:
        print(orjson.dumps({"account_id": account_id, "key": key}).decode())
    else:
        print(f"账号：{account_id}\n密钥：{key}\n密钥只显示这一次，请妥善保存。")
    return 0


def run_list(namespace: argparse.Namespace) -> int:
    """Print every account, oldest first."""
    rows = in_office(_accounts)
    if namespace.json:
        print(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n".join(map(_line, rows)) or "还没有账号。创建：./run bihuan account create --help")
    return 0


def run_revoke(namespace: argparse.Namespace) -> int:
    """Revoke every key of an account."""

    async def act(office: Office) -> None:
        async with office.work() as work:
            _refuse_unknown(namespace.account_id, await all_accounts(work.connection))
            now, subject = utc_now(), str(namespace.account_id)
            await revoke_keys(work.connection, namespace.account_id, now)
            await record_act(
                work, ActKind.ACCOUNT_KEYS_REVOKED, subject=subject, payload={}, actor=COMMAND_LINE, now=now
            )

    in_office(act)
    print(f"账号 {namespace.account_id} 的密钥已全部作废。")
    return 0


def _add_create(acts: Commands) -> None:
    parser = acts.add_parser("create", help="新建账号并显示密钥", epilog=_role_table())
    parser.add_argument("--name", metavar="名称", required=True)
    parser.add_argument("--role", metavar="角色", action="append", required=True, choices=ROLES, help="可多次")
    parser.add_argument("--jurisdiction", metavar="辖区", action="append", default=[], help="可多次，含其下级")
    parser.add_argument("--department", metavar="部门", help="承办单位代码")
    parser.add_argument("--enterprise-name", metavar="企业名称")
    parser.add_argument("--uscc", metavar="代码", help="企业的统一社会信用代码")
    parser.add_argument("--channel", metavar="渠道", help="热线对接的渠道代码")
    parser.add_argument(
        "--scope",
        metavar="用途",
        action="append",
        choices=tuple(KeyScope),
        help="密钥的用途，可多次：read 查询、file 提交、move 办理、manage 管理；缺省为全部",
    )
    parser.add_argument(
        "--expires", metavar="时间", type=read_instant, help="密钥失效时间，例如 2027-01-01T00:00+08:00"
    )
    parser.add_argument("--json", action="store_true", help="以JSON输出")
    parser.set_defaults(run=run_create)


def _role_table() -> str:
    return "角色：" + "；".join(f"{role}（{ROLE_NAMES[Role(role)]}）" for role in ROLES)


async def _new_account(work: Work, namespace: argparse.Namespace) -> NewAccount:
    refuse_combination(frozenset(map(Role, namespace.role)))
    _refuse_unknown_scope(namespace.jurisdiction, namespace.department)
    return NewAccount(
        name=namespace.name,
        roles=frozenset(map(Role, namespace.role)),
        jurisdictions=tuple(namespace.jurisdiction),
        department=namespace.department,
        enterprise_id=await _enterprise(work, namespace.enterprise_name, namespace.uscc),
        channel=namespace.channel,
        key_expires_at=namespace.expires,
        key_scopes=frozenset(map(KeyScope, namespace.scope or EVERY_SCOPE)),
    )


async def _enterprise(work: Work, name: str | None, uscc: str | None) -> UUID | None:
    """Return the enterprise of that code or name, registering it if need be; None if none is named."""
    if name is None and uscc is None:
        return None
    if not name:
        raise Invalid("请用 --enterprise-name 写明企业名称。", Fault("enterprise_name", "不能为空"))
    found = await find_enterprise(work.connection, name=name, uscc=uscc)
    return found or add_enterprise(work, name=name, uscc=uscc, now=utc_now())


def _refuse_unknown_scope(jurisdictions: Iterable[str], department: str | None) -> None:
    """Refuse codes that no policy knows: such an account could not sign in, or would see nothing."""
    packs = packaged().packs
    for code in jurisdictions:
        if code not in packs:
            raise Invalid(f"没有辖区「{code}」。", Fault("jurisdiction", f"应为以下之一：{'、'.join(packs)}"))
    known = departments_of(list(jurisdictions) or list(packs))
    if department is not None and department not in known:
        listed = "、".join(f"{code}（{name}）" for code, name in known.items())
        raise Invalid(f"没有部门「{department}」。", Fault("department", f"应为以下之一：{listed}"))


async def _accounts(office: Office) -> list[dict[str, Any]]:
    async with office.look() as work:
        return await all_accounts(work.connection)


def _refuse_unknown(account_id: UUID, rows: Iterable[Mapping[str, Any]]) -> None:
    if account_id not in {row["id"] for row in rows}:
        raise NotFound(f"没有账号 {account_id}，请用 account list 查看。")


def _line(row: Mapping[str, Any]) -> str:
    roles = "、".join(ROLE_NAMES[Role(role)] for role in row["roles"])
    scope = "；".join(str(row[name]) for name in SCOPES if row[name])
    return (
        f"{row['id']}  {row['name']}  {row['login'] or '—'}  {roles}  {scope}{'  已停用' if row['disabled_at'] else ''}"
    )
