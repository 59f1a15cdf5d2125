"""What a policy pack may hold: its sections, their keys, and what each key accepts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.domain.clock_kind import STATUTORY_CLOCKS
from app.domain.commitment import Basis
from app.domain.document import Mark, Standing
from app.domain.errors import Invalid
from app.domain.limit import HOW_TO_WRITE, Limit
from app.domain.track import TrackStart

SWITCHES = ("deemed_receipt", "close_of_business")
WINDOWS = ("return", "reopen")
REPLACEABLE = (
    "department",
    "category",
    "refusal",
    "termination",
    "redirect_channel",
    "suspension_cause",
    "defect",
    "rung",
    "target",
)
"""Sections that a child may state afresh instead of adding to its parent's (`replaces`)."""

_PERCENTAGE = re.compile(r"(?P<percent>\d{1,3}(?:\.\d{1,2})?)%", re.ASCII)


@dataclass(frozen=True, slots=True)
class Accepts:
    """What a key accepts: the test, and the sentence that says what to write instead."""

    test: Callable[[object], bool]
    mend: str


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_list(value: object, test: Callable[[object], bool]) -> bool:
    return isinstance(value, list) and all(test(one) for one in value)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_limit(value: object) -> bool:
    try:
        Limit.parse(str(value))
    except Invalid:
        return False
    return isinstance(value, str)


def _is_percentage(value: object) -> bool:
    match = _PERCENTAGE.fullmatch(value) if isinstance(value, str) else None
    return match is not None and float(match["percent"]) <= 100


def _matches(pattern: str, mend: str) -> Accepts:
    written = re.compile(pattern, re.ASCII)
    return Accepts(lambda value: isinstance(value, str) and written.fullmatch(value) is not None, mend)


def _one_of(choices: type[StrEnum]) -> Accepts:
    names = tuple(choices)
    return Accepts(lambda value: value in names, f"请改为 {'、'.join(names)} 之一")


TEXT = Accepts(_is_text, "请填写带引号的文字，不能为空")
TEXTS = Accepts(lambda value: _is_list(value, _is_text), '请填写文字列表，如 ["…", "…"]')
FLAG = Accepts(lambda value: isinstance(value, bool), "请填写 true 或 false")
COUNT = Accepts(_is_count, "请填写不带引号的整数，如 1")
COUNTS = Accepts(lambda value: _is_list(value, _is_count), "请填写整数列表，如 [2, 1]")
DAY = Accepts(_is_day, "请填写不带引号的日期，如 2025-05-21")
LIMIT = Accepts(_is_limit, HOW_TO_WRITE)
PERCENTAGE = Accepts(_is_percentage, "请填写 0% 至 100% 之间的百分数，如 98%")
CODE = _matches(r"[a-z][a-z0-9_]{0,39}", "请用小写字母开头的字母、数字和下划线")
PREFIX = _matches(r"[A-Z]{2}", "请填写两个大写字母，如 GD")
VERSION = _matches(r"\d{4}\.\d{1,3}", "请填写年份和序号，如 2025.1")
CATEGORY_CODE = _matches(r"0[1-9]|1\d|2[0-2]", "请填写 01 至 22 之间的两位数字")
CATEGORY_CODES = Accepts(lambda value: _is_list(value, CATEGORY_CODE.test), '请填写诉求类别编码的列表，如 ["03"]')
STATUTORY = Accepts(lambda value: value in STATUTORY_CLOCKS, f"请改为 {'、'.join(STATUTORY_CLOCKS)} 之一")
INDICATOR = _matches(r"K\d{2}[a-z]?", "请填写指标编号，如 K01 或 K10a")
RUNG_NUMBER = Accepts(lambda value: _is_count(value) and value in range(10), "请填写 0 至 9 之间的整数")
SWITCH_LIST = Accepts(lambda value: _is_list(value, SWITCHES.__contains__), f"只能列出 {'、'.join(SWITCHES)}")
REPLACED = Accepts(lambda value: _is_list(value, REPLACEABLE.__contains__), f"只能列出 {'、'.join(REPLACEABLE)}")
CLAUSE = Accepts(lambda value: isinstance(value, dict), "请填写 clause（document、item、words、mark）")


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of one kind of table; `key` names the one that tells entries apart (none: a single table).

    `needs_words`: its clause must cite words even when nothing is demanded.
    """

    label: str
    required: Mapping[str, Accepts]
    optional: Mapping[str, Accepts] = field(default_factory=dict)
    key: str = ""
    needs_words: bool = False

    def accepts(self, name: str) -> Accepts | None:
        """Return what the key accepts; none for a key that the table does not have."""
        return self.required.get(name) or self.optional.get(name)


CLAUSE_SHAPE = Shape(
    "条款",
    required={"document": TEXT, "mark": _one_of(Mark)},
    optional={"item": TEXT, "words": TEXT, "note": TEXT},
)

POLICY_SHAPE = Shape(
    "规则包",
    required={"jurisdiction": CODE, "name": TEXT, "version": VERSION, "effective_on": DAY, "prefix": PREFIX},
    optional={"parent": CODE, "switches": SWITCH_LIST, "replaces": REPLACED},
)

LIMIT_SHAPE = Shape(
    "时限", required={"limit": LIMIT, "clause": CLAUSE}, optional={"reminders": COUNTS}, needs_words=True
)
EXTENSION_SHAPE = Shape("延期", required={"limit": LIMIT, "times": COUNT, "clause": CLAUSE}, needs_words=True)
WINDOW_SHAPE = Shape("期间", required={}, optional=dict.fromkeys(WINDOWS, LIMIT))


def _list_of_reasons(label: str) -> Shape:
    return Shape(label, required={"code": CODE, "name": TEXT}, optional={"channel": TEXT, "clause": CLAUSE}, key="code")


ENTRY_SHAPES: dict[str, Shape] = {
    "document": Shape(
        "文件",
        required={"id": CODE, "title": TEXT, "issuer": TEXT, "standing": _one_of(Standing)},
        optional={"number": TEXT, "date": DAY, "note": TEXT},
        key="id",
    ),
    "department": Shape("承办单位", required={"code": CODE, "name": TEXT}, optional={"dispatches": FLAG}, key="code"),
    "category": Shape(
        "诉求类别",
        required={"code": CATEGORY_CODE, "name": TEXT, "examples": TEXT, "lead": TEXT, "clause": CLAUSE},
        optional={"supports": TEXTS, "transfer": FLAG, "confidential": FLAG},
        key="code",
    ),
    "refusal": _list_of_reasons("不予受理情形"),
    "termination": _list_of_reasons("终止情形"),
    "redirect_channel": _list_of_reasons("其他渠道"),
    "suspension_cause": _list_of_reasons("暂停事由"),
    "defect": _list_of_reasons("退回情形"),
    "rung": Shape(
        "督办阶梯",
        required={
            "number": RUNG_NUMBER,
            "name": TEXT,
            "trigger": TEXT,
            "act": TEXT,
            "decided_by": TEXT,
            "clause": CLAUSE,
        },
        key="number",
        needs_words=True,
    ),
    "target": Shape(
        "指标",
        required={"indicator": INDICATOR, "name": TEXT, "value": PERCENTAGE, "clause": CLAUSE},
        key="indicator",
        needs_words=True,
    ),
    "track": Shape(
        "法定期限类别", required={"code": CODE, "name": TEXT}, optional={"categories": CATEGORY_CODES}, key="code"
    ),
    "track_limit": Shape(
        "法定期限",
        required={
            "code": CODE,
            "track": CODE,
            "clock": STATUTORY,
            "starts": _one_of(TrackStart),
            "limit": LIMIT,
            "clause": CLAUSE,
        },
        key="code",
    ),
    "commitment": Shape(
        "承诺",
        required={
            "code": CODE,
            "name": TEXT,
            "limit": LIMIT,
            "starts": TEXT,
            "ends": TEXT,
            "basis": _one_of(Basis),
            "clause": CLAUSE,
        },
        optional={"excludes": TEXT},
        key="code",
        needs_words=True,
    ),
}
"""The sections that are lists of entries, written `[[section]]`."""

TABLES = ("policy", "window", "limit", "extension")
SECTIONS = (*TABLES, *ENTRY_SHAPES)
