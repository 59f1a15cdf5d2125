"""The digest that chains one event of an appeal's history to the one before.

Payload and reason may hold personal data that must be deletable one day, so they enter the digest as a digest of
themselves: once they are erased the chain still holds.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

WORDS: Final = ("payload", "reason")
ERASED: Final[Mapping[str, object]] = {"payload": {"erased": True}, "reason": ""}
"""What stands in the place of words that were erased."""
_FACTS = ("appeal_id", "sequence", "action", "actor_id", "actor_name", "actor_roles", "from_status", "to_status", "at")
CHAINED: Final = (*_FACTS, "announces", "recorded_at", "words_digest")
CHAINED_FORMERLY: Final = (*_FACTS, *WORDS)
"""What was digested of an event before words could be erased."""


def event_digest(previous: str, event: Mapping[str, Any]) -> str:
    """Return the digest that an event must carry after the one before; an event without `words_digest` is older."""
    names = CHAINED_FORMERLY if event.get("words_digest") is None else CHAINED
    return chain_digest(previous, {name: event[name] for name in names})


def words_digest(event: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hexadecimal) over payload and reason."""
    return hashlib.sha256(canonical({name: event[name] for name in WORDS}).encode()).hexdigest()


def chain_digest(previous: str, content: Mapping[str, object]) -> str:
    """Return the SHA-256 (hexadecimal) over the previous digest and the canonical JSON of the content."""
    return hashlib.sha256(f"{previous}\n{canonical(content)}".encode()).hexdigest()


def canonical(content: Mapping[str, object]) -> str:
    """Return the one spelling of what is digested: sorted keys, no spaces, instants in UTC."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_written)


def plain(payload: Mapping[str, object]) -> dict[str, Any]:
    """Return the payload as JSON holds it, so that what is digested is what will be read back."""
    read_back: dict[str, Any] = json.loads(json.dumps(payload, ensure_ascii=False, default=_written))
    return read_back


def _written(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
