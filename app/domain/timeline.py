"""The digest that chains one event of an appeal's history to the one before."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def chain_digest(previous: str, content: Mapping[str, object]) -> str:
    """Return the SHA-256 (hexadecimal) over the previous digest and the canonical JSON of the event's content."""
    return hashlib.sha256(f"{previous}\n{canonical(content)}".encode()).hexdigest()


def canonical(content: Mapping[str, object]) -> str:
    """Return the one spelling of an event's content that is digested: sorted keys, no spaces, instants in UTC."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_written)


def plain(payload: Mapping[str, object]) -> dict[str, Any]:
    """Return the payload as JSON holds it, so that what is digested is what will be read back."""
    read_back: dict[str, Any] = json.loads(json.dumps(payload, ensure_ascii=False, default=_written))
    return read_back


def _written(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
