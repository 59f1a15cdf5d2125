"""Ledger files: reads a table from a workbook or a CSV file."""

import os
from pathlib import Path

from app.domain.errors import Invalid
from app.gateways.sheet_process import Table, read_in_child
from app.gateways.sheet_refusal import BadSheet

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
TEXTS = frozenset({".csv", ".txt"})
LARGEST_FILE = 200 * 1024 * 1024
MOST_ROWS = 200_000
CELL_LENGTH = 32_767
"""Characters that a cell of a workbook holds."""


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
