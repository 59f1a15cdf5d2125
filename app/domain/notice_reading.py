"""Notice files to publications: TOML, JSON, and CSV with one row a day."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from app.domain.errors import Fault, Invalid
from app.domain.notice_csv import csv_data
from app.domain.notice_data import publication_of
from app.domain.publication import Publication

_BYTE_ORDER_MARK = "\ufeff"
_LONGEST_TEXT = 200_000
_LINE = re.compile(r"line (?P<line>\d+)")


def read_publication(text: str, form: str) -> Publication:
    """Read one notice file; `form` is toml, json or csv. Raise `Invalid` with every fault and its field or line."""
    if form not in _FORMS:
        raise _unreadable(f"格式只能是 {'、'.join(_FORMS)}", field="form")
    if len(text) > _LONGEST_TEXT:
        raise _unreadable("文件过长，一份放假通知不会超过20万字，请核对")
    return publication_of(_FORMS[form](text.removeprefix(_BYTE_ORDER_MARK)))


def _toml_data(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = f"{_where(error)}不是有效的TOML，请检查该处的引号、括号和等号，以及是否重复定义"
        raise _unreadable(reason) from error


def _json_data(text: str) -> Mapping[str, Any]:
    try:
        data: Mapping[str, Any] = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        reason = f"{_where(error)}不是有效的JSON，请检查该处的引号、括号和逗号，以及是否重复定义"
        raise _unreadable(reason) from error
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return table


def _where(error: Exception) -> str:
    found = _LINE.search(str(error))
    return f"第{found['line']}行" if found else "文件"


def _unreadable(reason: str, field: str = "notice") -> Invalid:
    return Invalid(f"放假通知无法读取：{reason}。", Fault(field, reason))


_FORMS = {"toml": _toml_data, "json": _json_data, "csv": csv_data}
