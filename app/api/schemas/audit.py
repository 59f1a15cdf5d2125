"""History without content, and who has read a confidential appeal."""

from app.api.schemas.base import Instant, Output, example
from app.api.schemas.timeline import EVENT_EXAMPLE
from app.domain.appeal import AppealStatus


class AuditEvent(Output):
    """One line of some appeal's history, without who filed, what was said, or by whom by name."""

    number: str
    sequence: int
    action: str
    actor_roles: str
    from_status: AppealStatus | None
    to_status: AppealStatus
    at: Instant
    recorded_at: Instant
    digest: str


class AuditEventsOut(Output):
    """The next lines; ask again with `after` set to `next`. An empty page means: nothing new yet."""

    model_config = example(
        items=[
            {
                "number": "GD-20261116-000123",
                **{
                    name: EVENT_EXAMPLE[name]
                    for name in ("sequence", "action", "actor_roles", "from_status", "to_status", "at", "recorded_at")
                },
                "digest": EVENT_EXAMPLE["digest"],
            }
        ],
        next="812-4711",
    )

    items: list[AuditEvent]
    next: str


class AccessOut(Output):
    """One reading of the appeal: by which office and role, not by whom."""

    office: str
    roles: list[str]
    what: str
    what_name: str
    purpose: str | None
    at: Instant


class AccessesOut(Output):
    """One page of readings, newest first."""

    model_config = example(
        items=[
            {
                "office": "经发局",
                "roles": ["承办单位经办人"],
                "what": "read_appeal",
                "what_name": "诉求详情",
                "purpose": None,
                "at": "2026-11-16T02:00:00Z",
            }
        ],
        next="WyIyMDI2LTExLTE2VDAyOjAwOjAwKzAwOjAwIiwgIjAxOWFiYzAwIl0",
    )

    items: list[AccessOut]
    next: str | None
