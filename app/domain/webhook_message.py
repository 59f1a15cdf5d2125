"""What is sent to whoever has subscribed: one JSON object, the same bytes at every attempt."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.disclosure import disclosed
from app.domain.event_type import PING, VERSION
from app.domain.roles import Actor


def message_body(announcement: Mapping[str, Any], actor: Actor, *, hidden: bool) -> str:
    """Return what is sent of an announcement to a subscriber; `hidden`: it must not learn who filed."""
    data = disclosed(announcement["payload"], hidden=hidden, actor=actor)
    return _written(announcement["type"], announcement["created_at"], sequence=announcement["sequence"], data=data)


def ping_body(now: datetime) -> str:
    """Return what is sent to try out an address."""
    return _written(PING, now, sequence=0, data={})


def _written(type_: str, at: datetime, *, sequence: int, data: Mapping[str, Any]) -> str:
    message = {"type": type_, "version": VERSION, "timestamp": at.isoformat(), "sequence": sequence, "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), default=str)
