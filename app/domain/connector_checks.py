"""What must be true of a connector beyond its shape, so that reading a message can fail only for the message."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from app.domain.connector_shape import Connector, ConnectorField, Outgoing, Reading
from app.domain.hotline_message import MessageKind
from app.domain.lifecycle import TRANSITIONS

OUTGOING_FACTS = ("external_number", "upstream_number", "number", "text", "occurred_at")

_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_NAME = re.compile("[a-z][a-z_]*")
_FORMAT = re.compile("(%[YmdHMS]|[^%])+")
_SAMPLE = datetime.fromisoformat("2026-11-23T17:45:00+00:00")
_OWED = {"external_number": Reading.LINE, "occurred_at": Reading.INSTANT}
_EVENTS = {row.announces for row in TRANSITIONS}


def connector_faults(connector: Connector) -> tuple[str, ...]:
    """Return what is wrong with a connector, each a Chinese sentence with what to do; empty when it can be used."""
    return (
        *_head_faults(connector),
        *(fault for field in connector.fields for fault in _field_faults(connector, field)),
        *(fault for kind in sorted(set(connector.kinds.codes.values())) for fault in _kind_faults(connector, kind)),
        *(_outgoing_faults(connector.outgoing) if connector.outgoing else ()),
    )


def _head_faults(connector: Connector) -> Iterator[str]:
    if not connector.kinds.codes:
        yield "kinds.codes 是空的，请至少写一种消息。"
    if connector.categories.default is None:
        yield "categories 没有 default，请写明对不上时归入哪一类。"
    if not _PATH.fullmatch(connector.kinds.path):
        yield "kinds.path 应为字母、数字、下划线，用点分层，请改正。"
    if not all(_is_format(form) for form in connector.formats):
        yield "formats 里有不能用的格式，请只用 %Y %m %d %H %M %S，并写全年月日时分。"


def _field_faults(connector: Connector, field: ConnectorField) -> Iterator[str]:
    where = f"字段 {field.name}"
    if not _NAME.fullmatch(field.name):
        yield f"{where} 的 name 应为小写字母和下划线，请改正。"
    if (field.path is None) == (field.constant is None):
        yield f"{where} 应在 path 和 constant 中写一个，请改正。"
    if field.path is not None and not _PATH.fullmatch(field.path):
        yield f"{where} 的 path 应为字母、数字、下划线，用点分层，请改正。"
    if field.table not in (connector.tables if field.reading is Reading.CODE else (None,)):
        yield f"{where} 按 code 读取时应在 table 写明 tables 里的一张对照表，否则不写 table，请改正。"
    if not set(field.required) <= set(field.kinds):
        yield f"{where} 的 required 应在 kinds 之内，请改正。"


def _kind_faults(connector: Connector, kind: MessageKind) -> Iterator[str]:
    fields = [field for field in connector.fields if kind in field.kinds]
    for name, count in Counter(field.name for field in fields).items():
        if count > 1:
            yield f"消息 {kind} 的字段 {name} 写了 {count} 次，请只留一次。"
    for name, reading in _OWED.items():
        if not any(f.name == name and f.reading is reading and kind in f.required and f.path for f in fields):
            yield f"消息 {kind} 缺少必填字段 {name}（reading 应为 {reading}），请补上。"
    if any(field.name == "sequence" and (field.reading is not Reading.WHOLE or field.constant) for field in fields):
        yield f"消息 {kind} 的字段 sequence 应按 whole 从报文读取，请改正。"


def _outgoing_faults(outgoing: Outgoing) -> Iterator[str]:
    if unknown := sorted(set(outgoing.events) - _EVENTS):
        yield f"outgoing.events 里没有这样的事件：{'、'.join(unknown)}，请核对事件名称。"
    if not {"external_number", "occurred_at"} <= set(outgoing.fields) <= set(OUTGOING_FACTS):
        yield f"outgoing.fields 应含 external_number 和 occurred_at，且只能是：{'、'.join(OUTGOING_FACTS)}，请改正。"
    paths = [outgoing.code_path, *outgoing.fields.values(), *outgoing.constants]
    if not all(_PATH.fullmatch(path) for path in paths) or _clash(paths):
        yield "outgoing 的路径应为字母、数字、下划线，用点分层，且互不重叠，请改正。"
    if not _is_format(outgoing.format):
        yield "outgoing.format 不能用，请只用 %Y %m %d %H %M %S，并写全年月日时分。"


def _clash(paths: list[str]) -> bool:
    """Whether one path is another, or lies above it."""
    pairs = ((one, other) for i, one in enumerate(paths) for j, other in enumerate(paths) if i != j)
    return any(f"{other}.".startswith(f"{one}.") for one, other in pairs)


def _is_format(form: str) -> bool:
    with suppress(ValueError):
        return bool(_FORMAT.fullmatch(form)) and datetime.strptime(f"{_SAMPLE:{form}} +0000", f"{form} %z") == _SAMPLE
    return False
