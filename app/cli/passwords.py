"""`bihuan account password`: a first password for a person, or another after it was lost."""

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from app.cli.arguments import Commands
from app.cli.offices import in_office
from app.domain.errors import Invalid, NotFound
from app.domain.roles import COMMAND_LINE
from app.services.logins import set_password
from app.services.office import Office
from app.services.passwords import Passwords
from app.storage.queries.accounts import all_accounts
from app.system_time import utc_now


def add_password_parser(acts: Commands) -> None:
    """Add the act to the acts on accounts."""
    parser = acts.add_parser("password", help="发放初始密码或重置密码；首次登录须修改")
    parser.add_argument("account", metavar="账号", help="账号编号、登录名，或唯一的名称")
    parser.add_argument("--login", metavar="登录名", help="首次设置时指定登录名")
    parser.add_argument("--without-second-factor", action="store_true", help="同时停用二次验证（设备遗失时）")
    parser.add_argument("--json", action="store_true", help="以JSON输出")
    parser.set_defaults(run=run_password)


def run_password(namespace: argparse.Namespace) -> int:
    """Set a password made by chance and print it, which nobody can read again."""

    async def act(office: Office) -> tuple[str, str]:
        async with office.work() as work:
            account_id = _named(namespace.account, await all_accounts(work.connection))["id"]
            return await set_password(
                work,
                Passwords(),
                account_id,
                login=namespace.login,
                actor=COMMAND_LINE,
                now=utc_now(),
                without_factor=namespace.without_second_factor,
            )

    login, password = in_office(act)
    if namespace.json:
        print(orjson.dumps({"login": login, "password": password}).decode())
    else:
        print(f"登录名：{login}\n初始密码：{password}\n密码只显示这一次，首次登录时须修改。")
    return 0


def _named(name: str, rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    found = [row for row in rows if name in (str(row["id"]), row["login"], row["name"])]
    if not found:
        raise NotFound(f"没有账号「{name}」，请用 account list 查看。")
    if len(found) > 1:
        raise Invalid(f"有{len(found)}个账号叫「{name}」，请改用账号编号。")
    return found[0]
