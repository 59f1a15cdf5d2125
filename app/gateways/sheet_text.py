"""Tables in text, row by row: commas or tabs, in the encoding that fits best."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from app.gateways.sheet_refusal import BadSheet

ENCODINGS: Final = ("utf-8-sig", "gb18030")
LONGEST_CELL: Final = 1_000_000
LONGEST_LINE: Final = 2_000_000
"""Characters; a quotation that is never closed would make one cell of the whole file, commas alone one row."""
CHUNK: Final = 1024 * 1024
_LONE = re.compile("[\ud800-\udfff]")


def text_rows(path: Path) -> Iterator[list[object]]:
    """Yield the rows of a CSV file; a broken byte spoils its own row, as a lone surrogate in it."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=_encoding(path), errors="surrogateescape", newline="") as file:
        first = file.readline(LONGEST_LINE)
        file.seek(0)
        delimiter = "\t" if first.count("\t") > first.count(",") else ","
        try:
            for row in csv.reader(_lines(file), delimiter=delimiter):
                yield list(row)
        except csv.Error as error:
            raise BadSheet(f"不是有效的CSV（{error}），请另存为 .xlsx 后再导入。") from error


def _lines(file: IO[str]) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise BadSheet(f"有一行超过{LONGEST_LINE}字，不是有效的CSV，请另存为 .xlsx 后再导入。")
        yield line


def _encoding(path: Path) -> str:
    """Return the encoding that fits best."""
    with path.open("rb") as file:
        if file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
            return ENCODINGS[0]
    broken: dict[str, int] = {}
    for encoding in ENCODINGS:
        broken[encoding] = _broken(path, encoding)
        if not broken[encoding]:
            break
    return min(broken, key=lambda encoding: broken[encoding])


def _broken(path: Path, encoding: str) -> int:
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        return sum(len(_LONE.findall(text)) for text in iter(lambda: file.read(CHUNK), ""))
