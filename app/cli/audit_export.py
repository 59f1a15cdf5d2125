"""`bihuan audit export`: records to take away, as lines that verify or as a workbook that reads."""

import argparse
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

from app.cli.arguments import Commands
from app.cli.offices import in_office
from app.domain.audit_record import KEY, RecordKind
from app.domain.errors import Invalid
from app.gateways.audit_file import write_records
from app.gateways.workbook_file import write_workbook
from app.services.audit_export import Wanted, export_records
from app.services.audit_tables import audit_sheets
from app.services.office import Office
from app.system_time import utc_now

LINES, WORKBOOK = ".jsonl", ".xlsx"


def add_export_parser(acts: Commands) -> None:
    """Add the act to `audit`."""
    parser = acts.add_parser("export", help="导出历史、管理操作、查阅记录和锚点，供纪检监察和审计离线核验")
    parser.add_argument("--since", metavar="日期", required=True, type=read_day, help="起，例如 2026-11-01")
    parser.add_argument("--until", metavar="日期", required=True, type=read_day, help="止，含当天")
    parser.add_argument("--jurisdiction", metavar="辖区", help="只导出一个辖区，含其下级")
    parser.add_argument("--appeal", metavar="编号", help="只导出一件诉求")
    parser.add_argument("file", metavar="文件", type=Path, help=".jsonl 可用 audit verify --file 核验；.xlsx 供阅读")
    parser.set_defaults(run=run_export)


def run_export(namespace: argparse.Namespace) -> int:
    """Write the file and say how much is in it."""
    if namespace.file.suffix not in (LINES, WORKBOOK):
        raise Invalid(f"文件{namespace.file.name}应以 {LINES} 或 {WORKBOOK} 结尾。")
    wanted = Wanted(namespace.since, namespace.until, namespace.jurisdiction, namespace.appeal)
    write = _write_lines if namespace.file.suffix == LINES else _write_tables
    count = in_office(write(namespace.file, wanted))
    print(f"已导出{count}条记录：{namespace.file}")
    if namespace.file.suffix == LINES:
        print(f"核验：./run bihuan audit verify --file {namespace.file} --public-key 另行保存的公钥.pem")
    return 0


def read_day(text: str) -> date:
    """Read a day such as 2026-11-22."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{text}」应写作2026-11-22") from None


def _write_lines(file: Path, wanted: Wanted) -> Callable[[Office], Awaitable[int]]:
    async def act(office: Office) -> int:
        records = export_records(office, wanted, now=utc_now())
        return await write_records(file, records, end=RecordKind.END, key=KEY)

    return act


def _write_tables(file: Path, wanted: Wanted) -> Callable[[Office], Awaitable[int]]:
    async def act(office: Office) -> int:
        records = [record async for record in export_records(office, wanted, now=utc_now())]
        write_workbook(file, audit_sheets(records))
        return len(records)

    return act
