"""History without content."""

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
