"""Text in tables: whatever a spreadsheet could take for a formula is marked as text, and nothing else is changed."""

import csv
import io

import pytest

from app.domain.table_text import cell_text, table_line
from tests.formulas import FORMULAS as ALL
from tests.formulas import LEFT_ALONE_IN_TEXT

FORMULAS = [text for text in ALL if text not in LEFT_ALONE_IN_TEXT]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text: str) -> None:
    assert cell_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "补贴", "a=b", "1-1", "2026-03-02", "“引文”", "  空白", "a@b.example", "100%"])
def test_other_text_is_left_alone(text: str) -> None:
    assert cell_text(text) == text


def test_a_number_may_be_negative() -> None:
    assert cell_text(-3) == "-3"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_comes_back_whole_whatever_is_in_it(text: str) -> None:
    (row,) = csv.reader(io.StringIO(table_line([cell_text(text), 'a"b', "c\r\nd"]), newline=""))
    assert row == [f"'{text}", 'a"b', "c\r\nd"]
