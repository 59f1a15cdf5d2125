"""Rows between the process that reads a table and the one that has asked for it: one line of JSON each."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final

import orjson

DONE: Final = "done"
REFUSED: Final = "refused"
_READERS: Mapping[str, Callable[[Any], object]] = MappingProxyType(
    {
        "datetime": datetime.fromisoformat,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
        "timedelta": lambda seconds: timedelta(seconds=seconds),
    }
)


def write_row(row: object) -> bytes:
    """Return one row as a line; what JSON has no words for is named by its kind."""
    try:
        return orjson.dumps(row, default=_named, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        # A broken byte of a text file is half a character, which the strict writer refuses.
        return json.dumps(row, default=_named).encode() + b"\n"


def read_row(line: bytes) -> Any:
    """Return the row of a line, or the object that ends them."""
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError:
        read = json.loads(line)
    return [_cell(value) for value in read] if isinstance(read, list) else read


def _cell(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    ((kind, written),) = value.items()
    return _READERS[kind](written)


def _named(value: object) -> dict[str, object]:
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    if isinstance(value, datetime | date | time):
        return {type(value).__name__: value.isoformat()}
    raise TypeError(type(value).__name__)
