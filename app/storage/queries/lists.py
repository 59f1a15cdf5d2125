"""Lists: keyset pages without counting, from an allow-list of filters and orders."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.roles import OFFICE_ROLES, Actor, Role
from app.storage.masking import EXTERNAL_NUMBER, NUMBER_HIDDEN, TITLE, masks_of

COLUMNS = f"""a.id, a.number, a.jurisdiction, {TITLE}, a.kind, a.category, a.channel, {EXTERNAL_NUMBER}, a.status,
    a.hold, a.level, a.round, a.outcome, a.lead_department, a.received_at, a.due_at, a.due_day,
    a.provisional, a.overdue, a.supervised, a.confidential, a.petition, a.closed_at, a.version"""

FILTERS = {
    "status": "a.status = :status",
    "category": "a.category = :category",
    "level": "a.level = :level",
    "lead_department": "a.lead_department = :lead_department",
    "channel": "a.channel = :channel",
    "external_number": f"a.external_number = :external_number AND NOT {NUMBER_HIDDEN}",
    "due_before": "a.status <> 'closed' AND a.due_at <= :due_before",
    "late_at": "a.status IN ('received', 'assigned') AND a.hold = 'none' "
    "AND NOT a.provisional AND a.due_at <= :late_at",
}
ORDERS = {
    "-received_at": ("a.received_at", "<", "DESC", ""),
    "received_at": ("a.received_at", ">", "ASC", ""),
    "due_at": ("a.due_at", ">", "ASC", "a.status <> 'closed' AND a.due_at IS NOT NULL"),
}
RUNNING = "a.status = 'assigned' AND a.hold = 'none'"
QUEUE_FILTERS = {
    "unsigned": "s.signed_at IS NULL AND a.status = 'assigned'",
    "handling": "s.signed_at IS NOT NULL AND s.finished_at IS NULL AND a.status = 'assigned'",
    "resolved": "a.status IN ('resolved', 'reviewed')",
    "return_pending": "s.return_requested_at IS NOT NULL",
    "red": f"{RUNNING} AND NOT a.provisional AND s.due_at <= :now",
    "yellow": f"{RUNNING} AND (a.provisional OR s.due_at > :now) AND s.due_at <= :yellow_until",
    "green": f"{RUNNING} AND s.due_at > :yellow_until",
    "grey": f"NOT ({RUNNING})",
    "due_before": "s.due_at <= :due_before",
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
    parameters |= masks_of(actor)
    conditions = [reach, *([only] if only else []), *(FILTERS[name] for name in filters)]
    if page.after is not None:
        conditions.append(f"({column}, a.id) {sign} (:after_at, :after_id)")
        parameters |= {"after_at": page.after[0], "after_id": page.after[1]}
    statement = text(
        f"SELECT {COLUMNS} FROM appeal a WHERE {' AND '.join(conditions)} "
        f"ORDER BY {column} {direction}, a.id {direction} LIMIT :limit"
    )
    rows = await connection.execute(statement, {**parameters, **filters, "limit": page.limit + 1})
    return [dict(row) for row in rows.mappings()]


async def list_assignments(
    connection: AsyncConnection,
    actor: Actor,
    *,
    jurisdictions: Collection[str],
    department: str,
    filters: Collection[str],
    parameters: Mapping[str, object],
    page: Page,
) -> list[dict[str, Any]]:
    """Return one page of a department's queue, first due first; `filters` are names of `QUEUE_FILTERS`."""
    conditions = [_one_of_them(jurisdictions), "s.department = :department", "s.ended_at IS NULL"]
    conditions += [QUEUE_FILTERS[name] for name in filters]
    values = {**parameters, **masks_of(actor), "department": department, "limit": page.limit + 1}
    values["jurisdictions"] = next(iter(jurisdictions)) if len(jurisdictions) == 1 else sorted(jurisdictions)
    if page.after is not None:
        conditions.append("(s.due_at, s.id) > (:after_at, :after_id)")
        values |= {"after_at": page.after[0], "after_id": page.after[1]}
    statement = text(
        "SELECT s.id AS assignment_id, s.department, s.part, s.assigned_at, s.due_at AS assignment_due_at, "
        "s.signed_at, s.signed_late, s.contacted_at, s.return_requested_at, s.finished_at, s.designated, "
        f"{COLUMNS} FROM assignment s JOIN appeal a ON a.id = s.appeal_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY s.due_at, s.id LIMIT :limit"
    )
    return [dict(row) for row in (await connection.execute(statement, values)).mappings()]


def _one_of_them(jurisdictions: Collection[str]) -> str:
    """One jurisdiction lets the index give the order of the queue."""
    return "s.jurisdiction = :jurisdictions" if len(jurisdictions) == 1 else "s.jurisdiction = ANY(:jurisdictions)"


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
        own: dict[str, object] = {"department": actor.department, "jurisdictions": sorted(actor.jurisdictions)}
        return "a.jurisdiction = ANY(:jurisdictions) AND a.lead_department = :department", own
    return "false", {}
