"""Workbooks that are written: no cell of them is run, and every cell reads back as it was."""

import re
import zipfile
from pathlib import Path

import pytest

from app.gateways import ledger_file, workbook_file
from app.gateways.workbook_file import Sheet, write_workbook
from app.services.ledger_report import ROW_HEADINGS
from tests.formulas import FORMULAS

WIDTH = len(ROW_HEADINGS)
UNSAFE = re.compile(r"<f[ >]|<hyperlinks?[ >]|externalLink|ddeLink")


def markup(path: Path) -> str:
    """Return every part of a workbook that a spreadsheet acts on."""
    with zipfile.ZipFile(path) as parts:
        names = [name for name in parts.namelist() if name.endswith(".xml") and "sharedStrings" not in name]
        return "".join(parts.read(name).decode() for name in names if "workbook.xml" not in name)


def written(path: Path) -> list[list[object]]:
    """Write every formula into every column of a report; return the rows."""
    rows: list[list[str]] = [[text] * WIDTH for text in FORMULAS]
    write_workbook(path, [Sheet("明细", ROW_HEADINGS, rows, {})])
    return [list(ROW_HEADINGS), *(list(row) for row in rows)]


def test_no_cell_in_any_column_is_a_formula_or_a_link_and_all_read_back(tmp_path: Path) -> None:
    rows = written(tmp_path / "report.xlsx")
    assert UNSAFE.search(markup(tmp_path / "report.xlsx")) is None
    read = ledger_file.read_table(tmp_path / "report.xlsx")
    # A workbook itself keeps no carriage return: its XML reads it as a line feed.
    assert [[str(cell).replace("\r", "\n") for cell in row] for row in rows] == [
        [str(cell).replace("\r", "\n") for cell in row] for row in read
    ]


def test_with_the_librarys_own_settings_there_would_be_formulas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_file, "SAFE", {})
    written(tmp_path / "report.xlsx")
    assert UNSAFE.search(markup(tmp_path / "report.xlsx")) is not None


def test_one_place_writes_workbooks() -> None:
    sources = Path(ledger_file.__file__).parents[1].rglob("*.py")
    assert [path.name for path in sources if "import xlsxwriter" in path.read_text()] == ["workbook_file.py"]
