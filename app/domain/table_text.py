"""Tables as text that a spreadsheet opens: nothing in them is taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable

# Some programs leave out what stands before: blanks, quotation marks, marks that cannot be seen.
_FORMULA = re.compile(r"[\s\"'“”‘’\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫|%]|[\t\r\n]")


def cell_text(value: object) -> str:
    """Return a value as a cell shows it; text that a spreadsheet would take for a formula gets an apostrophe."""
    if isinstance(value, bool):
        return "是" if value else "否"
    text = "" if value is None else str(value)
    # Only text is suspect: a number may well be negative.
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def table_line(cells: Iterable[str]) -> str:
    """Return one line of a table in CSV (RFC 4180)."""
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
