"""Reads the column map of a ledger, and finds its headings in the file."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.appeal import RESULT_TYPES, AppealKind, Outcome
from app.domain.errors import Fault, Invalid
from app.domain.ledger import FIELD_NAMES, REQUIRED, Header, LedgerMap, one_line, written
from app.domain.policy import Level

HEADER_WITHIN = 10
"""Rows from the top among which the header is looked for: ledgers carry a title above it."""
TABLES = ("columns", "defaults", "dates")
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


def read_map(text: str, *, file_name: str) -> LedgerMap:
    """Read a column map written in TOML; raise `Invalid` with every fault: file, key, what, mend."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"列映射文件{file_name}不是有效的TOML（{error}），请按所示位置改正。") from error
    faults: list[Fault] = [*_unknown("", data, TABLES)]
    tables = {name: _table(data, name, faults) for name in TABLES}
    columns = _columns(tables["columns"], faults)
    defaults = {name: _default(name, value, faults) for name, value in tables["defaults"].items()}
    if "category" not in defaults and "category" not in columns:
        faults.append(Fault("[defaults].category", '没有诉求类别，请填写类别编码，例如 category = "22"'))
    zone = _zone(tables["dates"], faults)
    if faults:
        raise Invalid(f"列映射文件{file_name}有{len(faults)}处问题，请改正后重试。", *faults)
    return LedgerMap(columns=columns, zone=zone, **{"category": "", **defaults})


def _table(data: Mapping[str, Any], name: str, faults: list[Fault]) -> Mapping[str, Any]:
    table = data.get(name, {})
    if isinstance(table, dict):
        return table
    faults.append(Fault(f"[{name}]", f"应为表，请写作 [{name}] 一行，其下逐行写 键 = 值"))
    return {}


def _unknown(table: str, given: Iterable[str], known: Sequence[str]) -> Iterable[Fault]:
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            meant = f"应为「{near[0]}」" if near else f"可用的有：{'、'.join(known)}"
            yield Fault(f"{table}.{name}" if table else f"[{name}]", f"没有这个键，{meant}")


def _columns(table: Mapping[str, Any], faults: list[Fault]) -> dict[str, tuple[str, ...]]:
    faults += _unknown("[columns]", table, tuple(FIELD_NAMES))
    faults += [
        Fault(f"[columns].{name}", f"缺少「{label}」对应的列名")
        for name, label in REQUIRED.items()
        if name not in table
    ]
    if ("reply" in table) != ("replied_at" in table):
        faults.append(Fault("[columns].replied_at", "reply 与 replied_at 须同时给出，或都不给出"))
    headers = {name: [value] if isinstance(value, str) else value for name, value in table.items()}
    for name, value in headers.items():
        if not _are_words(value):
            faults.append(Fault(f"[columns].{name}", '应为列名，或列名的数组，例如 ["标题", "主题"]'))
    return {name: tuple(map(one_line, value)) for name, value in headers.items() if _are_words(value)}


def _are_words(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one.strip() for one in value)


def _default(name: str, value: Any, faults: list[Fault]) -> Any:
    if name not in _DEFAULTS:
        faults += _unknown("[defaults]", [name], tuple(_DEFAULTS))
        return None
    read, mend = _DEFAULTS[name]
    try:
        return read(value)
    except ValueError:
        faults.append(Fault(f"[defaults].{name}", f"「{value}」不可用，{mend}"))
        return None


def _code(value: object) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise ValueError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _result_type(value: object) -> Outcome:
    return Outcome(RESULT_TYPES[RESULT_TYPES.index(Outcome(str(value)))])


_A_CODE = "应为字母、数字、_ . : - 组成的字符串，须加引号"
_DEFAULTS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "category": (_code, _A_CODE),
    "channel": (_code, _A_CODE),
    "kind": (AppealKind, f"应为以下之一：{'、'.join(AppealKind)}"),
    "level": (Level, f"应为以下之一：{'、'.join(Level)}"),
    "result_type": (_result_type, f"应为以下之一：{'、'.join(RESULT_TYPES)}"),
    "petition": (_flag, "应为 true 或 false"),
    "confidential": (_flag, "应为 true 或 false"),
}


def _zone(table: Mapping[str, Any], faults: list[Fault]) -> ZoneInfo:
    faults += _unknown("[dates]", table, ("timezone",))
    name = table.get("timezone", "Asia/Shanghai")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        faults.append(Fault("[dates].timezone", f'没有时区「{name}」，请写作 "Asia/Shanghai"'))
        return ZoneInfo("Asia/Shanghai")


def find_header(rows: Sequence[Sequence[object]], ledger_map: LedgerMap) -> Header:
    """Find the header among the first rows; raise `Invalid` naming what is missing and the headings that there are."""
    heads = [tuple(one_line(written(cell)) for cell in row) for row in rows[:HEADER_WITHIN]] or [()]
    found = [Header(place, _places(head, ledger_map)) for place, head in enumerate(heads)]
    best = max(found, key=lambda header: len(header.columns))
    faults = [*_missing(best, ledger_map), *_twice(best, heads[best.place])]
    if faults:
        present = "、".join(heading for heading in heads[best.place] if heading) or "（空）"
        raise Invalid(f"台账的表头与列映射不符，请改列映射或表头。台账现有的列：{present}。", *faults)
    return best


def _places(head: Sequence[str], ledger_map: LedgerMap) -> dict[str, tuple[int, str]]:
    named = {name: [one for one in headings if one in head] for name, headings in ledger_map.columns.items()}
    return {name: (head.index(present[0]), present[0]) for name, present in named.items() if present}


def _missing(header: Header, ledger_map: LedgerMap) -> list[Fault]:
    return [
        Fault(FIELD_NAMES[name], f"没有名为{'或'.join(f'「{one}」' for one in headings)}的列")
        for name, headings in ledger_map.columns.items()
        if name not in header.columns
    ]


def _twice(header: Header, head: Sequence[str]) -> list[Fault]:
    used = dict.fromkeys(heading for _, heading in header.columns.values())
    return [Fault(heading, "有两列同名，请改名或删去一列") for heading in used if head.count(heading) > 1]
