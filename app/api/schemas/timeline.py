"""The history of one appeal."""

from collections.abc import Sequence
from typing import Any

from app.api.schemas.base import Instant, Output, example
from app.domain.appeal import Appeal, AppealStatus
from app.domain.confidence import is_hidden
from app.domain.disclosure import PUBLIC_KEYS
from app.domain.roles import DEPARTMENT_ROLES, OFFICE_ROLES, Actor
from app.domain.unmasking import UNMASK

EVENT_EXAMPLE = {
    "sequence": 2,
    "action": "assign",
    "announces": "appeal.assigned",
    "actor_name": "区优化办派单员",
    "actor_roles": "dispatcher",
    "from_status": "received",
    "to_status": "assigned",
    "at": "2026-11-16T02:00:00Z",
    "recorded_at": "2026-11-16T02:00:00Z",
    "reason": "",
    "payload": {"lead": "economy", "supports": []},
    "digest": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
}


INTERNAL = "（仅办公室可见）"
BY_FILER = frozenset({"file", "supply", "withdraw", "rate", "reopen"})
ABOUT_PAPERS = frozenset({"attach", "detach", "quarantine"})
PUBLIC_REASONS = frozenset(
    {
        "request_supplement", "refuse", "redirect", "terminate", "withdraw", "merge", "regrade", "suspend", "shelve",
        "grant_extension", "rework", "reopen", "answer_petition", "recount", UNMASK,
    }
)  # fmt: skip
"""Decisions whose reason is owed to the enterprise."""
OFFICE_ONLY = frozenset({UNMASK})
"""Acts whose reason is nothing to a department."""


class EventOut(Output):
    """One line of the history."""

    sequence: int
    action: str
    announces: str
    actor_name: str
    actor_roles: str
    from_status: AppealStatus | None
    to_status: AppealStatus
    at: Instant
    recorded_at: Instant
    reason: str
    payload: dict[str, Any]
    digest: str


class TimelineOut(Output):
    """The history of one appeal; each digest covers the one before."""

    model_config = example(items=[EVENT_EXAMPLE])

    items: list[EventOut]


def timeline_out(events: Sequence[dict[str, Any]], appeal: Appeal, *, actor: Actor) -> TimelineOut:
    """Return the history as its reader may see it; what it says has been redacted before.

    Departments do not learn who filed a confidential appeal; outside the offices internal notes stay inside.
    """
    shown = list(events)
    if is_hidden(appeal, actor):
        shown = [_without_filer(one) for one in shown]
    if actor.has(*DEPARTMENT_ROLES):
        shown = [{**one, "reason": INTERNAL} if one["action"] in OFFICE_ONLY else one for one in shown]
    if not actor.has(*DEPARTMENT_ROLES, *OFFICE_ROLES):
        shown = [_public(one) for one in shown]
    return TimelineOut.model_validate({"items": shown})


def _without_filer(event: dict[str, Any]) -> dict[str, Any]:
    """Leave out who filed, and who brought or took papers if it was no department."""
    about_papers = event["action"] in ABOUT_PAPERS and DEPARTMENT_ROLES.isdisjoint(event["actor_roles"].split(","))
    if event["action"] in BY_FILER or about_papers:
        return {**event, "actor_name": INTERNAL}
    return event


def _public(event: dict[str, Any]) -> dict[str, Any]:
    payload = {key: value for key, value in event["payload"].items() if key in PUBLIC_KEYS}
    return {**event, "payload": payload, "reason": event["reason"] if event["action"] in PUBLIC_REASONS else ""}
