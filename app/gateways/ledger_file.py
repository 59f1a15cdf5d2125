"""Ledger files: reads a table from a workbook or a CSV file, writes a workbook of tables."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from app.domain.errors import Invalid
from app.gateways.sheet_process import Table, read_in_child
from app.gateways.sheet_refusal import BadSheet

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
TEXTS = frozenset({".csv", ".txt"})
LARGEST_FILE = 200 * 1024 * 1024
MOST_ROWS = 200_000
CELL_LENGTH = 32_767
"""Characters that a cell of a workbook holds."""
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What comes from a ledger stays text: a cell that begins with = must never be run by whoever opens the report."""

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to write: headings, rows, and the width of each column in characters."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell | None]]
    widths: Mapping[int, int]


def read_table(path: Path, *, sheet: str | None = None) -> Table:
    """Return every row of the first or the named sheet, the row at place n being the file's row n + 1.

    Cells are text, numbers, dates or empty. Raise `Invalid` for a file that is missing, too large or not a table.
    """
    _refuse_size(path)
    suffix = path.suffix.lower()
    if suffix not in WORKBOOKS | TEXTS:
        known = "、".join(sorted(WORKBOOKS | TEXTS))
        raise Invalid(f"文件{path.name}不是台账：只能读取{known}，请另存为 .xlsx 或 .csv。")
    if sheet is not None and suffix in TEXTS:
        raise Invalid("CSV 文件没有工作表，请去掉 --sheet。")
    try:
        return read_in_child(path, sheet=sheet, is_text=suffix in TEXTS, most_rows=MOST_ROWS)
    except BadSheet as refusal:
        raise Invalid(f"文件{path.name}{refusal}") from refusal


def _refuse_size(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as error:
        raise Invalid(f"文件{path}无法读取，请核对路径与权限。") from error
    if size > LARGEST_FILE:
        raise Invalid(f"文件{path.name}有{size // 1024**2}MB，最大{LARGEST_FILE // 1024**2}MB，请拆分后分次导入。")


def refuse_unwritable(path: Path, *, ledger: Path) -> None:
    """Refuse a report that could not be written, or that would overwrite the ledger, before any work is done."""
    if path.suffix.lower() != ".xlsx":
        raise Invalid(f"报告{path.name}应以 .xlsx 结尾，请核对 --report。")
    if path.exists() and ledger.exists() and path.samefile(ledger):
        raise Invalid("报告不能覆盖台账本身，请在 --report 换一个文件名。")
    target = path if path.exists() else path.parent
    if path.is_dir() or not os.access(target, os.W_OK):
        raise Invalid(f"报告无法写到{path}，请核对路径与权限。")


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a workbook: bold frozen headings, a filter on every column, and no cell that is run as a formula."""
    try:
        with xlsxwriter.Workbook(str(path), SAFE) as workbook:
            bold = workbook.add_format({"bold": True, "bg_color": "#DDE6F0"})
            for sheet in sheets:
                _write_sheet(workbook.add_worksheet(sheet.name), sheet, bold)
    except (xlsxwriter.exceptions.XlsxWriterException, OSError) as error:
        raise Invalid(f"报告无法写到{path}（{error}），请核对路径与磁盘空间。") from error


def _write_sheet(worksheet: Any, sheet: Sheet, bold: object) -> None:
    worksheet.write_row(0, 0, sheet.headings, bold)
    for place, row in enumerate(sheet.rows, start=1):
        worksheet.write_row(place, 0, [_safe(cell) for cell in row])
    worksheet.freeze_panes(1, 0)
    worksheet.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)
    for column, width in sheet.widths.items():
        worksheet.set_column(column, column, width)


def _safe(cell: Cell | None) -> Cell | None:
    """Return what a workbook can hold: a lone surrogate becomes a question mark, a text too long is cut."""
    return cell.encode("utf-8", "replace").decode()[:CELL_LENGTH] if isinstance(cell, str) else cell
