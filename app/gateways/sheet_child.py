"""The process that reads a table for us: it may use little, and may break without breaking anything else.

`python -m app.gateways.sheet_child ORDER` with an order in JSON writes one line of JSON a row, at last their number.
"""

import json
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from app.gateways.sheet_archive import refuse_bad_archive
from app.gateways.sheet_lines import DONE, REFUSED, write_row
from app.gateways.sheet_refusal import BadSheet
from app.gateways.sheet_text import text_rows

MEMORY_BYTES: Final = 1024 * 1024 * 1024
CPU_SECONDS: Final = 45
OPEN_FILES: Final = 32
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_WORKBOOK: Final = ".xls"


def limit_ourselves() -> None:
    """Give up what reading does not need: memory, time, files, writing."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def rows_of(path: Path, *, sheet: str | None, is_text: bool, most_rows: int) -> Iterator[list[object]]:
    """Yield the rows of a table; raise `BadSheet` for what is none, or too many."""
    with path.open("rb") as file:
        start = file.read(len(_OLE))
    if is_text:
        if start.startswith((_ZIP, _OLE)):
            raise BadSheet("其实是工作簿，请把扩展名改为 .xlsx 后再导入。")
        return text_rows(path)
    _refuse_start(start, path.suffix.lower())
    if start.startswith(_ZIP):
        refuse_bad_archive(path)
    return _workbook_rows(path, sheet, most_rows)


def _refuse_start(start: bytes, suffix: str) -> None:
    if start.startswith(_OLE) and suffix != OLD_WORKBOOK:
        raise BadSheet("无法作为工作簿读取：文件已加密或是旧格式，请先取消密码，再另存为 .xlsx。")
    if not start.startswith((_ZIP, _OLE)):
        raise BadSheet("无法作为工作簿读取，内容与扩展名不符，请另存为 .xlsx。")


def _workbook_rows(path: Path, sheet: str | None, most_rows: int) -> Iterator[list[object]]:
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            yield from _sheet_rows(workbook, sheet, most_rows)
    except (CalamineError, OSError) as error:
        raise BadSheet("无法作为工作簿读取；如有密码请先取消，或另存为 .xlsx。") from error


def _sheet_rows(workbook: CalamineWorkbook, sheet: str | None, most_rows: int) -> Iterator[list[object]]:
    if sheet is not None and sheet not in workbook.sheet_names:
        present = "、".join(workbook.sheet_names)
        raise BadSheet(f"没有工作表「{sheet}」，文件中有：{present}。请核对 --sheet。")
    chosen = workbook.get_sheet_by_index(0) if sheet is None else workbook.get_sheet_by_name(sheet)
    if chosen.total_height > most_rows:
        raise BadSheet(f"有{chosen.total_height}行，一次最多导入{most_rows}行，请拆分后分次导入。")
    yield from map(list, chosen.to_python(skip_empty_area=False))


def main(order: dict[str, Any]) -> None:
    """Write the rows that are ordered, or why there are none."""
    path, most_rows, count = Path(order["path"]), order["most_rows"], 0
    write = sys.stdout.buffer.write
    try:
        for row in rows_of(path, sheet=order["sheet"], is_text=order["is_text"], most_rows=most_rows):
            count += 1
            if count > most_rows:
                raise BadSheet(f"超过{most_rows}行，一次最多导入{most_rows}行，请拆分后分次导入。")
            write(write_row(row))
        write(write_row({DONE: count}))
    except BadSheet as refusal:
        write(write_row({REFUSED: str(refusal)}))
    except (MemoryError, RecursionError):
        write(write_row({REFUSED: "内容过大，无法读取，请拆分后分次导入。"}))


if __name__ == "__main__":
    # Whoever waits for us decides about Ctrl-C.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_ourselves()
    main(json.loads(sys.argv[1]))
    sys.stdout.flush()
