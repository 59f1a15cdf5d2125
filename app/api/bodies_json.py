"""JSON bodies read strictly before anything else reads them.

What two readers of JSON may take differently is refused here, once for every operation: the framework's own reader
takes NaN, halves of characters, other encodings and the last of two equal names.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import orjson

from app.api.faults import field_name
from app.domain.errors import Fault, Invalid
from app.domain.readable import is_readable, is_readable_line

DEEPEST: Final = 16
"""Levels of lists and objects in each other; the deepest body of ours has four."""
LARGEST_INTEGER: Final = 2**53 - 1
"""Beyond it a number is not the same number to every reader."""

Place = tuple[object, ...]


class BadJson(Exception):
    """A body that is no JSON, or that does not mean the same to every reader: `code` and a Chinese sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


def refuse_bad_json(body: bytes) -> None:
    """Raise `BadJson` for what is not strict JSON, `Invalid` by field for values that no field can take."""
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadJson("malformed-json", "请求内容不是有效的 JSON（须为 UTF-8 编码，不带 BOM，不含 NaN）。") from None
    faults = [fault for place, value in _leaves(read) if (fault := _fault(place, value))]
    if faults:
        raise Invalid("请按下列说明改正后重新提交。", *faults[:20])
    json.loads(body, object_pairs_hook=_refuse_repeated)


def _leaves(read: Any) -> Iterator[tuple[Place, object]]:
    """Yield every value that holds no other with its place, level by level, so that depth costs no stack."""
    level: list[tuple[Place, Any]] = [((), read)]
    for _ in range(DEEPEST):
        deeper: list[tuple[Place, Any]] = []
        for place, value in level:
            if isinstance(value, dict):
                _refuse_bad_names(value)
                deeper.extend(((*place, name), one) for name, one in value.items())
            elif isinstance(value, list):
                deeper.extend(((*place, number), one) for number, one in enumerate(value))
            else:
                yield place, value
        level = deeper
    if any(isinstance(value, dict | list) for _, value in level):
        raise BadJson("too-deep-json", f"请求内容的嵌套超过{DEEPEST}层，请按接口文档的结构提交。")
    yield from level


def _refuse_bad_names(read: dict[str, object]) -> None:
    if not all(map(is_readable_line, read)):
        raise BadJson("unreadable-name", "请求内容的字段名含有控制字符，请按接口文档填写字段名。")


def _fault(place: Place, value: object) -> Fault | None:
    if isinstance(value, str):
        return None if is_readable(value) else Fault(field_name(place), "含有不可用的控制字符")
    if isinstance(value, int | float) and abs(value) > LARGEST_INTEGER:
        return Fault(field_name(place), f"数值超出范围，绝对值不能大于{LARGEST_INTEGER}")
    return None


def _refuse_repeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise BadJson("repeated-name", "请求内容中同一个字段出现了两次，请只保留一个。")
    return read
