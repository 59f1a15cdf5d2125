"""`bihuan import`: take over a ledger kept in a workbook or a CSV file."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from app.cli.arguments import Commands
from app.cli.offices import in_office
from app.domain.errors import Invalid
from app.gateways.ledger_file import read_table, refuse_unwritable
from app.gateways.workbook_file import write_workbook
from app.services.ledger import ImportReport, import_ledger
from app.services.ledger_map import read_map
from app.services.ledger_report import refusal_lines, report_sheets, summary_lines
from app.services.office import Office
from app.system_time import utc_now

INTERRUPTED = 130
ROWS_BETWEEN_WORDS = 100
REFUSALS_SHOWN = 20


def add_import_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    parser = subparsers.add_parser("import", help="导入历史台账（Excel 或 CSV）：逐行登记、交办、答复，并报告是否按期")
    parser.add_argument("file", metavar="文件", type=Path, help="台账：.xlsx 或 .csv")
    parser.add_argument("--jurisdiction", metavar="辖区", required=True, help="按哪个辖区的规则，例如 gedian")
    parser.add_argument("--columns", metavar="列映射", required=True, type=Path, help="例如 examples/letters.toml")
    parser.add_argument("--sheet", metavar="工作表", help="不写则取第一个")
    parser.add_argument("--report", metavar="报告", type=Path, help="逐行写明到期日、是否按期与拒收原因的 .xlsx")
    parser.add_argument("--dry-run", action="store_true", help="试运行：照样检查与计算，但不写入任何数据")
    parser.add_argument("--quiet", action="store_true", help="不显示进度")
    parser.set_defaults(run=run_import)


def run_import(namespace: argparse.Namespace) -> int:
    """Import a ledger, print the totals and what was refused; return 0, or 130 after an interruption."""
    if namespace.report is not None:
        refuse_unwritable(namespace.report, ledger=namespace.file)
    try:
        report = _import(namespace)
    except KeyboardInterrupt:
        print("已中断：已导入的行都是完整的，再次运行本命令会跳过它们、继续导入其余各行。", file=sys.stderr)
        return INTERRUPTED
    if namespace.report is not None:
        write_workbook(namespace.report, report_sheets(report))
    _tell(report, namespace.report)
    return 0


def _import(namespace: argparse.Namespace) -> ImportReport:
    ledger_map = read_map(_map_text(namespace.columns), file_name=namespace.columns.name)
    table = read_table(namespace.file, sheet=namespace.sheet)

    async def act(office: Office) -> ImportReport:
        return await import_ledger(
            office,
            table,
            ledger_map,
            jurisdiction=namespace.jurisdiction,
            now=utc_now(),
            dry_run=namespace.dry_run,
            tell=_progress(quiet=namespace.quiet),
        )

    return in_office(act)


def _map_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"列映射文件{path}不是 UTF-8 编码，请另存为 UTF-8。") from None
    except OSError as error:
        raise Invalid(f"列映射文件{path}无法读取，请核对路径与权限。") from error


def _progress(*, quiet: bool) -> Callable[[int, int], None]:
    """Return what says how far the import is: nothing where nobody watches."""
    if quiet or not sys.stderr.isatty():
        return lambda _done, _total: None
    return _say_progress


def _say_progress(done: int, total: int) -> None:
    if done % ROWS_BETWEEN_WORDS == 0 or done == total:
        print(f"\r已处理{done}/{total}行", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _tell(report: ImportReport, written_to: Path | None) -> None:
    for name, value in summary_lines(report):
        print(f"{name}：{value}")
    refusals = refusal_lines(report)
    # With a report file every refusal is in it; without one the terminal is the only place that can name them all.
    shown = refusals[:REFUSALS_SHOWN] if written_to else refusals
    for row_number, heading, reason in shown:
        print(_printable(f"第{row_number}行 {heading}：{reason}"))
    if len(shown) < len(refusals):
        print(f"另有{len(refusals) - len(shown)}条拒收原因，见报告的「拒收」表。")
    if written_to:
        print(f"报告：{written_to}")


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
