"""A notice as a table of days: one row a day, under English or Chinese headings."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.notice_values import Values

_HEADINGS = {
    "day": "日期",
    "kind": "类型",
    "name": "名称",
    "number": "文号",
    "title": "标题",
    "issued_on": "发文日期",
    "url": "网址",
    "source": "来源",
    "year": "年份",
    "region": "辖区",
    "amends": "修改",
    "effective_at": "生效时间",
}
_COLUMNS = {heading: column for column, chinese in _HEADINGS.items() for heading in (column, chinese)}
_DAY_COLUMNS = "day", "kind", "name"
_NOTICE_COLUMNS = "number", "title", "issued_on", "url", "source"
_KINDS = {"off": "off", "放假": "off", "make_up": "make_up", "上班": "make_up"}
_FLAGS = {"": False, "false": False, "否": False, "true": True, "是": True}
_YEAR = re.compile(r"\d{4}", re.ASCII)
_MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]


def csv_data(text: str) -> dict[str, Any]:
    """Return the table as the plain data that `publication_of` reads; raise `Invalid` with every faulty line."""
    values = Values()
    rows = _rows(text, values)
    values.refuse_if_any()
    given = _given_once(rows, values)
    breaks = _breaks(rows, values)
    amends = _FLAGS.get(given.get("amends", "").lower())
    if amends is None:
        values.blame("amends", "修改一栏应为 true（是）或 false（否）")
    if not _YEAR.fullmatch(given.get("year", "")):
        values.blame("year", "应在第一行写明年份，例如 2027")
    values.refuse_if_any()
    return {
        "year": int(given["year"]),
        "region": given.get("region"),
        "amends": amends,
        "effective_at": given.get("effective_at"),
        "notice": {column: given[column] for column in _NOTICE_COLUMNS if column in given},
        "break": breaks,
    }


def _rows(text: str, values: Values) -> list[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = _columns(next(reader, []), values)
        return [
            row
            for cells in reader
            if any(map(str.strip, cells))
            for row in _row(reader.line_num, cells, columns, values)
        ]
    except csv.Error:
        values.blame(f"第{reader.line_num}行", "不是有效的CSV，请检查引号和逗号")
        return []


def _columns(headings: list[str], values: Values) -> list[str]:
    columns = [_COLUMNS.get(heading.strip().lower(), "") for heading in headings]
    for position, column in enumerate(columns, start=1):
        if not column:
            values.blame("第1行", f"第{position}列的表头不认识，只能是：{'、'.join(_HEADINGS.values())}")
        elif column in columns[: position - 1]:
            values.blame("第1行", f"表头「{_HEADINGS[column]}」重复，请删去一列")
    for column in (*_DAY_COLUMNS, "year", "title"):
        if column not in columns:
            values.blame("第1行", f"缺少表头「{_HEADINGS[column]}」（{column}），请补上这一列")
    return columns


def _row(line: int, cells: list[str], columns: list[str], values: Values) -> Iterator[_Row]:
    if len(cells) > len(columns):
        values.blame(f"第{line}行", f"多于表头的{len(columns)}列，请检查逗号是否多写")
    else:
        padded = cells + [""] * (len(columns) - len(cells))
        yield _Row(line, {column: cell.strip() for column, cell in zip(columns, padded, strict=True)})


def _given_once(rows: list[_Row], values: Values) -> dict[str, str]:
    """Return what the rows say of the notice: a cell may repeat what stands above it, and say nothing else."""
    given: dict[str, str] = {}
    for row in rows:
        for column, cell in row.cells.items():
            if cell and column not in _DAY_COLUMNS and given.setdefault(column, cell) != cell:
                values.blame(f"第{row.line}行", f"「{_HEADINGS[column]}」与前面各行不一致，只须在第一行填写")
    return given


def _breaks(rows: list[_Row], values: Values) -> list[dict[str, Any]]:
    if len(rows) > _MOST_ROWS:
        values.blame("文件", f"最多{_MOST_ROWS}行，请核对")
        return []
    breaks: dict[str, dict[str, Any]] = {}
    for row in rows:
        name, kind = row.cells["name"], _KINDS.get(row.cells["kind"].lower())
        if kind is None:
            values.blame(f"第{row.line}行", "类型只能是 off（放假）或 make_up（上班）")
        elif values.day(row.cells["day"], f"第{row.line}行日期") and _named(name, row.line, values):
            breaks.setdefault(name, {"name": name, "off": [], "make_up": []})[kind].append(row.cells["day"])
    return list(breaks.values())


def _named(name: str, line: int, values: Values) -> bool:
    if not name:
        values.blame(f"第{line}行", "名称必填，例如 元旦")
    return bool(name)
