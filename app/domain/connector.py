"""Understanding another system's messages, and telling it in its own words what became of its matters."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.connector_json import read_body
from app.domain.connector_shape import Connector, Outgoing
from app.domain.connector_values import read_field, text_at
from app.domain.hotline_message import HotlineMessage, MessageKind, MessageUnclear

__all__ = ["Connector", "outgoing_message", "understand"]


def understand(connector: Connector, body: bytes) -> HotlineMessage:
    """Return what a message says; raise `MessageUnclear`, and nothing else, for what cannot be understood."""
    sent = read_body(body)
    kind = _kind(connector, sent)
    read = ((field.name, read_field(connector, field, kind, sent)) for field in connector.fields if kind in field.kinds)
    values = {name: value for name, value in read if value is not None}
    sequence = values.pop("sequence", None)
    return HotlineMessage(
        kind=kind,
        external_number=values.pop("external_number"),
        occurred_at=datetime.fromisoformat(values.pop("occurred_at")),
        sequence=None if sequence is None else int(sequence),
        values=values,
    )


def outgoing_message(connector: Connector, event: Mapping[str, Any]) -> dict[str, object] | None:
    """Return an event as the source wants it, None where it wants nothing of this type.

    `event` has `type`, `external_number` and `occurred_at` (aware, or ISO with an offset), and may have `number`,
    `upstream_number` and `text`; raise `MessageUnclear` when one of the first is missing or unusable.
    """
    outgoing = connector.outgoing
    code = outgoing.events.get(event["type"]) if outgoing else None
    if outgoing is None or code is None:
        return None
    told: dict[str, object] = {}
    for path, value in {**outgoing.constants, outgoing.code_path: code, **_facts(connector, outgoing, event)}.items():
        _put(told, path, value)
    return told


def _kind(connector: Connector, sent: Mapping[str, object]) -> MessageKind:
    kinds = connector.kinds
    code = text_at(sent, kinds.path, "消息类型")
    if code not in kinds.codes:
        raise MessageUnclear(f"「消息类型」（{kinds.path}）没有填写或不在对照表里，请核对代码，或请管理员补充对照表。")
    return kinds.codes[code]


def _facts(connector: Connector, outgoing: Outgoing, event: Mapping[str, Any]) -> dict[str, object]:
    if not event.get("external_number"):
        raise MessageUnclear("要回传的事项没有来源编号（external_number），请先补录来源编号。")
    facts = {**event, "occurred_at": _local(connector, outgoing, event.get("occurred_at"))}
    return {path: facts[name] for name, path in outgoing.fields.items() if facts.get(name)}


def _local(connector: Connector, outgoing: Outgoing, instant: object) -> str:
    try:
        moment = instant if isinstance(instant, datetime) else datetime.fromisoformat(str(instant))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise MessageUnclear("要回传的时间（occurred_at）缺失或没有时区，请改为带时区的时间。")
    return moment.astimezone(connector.time_zone).strftime(outgoing.format)


def _put(told: dict[str, Any], path: str, value: object) -> None:
    *above, last = path.split(".")
    for key in above:
        told = told.setdefault(key, {})
    told[last] = value
