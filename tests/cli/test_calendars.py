"""`bihuan calendar show`."""

import json
from typing import Any

import pytest

from app.cli import main

Output = pytest.CaptureFixture[str]


def shown(year: int, output: Output) -> dict[str, Any]:
    assert main(["calendar", "show", str(year), "--json"]) == 0
    answer: dict[str, Any] = json.loads(output.readouterr().out)
    return answer


def test_a_published_year_has_its_notice_and_its_days(capsys: Output) -> None:
    year = shown(2026, capsys)
    assert (year["published"], year["working_days"]) == (True, 248)
    assert year["notice"]["number"] == "国办发明电〔2025〕7号"
    assert {"day": "2026-02-14", "weekday": "周六", "name": "春节"} in year["make_up_days"]
    assert {"day": "2026-10-01", "weekday": "周四", "name": "国庆节"} in year["days_off"]


def test_a_year_without_a_notice_is_called_a_projection_and_is_no_error(capsys: Output) -> None:
    assert main(["calendar", "show", "2027"]) == 0
    assert capsys.readouterr().out.startswith("2027年的放假通知尚未发布")
    assert shown(2027, capsys)["notice"] is None


def test_plain_text_names_the_notice_and_every_make_up_day(capsys: Output) -> None:
    assert main(["calendar", "show", "2026"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2026年：《国务院办公厅关于2026年部分节假日安排的通知》（国办发明电〔2025〕7号）"
    assert lines[lines.index("调休上班日：") + 1] == "  2026-01-04 周日 元旦"


@pytest.mark.parametrize("year", ["0", "1990", "2101", "99999"])
def test_a_year_that_the_calendar_does_not_hold_is_refused(year: str, capsys: Output) -> None:
    assert main(["calendar", "show", year]) == 2
    assert "2007-01-01至2100-12-31" in capsys.readouterr().err
