"""Writes a workbook of tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from app.domain.errors import Invalid
from app.gateways.ledger_file import CELL_LENGTH

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
