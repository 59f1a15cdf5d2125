"""What a schema found wrong, in Chinese and without repeating the input."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from app.domain.errors import Fault

SOURCES: Final = frozenset({"body", "query", "path", "header"})
UNNAMED: Final = "（未知字段）"
DEEPEST_NAME: Final = 6
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}|[0-9]{1,3}")

SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "必填",
    "extra_forbidden": lambda _: "没有这个字段，请删去",
    "string_type": lambda _: "应为文字",
    "string_too_short": lambda context: f"至少{context['min_length']}个字",
    "string_too_long": lambda context: f"最多{context['max_length']}个字",
    "string_pattern_mismatch": lambda _: "格式不正确",
    "string_unicode": lambda _: "含有无法识别的字符",
    "bool_type": lambda _: "应为 true 或 false",
    "bool_parsing": lambda _: "应为 true 或 false",
    "int_type": lambda _: "应为整数",
    "int_parsing": lambda _: "应为整数",
    "enum": lambda context: f"应为下列之一：{_listed(context['expected'])}",
    "literal_error": lambda context: f"应为下列之一：{_listed(context['expected'])}",
    "too_long": lambda context: f"最多{context['max_length']}项",
    "too_short": lambda context: f"至少{context['min_length']}项",
    "list_type": lambda _: "应为列表",
    "greater_than_equal": lambda context: f"不能小于{context['ge']}",
    "less_than_equal": lambda context: f"不能大于{context['le']}",
    "uuid_parsing": lambda _: "不是有效的编号",
    "uuid_type": lambda _: "不是有效的编号",
    "timezone_aware": lambda _: "时间须带时区，例如 2026-11-22T10:00:00+08:00",
    "value_error": lambda context: str(context.get("error", "内容不正确")),
    "model_attributes_type": lambda _: "应为 JSON 对象",
    "dict_type": lambda _: "应为 JSON 对象",
}


def fault_of(error: Mapping[str, Any]) -> Fault:
    """Return one finding of a schema as a fault."""
    sentence = SENTENCES.get(error["type"], _unreadable)
    return Fault(field_name(error["loc"]), sentence(error.get("ctx") or {}))


def field_name(place: tuple[object, ...]) -> str:
    """Name a field by its place; a part that looks like no name of ours is not repeated."""
    parts = [str(part) for part in place if part not in SOURCES]
    return ".".join(part if _NAME.fullmatch(part) else UNNAMED for part in parts[:DEEPEST_NAME]) or "body"


def _unreadable(_context: Mapping[str, Any]) -> str:
    return "格式不正确"


def _listed(expected: str) -> str:
    """Write the library's English list of choices as a Chinese one."""
    return expected.replace(" or ", "、").replace(", ", "、").replace("'", "")
