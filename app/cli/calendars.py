"""`bihuan calendar`: the working days of a year, and how a new notice comes into force."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from app.cli.arguments import Commands, read_id
from app.cli.calendar_texts import plain_publication, plain_status, plain_totals, plain_year
from app.cli.chosen_calendar import add_region, chosen_calendar
from app.cli.offices import in_office
from app.domain.calendar_year import year_of
from app.domain.errors import Invalid
from app.domain.notice import Publication, read_publication
from app.domain.roles import COMMAND_LINE, Actor
from app.services import calendars
from app.services.accounts import actor_of
from app.services.calendar_previews import Preview, moves_as_csv, previewing
from app.services.calendar_status import calendar_status
from app.services.office import Office, Work
from app.storage.queries.accounts import all_accounts
from app.system_time import utc_now

FORMS = {".toml": "toml", ".json": "json", ".csv": "csv"}


def add_calendar_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    acts = subparsers.add_parser("calendar", help="工作日历").add_subparsers(metavar="动作", required=True)
    showing = acts.add_parser("show", help="一年的放假日、调休上班日和工作日数")
    showing.add_argument("year", metavar="年份", type=int)
    showing.add_argument("--json", action="store_true", help="以JSON输出")
    add_region(showing)
    showing.set_defaults(run=run_show)
    status = acts.add_parser("status", help="各辖区现行日历，以及多少时限在等哪一年的放假通知")
    status.add_argument("--json", action="store_true", help="以JSON输出")
    status.set_defaults(run=run_status)
    publishing = acts.add_parser("publish", help="提交一份放假通知（TOML、JSON或CSV），并预览哪些时限将变动")
    publishing.add_argument("file", metavar="文件", type=Path)
    _add_person(publishing, "提交人")
    publishing.set_defaults(run=run_publish)
    previewing_ = acts.add_parser("preview", help="预览一份已提交的通知，可导出全部将变动的时限")
    _add_publication(previewing_)
    previewing_.add_argument("--csv", metavar="文件", type=Path, help="把清单导出为表格")
    _add_person(previewing_, "查看人")
    previewing_.set_defaults(run=run_preview)
    approving = acts.add_parser("approve", help="由另一人批准：新日历生效，所有未停止的时限一并重算")
    _add_publication(approving)
    _add_person(approving, "批准人")
    approving.set_defaults(run=run_approve)
    withdrawing = acts.add_parser("withdraw", help="撤回尚未启用的通知")
    _add_publication(withdrawing)
    withdrawing.add_argument("--reason", metavar="理由", required=True)
    _add_person(withdrawing, "撤回人")
    withdrawing.set_defaults(run=run_withdraw)


def run_show(namespace: argparse.Namespace) -> int:
    """Print one year; a year without a notice is shown as the projection that it is."""
    year = year_of(namespace.year, chosen_calendar(namespace.region))
    print(orjson.dumps(year).decode() if namespace.json else "\n".join(plain_year(year)))
    return 0


def run_status(namespace: argparse.Namespace) -> int:
    """Print what is in force where, and how many open clocks wait for which year."""

    async def act(office: Office) -> dict[str, Any]:
        async with office.look() as work:
            return await calendar_status(work)

    status = in_office(act)
    print(orjson.dumps(status).decode() if namespace.json else "\n".join(plain_status(status)))
    return 0


def run_publish(namespace: argparse.Namespace) -> int:
    """Put a notice forward and print what it would move; nothing changes until somebody else approves."""
    publication, now = _read(namespace.file), utc_now()

    async def act(office: Office) -> Iterator[str]:
        async with office.work() as work:
            actor = await _person(work, namespace.by)
            row = await calendars.propose(work, publication, actor=actor, now=now)
        async with office.look() as work, previewing(work, row["id"], actor=actor, now=now) as preview:
            return plain_publication(row, preview.shown_totals)

    print("\n".join(in_office(act)))
    return 0


def run_preview(namespace: argparse.Namespace) -> int:
    """Print what a notice would move; write the whole list into a file if asked."""

    async def act(office: Office) -> Iterator[str]:
        async with office.look() as work:
            actor = await _person(work, namespace.by)
            async with previewing(work, namespace.publication, actor=actor, now=utc_now()) as preview:
                if namespace.csv:
                    await _export(namespace.csv, preview, actor)
                return plain_publication(preview.row, preview.shown_totals)

    print("\n".join(in_office(act)))
    return 0


def run_approve(namespace: argparse.Namespace) -> int:
    """Approve as a second person and print what was moved."""

    async def act(office: Office) -> dict[str, Any]:
        async with office.work() as work:
            actor = await _person(work, namespace.by)
            return await calendars.approve(work, namespace.publication, actor=actor, now=utc_now())

    row = in_office(act)
    print("\n".join(plain_totals(row)))
    return 0


def run_withdraw(namespace: argparse.Namespace) -> int:
    """Withdraw a notice that is not in force yet."""

    async def act(office: Office) -> None:
        async with office.work() as work:
            actor = await _person(work, namespace.by)
            await calendars.withdraw(work, namespace.publication, reason=namespace.reason, actor=actor, now=utc_now())

    in_office(act)
    print("已撤回，现行日历不变。")
    return 0


async def _export(file: Path, preview: Preview, actor: Actor) -> None:
    try:
        with file.open("w", encoding="utf-8", newline="") as table:
            async for line in moves_as_csv(preview, actor=actor):
                table.write(line)
    except OSError as error:
        raise Invalid(f"文件{file}无法写入，请核对路径与权限。") from error


def _add_publication(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("publication", metavar="通知编号", type=read_id)


def _add_person(parser: argparse.ArgumentParser, who: str) -> None:
    parser.add_argument("--by", metavar="账号", required=True, help=f"{who}：账号的名称或编号，记入记录")


def _read(file: Path) -> Publication:
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise Invalid(f"文件{file}的格式无法识别，应为 .toml、.json 或 .csv。")
    try:
        return read_publication(file.read_text(encoding="utf-8-sig"), form)
    except UnicodeDecodeError:
        raise Invalid(f"文件{file}不是UTF-8编码的文本，请另存为UTF-8后重试。") from None
    except OSError as error:
        raise Invalid(f"文件{file}无法读取，请核对路径与权限。") from error


async def _person(work: Work, named: str) -> Actor:
    found = [row for row in await all_accounts(work.connection) if named in (row["name"], str(row["id"]))]
    active = [row for row in found if row["disabled_at"] is None]
    if len(active) != 1:
        raise Invalid(
            "没有这个账号。查看全部账号：./run bihuan account list"
            if not active
            else "有多个同名账号，请改用账号编号。查看：./run bihuan account list"
        )
    actor = actor_of(active[0])
    # Whoever runs the command names anybody: the record must not say that it was the person's own credential.
    return replace(actor, name=f"{actor.name}（{COMMAND_LINE.name}）")
