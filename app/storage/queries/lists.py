"""Lists: keyset pages without counting, from an allow-list of filters and orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.roles import OFFICE_ROLES, Actor, Role

_COLUMNS = """a.id, a.number, a.jurisdiction, a.title, a.kind, a.category, a.channel, a.external_number, a.status,
    a.hold, a.level, a.round, a.outcome, a.lead_department, a.received_at, a.due_at, a.due_day,
    a.provisional, a.overdue, a.supervised, a.confidential, a.petition, a.closed_at, a.version"""

FILTERS = {
    "status": "a.status = :status",
    "category": "a.category = :category",
    "level": "a.level = :level",
    "lead_department": "a.lead_department = :lead_department",
    "channel": "a.channel = :channel",
    "external_number": "a.external_number = :external_number",
    "due_before": "a.status <> 'closed' AND a.due_at <= :due_before",
    "late_at": "a.status IN ('received', 'assigned') AND a.hold = 'none' "
    "AND NOT a.provisional AND a.due_at <= :late_at",
}
ORDERS = {
    "-received_at": ("a.received_at", "<", "DESC", ""),
    "received_at": ("a.received_at", ">", "ASC", ""),
    "due_at": ("a.due_at", ">", "ASC", "a.status <> 'closed' AND a.due_at IS NOT NULL"),
}
QUEUE_FILTERS = {
    "unsigned": "s.signed_at IS NULL",
    "handling": "s.signed_at IS NOT NULL AND s.finished_at IS NULL AND a.status = 'assigned'",
    "resolved": "a.status IN ('resolved', 'reviewed')",
    "return_pending": "s.return_requested_at IS NOT NULL",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page to read: at most `limit` rows after the position of `after` (sort value, id)."""

    limit: int
    after: tuple[datetime, UUID] | None = None


async def list_appeals(
    connection: AsyncConnection, actor: Actor, *, filters: Mapping[str, object], order: str, page: Page
) -> list[dict[str, Any]]:
    """Return one page of the appeals within the actor's reach; one row more than asked tells that more follow."""
    column, sign, direction, only = ORDERS[order]
    reach, parameters = _reach(actor)
    conditions = [reach, *([only] if only else []), *(FILTERS[name] for name in filters)]
    if page.after is not None:
        conditions.append(f"({column}, a.id) {sign} (:after_at, :after_id)")
        parameters |= {"after_at": page.after[0], "after_id": page.after[1]}
    statement = text(
        f"SELECT {_COLUMNS} FROM appeal a WHERE {' AND '.join(conditions)} "
        f"ORDER BY {column} {direction}, a.id {direction} LIMIT :limit"
    )
    rows = await connection.execute(statement, {**parameters, **filters, "limit": page.limit + 1})
    return [dict(row) for row in rows.mappings()]


async def list_assignments(
    connection: AsyncConnection,
    *,
    department: str,
    state: str | None,
    due: tuple[datetime | None, datetime | None],
    running: bool | None,
    page: Page,
) -> list[dict[str, Any]]:
    """Return one page of a department's queue: due after the first and until the second instant, first due first.

    `running` tells apart what the department now owes from what is held or under review.
    """
    conditions = ["s.department = :department", "s.ended_at IS NULL"]
    parameters: dict[str, object] = {"department": department, "limit": page.limit + 1}
    bounds = {"s.due_at > :due_after": ("due_after", due[0]), "s.due_at <= :due_until": ("due_until", due[1])}
    for condition, (name, value) in bounds.items():
        if value is not None:
            conditions.append(condition)
            parameters[name] = value
    if running is not None:
        conditions.append(f"{'' if running else 'NOT '}(a.status = 'assigned' AND a.hold = 'none')")
    if state is not None:
        conditions.append(QUEUE_FILTERS[state])
    if page.after is not None:
        conditions.append("(s.due_at, s.id) > (:after_at, :after_id)")
        parameters |= {"after_at": page.after[0], "after_id": page.after[1]}
    statement = text(
        "SELECT s.id AS assignment_id, s.department, s.part, s.assigned_at, s.due_at AS assignment_due_at, "
        "s.signed_at, s.signed_late, s.contacted_at, s.return_requested_at, s.finished_at, s.designated, "
        f"{_COLUMNS} FROM assignment s JOIN appeal a ON a.id = s.appeal_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY s.due_at, s.id LIMIT :limit"
    )
    return [dict(row) for row in (await connection.execute(statement, parameters)).mappings()]


def _reach(actor: Actor) -> tuple[str, dict[str, object]]:
    """Return the one branch of the scope that the actor's widest role has, so that an index can serve it."""
    if actor.has(*OFFICE_ROLES) and len(actor.jurisdictions) == 1:
        return "a.jurisdiction = :jurisdiction", {"jurisdiction": next(iter(actor.jurisdictions))}
    if actor.has(*OFFICE_ROLES):
        return "a.jurisdiction = ANY(:jurisdictions)", {"jurisdictions": sorted(actor.jurisdictions)}
    if actor.has(Role.ENTERPRISE) and actor.enterprise_id is not None:
        return "a.enterprise_id = :enterprise", {"enterprise": actor.enterprise_id}
    if actor.has(Role.CONNECTOR) and actor.channel is not None:
        return "a.channel = :own_channel", {"own_channel": actor.channel}
    if actor.has(Role.OFFICER, Role.HEAD) and actor.department is not None:
        return "a.lead_department = :department", {"department": actor.department}
    return "false", {}
