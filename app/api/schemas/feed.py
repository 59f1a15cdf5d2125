"""The change feed."""

from app.api.schemas.base import Instant, Output, example
from app.api.schemas.timeline import EVENT_EXAMPLE
from app.domain.appeal import AppealStatus


class FeedEvent(Output):
    """One change, in the order in which it became final."""

    number: str
    jurisdiction: str
    sequence: int
    action: str
    announces: str
    from_status: AppealStatus | None
    to_status: AppealStatus
    at: Instant
    recorded_at: Instant


class FeedOut(Output):
    """The next changes; ask again with `after` set to `next`. An empty page means: nothing new yet."""

    model_config = example(
        items=[
            {
                "number": "GD-20261116-000123",
                "jurisdiction": "gedian",
                **{key: EVENT_EXAMPLE[key] for key in ("sequence", "action", "announces", "from_status", "to_status")},
                "at": EVENT_EXAMPLE["at"],
                "recorded_at": EVENT_EXAMPLE["recorded_at"],
            }
        ],
        next="812-4711",
    )

    items: list[FeedEvent]
    next: str
