"""Has a table read by another process, which is ended when it takes too long or says too much."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer
from typing import IO, Final

from app.gateways.sheet_lines import DONE, REFUSED, read_row
from app.gateways.sheet_refusal import BadSheet

Table = list[list[object]]

PROJECT: Final = Path(__file__).resolve().parents[2]
CHILD: Final = "app.gateways.sheet_child"
SECONDS: Final = 60.0
LONGEST_LINE: Final = 16 * 1024 * 1024
MOST_SAID: Final = 600 * 1024 * 1024
BROKEN: Final = "无法读取：内容过大或已损坏，请拆分，或另存为 .xlsx 后再导入。"


def read_in_child(path: Path, *, sheet: str | None, is_text: bool, most_rows: int, seconds: float = SECONDS) -> Table:
    """Return the rows of a table; raise `BadSheet` for what is none, and for what the child could not bear."""
    order = {"path": str(path.absolute()), "sheet": sheet, "is_text": is_text, "most_rows": most_rows}
    command = [sys.executable, "-m", CHILD, json.dumps(order)]
    # The settings of the service, its database among them, are none of its business.
    environment = {"PATH": os.defpath, "PYTHONPATH": str(PROJECT), "LANG": "C.UTF-8"}
    with subprocess.Popen(
        command, cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        timer = Timer(seconds, child.kill)
        timer.start()
        try:
            return _rows(child.stdout)
        finally:
            timer.cancel()
            child.kill()


def _rows(said: IO[bytes] | None) -> Table:
    rows: Table = []
    length = 0
    while said is not None and (line := said.readline(LONGEST_LINE)):
        length += len(line)
        if length > MOST_SAID or not line.endswith(b"\n"):
            break
        row = read_row(line)
        if isinstance(row, dict):
            return _ended(row, rows)
        rows.append(row)
    # It ended without a last word: killed, out of memory, or out of its time.
    raise BadSheet(BROKEN)


def _ended(last: dict[str, object], rows: Table) -> Table:
    if REFUSED in last:
        raise BadSheet(str(last[REFUSED]))
    if last.get(DONE) != len(rows):
        raise BadSheet(BROKEN)
    return rows
