"""Reading one field of a message: every refusal names our field and the source's path, never the value."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from app.domain.connector_shape import CodeTable, Connector, ConnectorField, Reading
from app.domain.hotline_message import MessageKind, MessageUnclear

FIRST_YEAR, LAST_YEAR = 2007, 2100

_WHOLE = re.compile("[0-9]{1,18}")


def read_field(
    connector: Connector, field: ConnectorField, kind: MessageKind, sent: Mapping[str, object]
) -> str | None:
    """Return the field in our words, None where it is absent; raise `MessageUnclear` where it should not be."""
    if field.constant is not None:
        return field.constant
    text = text_at(sent, field.path or "", field.label)
    if text:
        _refuse_long(field, text)
        return _READERS[field.reading](connector, field, text)
    if field.reading is Reading.CATEGORY and kind is MessageKind.CASE:
        return connector.categories.default
    if kind in field.required:
        raise _unclear(field, "没有填写，请补上后重发")
    return None


def text_at(sent: Mapping[str, object], path: str, label: str) -> str:
    """Return the trimmed text at a dotted path, empty where there is none; raise `MessageUnclear` for a list."""
    found: object = sent
    for key in path.split("."):
        if found is not None and not isinstance(found, Mapping):
            raise MessageUnclear(f"「{label}」（{path}）的上一级应为对象，请按约定的层次发送。")
        found = None if found is None else found.get(key)
    if isinstance(found, bool):
        return str(found).lower()
    if found is not None and not isinstance(found, str):
        raise MessageUnclear(f"「{label}」（{path}）应为文字或数字，请不要发送列表或对象。")
    return (found or "").strip()


def _line(_: Connector, field: ConnectorField, text: str) -> str:
    if len(text.splitlines()) > 1:
        raise _unclear(field, "应为一行文字，请去掉换行")
    return text


def _lines(_: Connector, __: ConnectorField, text: str) -> str:
    return text


def _instant(connector: Connector, field: ConnectorField, text: str) -> str:
    moment = _moment(connector, text)
    if moment is None:
        raise _unclear(field, "的时间格式不在约定之内，请按约定的格式发送")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _unclear(field, f"的年份应在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间，请核对")
    return moment.isoformat()


def _moment(connector: Connector, text: str) -> datetime | None:
    """A time that names its offset is taken as it is; any other must be just what a format writes.

    The parser alone would accept lost digits and put the rest in the wrong places.
    """
    with suppress(ValueError):
        if (moment := datetime.fromisoformat(text)).tzinfo:
            return moment
    for form in connector.formats:
        with suppress(ValueError):
            moment = datetime.strptime(text, form).replace(tzinfo=connector.time_zone)
            if moment.strftime(form) == text:
                return moment
    return None


def _whole(_: Connector, field: ConnectorField, text: str) -> str:
    if not _WHOLE.fullmatch(text):
        raise _unclear(field, "应为不超过 18 位的非负整数，请改正")
    return str(int(text))


def _code(connector: Connector, field: ConnectorField, text: str) -> str:
    return _translated(connector.tables[field.table or ""], field, text)


def _category(connector: Connector, field: ConnectorField, text: str) -> str:
    return _translated(connector.categories, field, text)


def _translated(table: CodeTable, field: ConnectorField, text: str) -> str:
    ours = table.ours(text)
    if ours is None:
        raise _unclear(field, "的代码不在对照表里，请核对代码，或请管理员补充对照表")
    return ours


def _refuse_long(field: ConnectorField, text: str) -> None:
    if len(text) > field.longest:
        raise _unclear(field, f"超过 {field.longest} 个字，请缩短")


def _unclear(field: ConnectorField, what: str) -> MessageUnclear:
    return MessageUnclear(f"「{field.label}」（{field.path}）{what}。")


_READERS: Mapping[Reading, Callable[[Connector, ConnectorField, str], str]] = {
    Reading.LINE: _line,
    Reading.LINES: _lines,
    Reading.INSTANT: _instant,
    Reading.WHOLE: _whole,
    Reading.CODE: _code,
    Reading.CATEGORY: _category,
}
