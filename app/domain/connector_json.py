"""The body of a message from outside: JSON that could be anything, made harmless or refused."""

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, NoReturn

from app.domain.hotline_message import MessageUnclear

LARGEST_BODY = 262_144
"""Bytes; a long letter has a tenth of that."""
DEEPEST = 16

_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_STEPS = {"{": 1, "[": 1, "}": -1, "]": -1}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def read_body(body: bytes) -> dict[str, object]:
    """Return the JSON object with every number as its text; raise `MessageUnclear` for anything else."""
    if len(body) > LARGEST_BODY:
        raise MessageUnclear(f"报文超过 {LARGEST_BODY // 1024} KB，请缩短内容，附件请另行上传。")
    text = _decoded(body)
    if max(accumulate((_STEPS.get(mark, 0) for mark in _STRING.sub("", text)), initial=0)) > DEEPEST:
        raise MessageUnclear(f"报文嵌套超过 {DEEPEST} 层，请减少层次。")
    found = _parsed(text)
    if not isinstance(found, dict):
        raise MessageUnclear("报文应为一个 JSON 对象，请用花括号把各字段括起来。")
    if any(_FORBIDDEN.search(part) for part in _texts(found)):
        raise MessageUnclear("报文的文字里含有控制字符或残缺字符，请去掉后重发。")
    return found


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise MessageUnclear("报文不是 UTF-8 编码的文本，请改用 UTF-8 编码。") from None


def _parsed(text: str) -> object:
    """Numbers stay as written: an order number of thirty digits is no number."""
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_refuse_constant
        )
    except ValueError:
        raise MessageUnclear("报文不是合法的 JSON，请检查引号、逗号和括号是否配对。") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise MessageUnclear("报文里同一层有重名的字段，请只保留一个。")
    return found


def _refuse_constant(_: str) -> NoReturn:
    raise MessageUnclear("报文里含有 NaN 或无穷大，请改为普通数字或留空。")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
