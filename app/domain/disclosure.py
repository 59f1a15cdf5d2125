"""What of an announcement leaves the house: facts for those who may read the appeal, never who filed in confidence."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.roles import Actor, Role

FACTS: Final = ("number", "external_number", "jurisdiction", "status", "hold", "due_at")
"""What every announcement begins with."""
PUBLIC_KEYS: Final = frozenset(
    {
        "title", "category", "lead", "supports", "level", "gaps", "ground", "channel", "channel_name", "notice",
        "length", "clock", "old_due_at", "new_due_at", "due_at", "kind", "result_type", "round", "rework",
        "master", "milestone_on", "cause_name", "solved", "satisfied", "comment", "clocks",
        "purpose", "purpose_name", "office", "role_names",
    }
)  # fmt: skip
"""What the enterprise may read of an event beside the event itself."""


def disclosed(payload: Mapping[str, Any], *, hidden: bool, actor: Actor) -> dict[str, Any]:
    """Return what of an announcement is sent to somebody who can read the appeal.

    Whoever must not learn who filed gets only facts, for words that were written about an appeal may tell it. The
    number that a hotline gave leads to who called, so only hotlines are told it.
    """
    facts = {name: payload[name] for name in FACTS if name in payload}
    if hidden:
        return {**facts, "external_number": facts.get("external_number") if actor.has(Role.CONNECTOR) else None}
    return {**facts, **{name: value for name, value in payload.items() if name in PUBLIC_KEYS}}
