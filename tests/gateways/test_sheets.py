"""Tables read in a child: what is honest arrives as it is, what is not costs a second and little memory."""

import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from app.domain.errors import Invalid
from app.gateways import sheet_archive, sheet_child, sheet_process
from app.gateways.ledger_file import MOST_ROWS, read_table
from app.gateways.sheet_lines import read_row, write_row
from app.gateways.sheet_process import read_in_child
from app.gateways.sheet_refusal import BadSheet
from tests.gateways import bombs

SECONDS = 1.0
MEMORY = 100 * 1024 * 1024


WATCHED = """
import resource, runpy, sys
try:
    runpy.run_module("app.gateways.sheet_child", run_name="__main__")
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(used.ru_utime + used.ru_stime, peak.split()[1], file=sys.stderr)
"""


def cost_of_refusing(path: Path) -> tuple[dict[str, Any], float, int]:
    """Read a file in a child; return its last word, its CPU seconds and its greatest memory in bytes."""
    order = {"path": str(path), "sheet": None, "is_text": path.suffix == ".csv", "most_rows": MOST_ROWS}
    child = subprocess.run(
        [sys.executable, "-c", WATCHED, json.dumps(order)],
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(sheet_process.PROJECT)},
    )
    last = json.loads((child.stdout.splitlines() or [b"{}"])[-1])
    if child.returncode == -signal.SIGABRT:
        # The reader has asked for more memory than there may be; it got none of it, and ended.
        return {}, 0, 0
    seconds, kilobytes = child.stderr.split()[-2:]
    return (last if isinstance(last, dict) else {}), float(seconds), int(kilobytes) * 1024


@pytest.mark.parametrize("bomb", bombs.BOMBS, ids=lambda bomb: str(bomb.__name__))
def test_a_bomb_is_refused_quickly_and_in_little_memory(tmp_path: Path, bomb: Callable[[Path], Path]) -> None:
    path = bomb(tmp_path / "bomb.xlsx")
    last, seconds, memory = cost_of_refusing(path)
    assert "done" not in last
    assert seconds < SECONDS, last
    assert memory < MEMORY, last
    with pytest.raises(Invalid) as refusal:
        read_table(path)
    assert refusal.value.message.startswith(f"文件{path.name}")


def test_without_the_look_blanks_take_time_and_the_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bombs.shared_strings(tmp_path / "bomb.xlsx")
    monkeypatch.setattr(sheet_archive, "MOST_STRINGS", 10**9)
    monkeypatch.setattr(sheet_archive, "SUSPECT_RATIO", 10**9)
    sheet_archive.refuse_bad_archive(path)
    monkeypatch.undo()
    with pytest.raises(BadSheet):
        sheet_archive.refuse_bad_archive(path)


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"a,b\n" * 150_000)
    started = time.monotonic()
    with pytest.raises(BadSheet, match="无法读取"):
        read_in_child(path, sheet=None, is_text=True, most_rows=MOST_ROWS, seconds=0.02)
    assert time.monotonic() - started < 5


def test_a_child_that_says_too_much_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_process, "MOST_SAID", 100)
    path = tmp_path / "much.csv"
    path.write_bytes(b"aaaaaaaaaa,bbbbbbbbbb\n" * 100)
    with pytest.raises(BadSheet, match="无法读取"):
        read_table_in_child(path)


def read_table_in_child(path: Path) -> list[list[object]]:
    return read_in_child(path, sheet=None, is_text=True, most_rows=MOST_ROWS)


def test_a_child_limits_itself() -> None:
    code = (
        "import resource; from app.gateways.sheet_child import limit_ourselves; limit_ourselves(); "
        "print(resource.getrlimit(resource.RLIMIT_AS)[1], resource.getrlimit(resource.RLIMIT_FSIZE)[1]); "
        "bytearray(3 * 1024**3)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=sheet_process.PROJECT, capture_output=True, text=True)
    assert done.stdout.split() == [str(sheet_child.MEMORY_BYTES), "0"]
    assert "MemoryError" in done.stderr
    assert resource.getrlimit(resource.RLIMIT_AS)[1] != sheet_child.MEMORY_BYTES


def test_a_child_knows_nothing_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_DATABASE_URL", "postgresql://secret")
    seen: dict[str, Any] = {}
    started = subprocess.Popen

    class Watched(started[bytes]):
        def __init__(self, *args: Any, **named: Any) -> None:
            seen.update(named)
            super().__init__(*args, **named)

    monkeypatch.setattr(sheet_process.subprocess, "Popen", Watched)
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    assert read_table(path) == [["a", "b"]]
    assert not any(name.startswith("BIHUAN") for name in seen["env"])


# What is honest ------------------------------------------------------------------------------------------------------

CELLS: list[object] = [
    "文字", "", 1.5, -3.0, True, datetime.fromisoformat("2024-09-27T10:15"), "=1+1", "a\nb", "\U0001f3ed",
]  # fmt: skip


def test_a_workbook_arrives_as_the_library_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "honest.xlsx"
    options = {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        sheet = workbook.add_worksheet("表")
        for number in range(50):
            sheet.write_row(number + 2, 1, CELLS)
    direct = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert read_table(path) == direct
    assert read_table(path)[2][1:] == CELLS


@pytest.mark.parametrize(
    "cell",
    [
        *CELLS,
        date(2024, 9, 27),
        time_of_day(10, 15, 3),
        timedelta(hours=30, seconds=1),
        datetime.fromisoformat("2024-09-27T10:15:03.000999"),
        "half \udcff a character",
        10**15,
    ],
)
def test_every_kind_of_cell_comes_through_a_line(cell: object) -> None:
    line = write_row([cell, None])
    assert line.count(b"\n") == 1
    read = read_row(line)
    assert read == [cell, None]
    assert type(read[0]) is type(cell)


def test_macros_are_not_looked_at(tmp_path: Path) -> None:
    path = bombs.pack(tmp_path / "macro.xlsm", **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub AutoOpen()"})
    assert read_table(path) == [["a"]]


def test_a_ledger_of_ordinary_size_is_read_in_ordinary_time(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number in range(2_000):
            sheet.write_row(number, 0, [number, f"企业{number}", f"标题{number}", f"内容{number}" * 40, "2024-09-27"])
    started = time.monotonic()
    assert len(read_table(path)) == 2_000
    assert time.monotonic() - started < 10
