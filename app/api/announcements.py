"""What is sent to subscribers, described in the `webhooks` section of the interface description."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body

from app.api.schemas.base import Instant, Output
from app.domain.event_type import EVENT_NAMES, PING, VERSION

DESCRIPTION = (
    "按 Standard Webhooks 签名：`webhook-id`（每次重试都相同，用于去重）、`webhook-timestamp`、`webhook-signature`。"
    "同一诉求的消息按 `sequence` 依次送达，前一条送达之前不发后一条。答复2xx为收到；410停用订阅；"
    "其他答复按5秒、1分钟、5分钟、30分钟、2小时、5小时、10小时、20小时、30小时重试，共10次。"
)
FACTS = {
    "number": "GD-20261123-000001",
    "external_number": None,
    "jurisdiction": "gedian",
    "status": "assigned",
    "hold": "none",
    "due_at": "2026-11-30T16:00:00Z",
}
MORE: dict[str, dict[str, Any]] = {
    "appeal.received": {"title": "免申即享补贴未到账", "category": "02", "channel": "api"},
    "appeal.assigned": {"lead": "economy", "supports": []},
    "appeal.resolved": {"result_type": "solved", "round": 1},
    "appeal.rated": {"solved": True, "satisfied": True, "comment": "已到账。"},
}
"""Examples of what some announcements tell beside the facts."""


class Announcement(Output):
    """One announcement. `sequence` orders those of one appeal; of a confidential appeal `data` holds facts only."""

    type: str
    version: int
    timestamp: Instant
    sequence: int
    data: dict[str, Any]


def example_of(type_: str) -> dict[str, Any]:
    """Return what an announcement of a type looks like."""
    data = {} if type_ == PING else {**FACTS, **MORE.get(type_, {})}
    sequence = 0 if type_ == PING else 2
    return {"type": type_, "version": VERSION, "timestamp": "2026-11-23T02:00:00Z", "sequence": sequence, "data": data}


def described_webhooks() -> APIRouter:
    """Return one description for each type of announcement, and for the test message."""
    router = APIRouter()
    for type_, name in {**EVENT_NAMES, PING: "测试消息"}.items():
        operation_id = f"webhook_{type_.replace('.', '_')}"
        router.post(type_, operation_id=operation_id, summary=name, description=DESCRIPTION, status_code=204)(
            _told(type_)
        )
    return router


def _told(type_: str) -> Callable[..., None]:
    shown = Body(examples=[example_of(type_)])

    def told(body: Annotated[Announcement, shown]) -> None:
        """Take an announcement."""

    return told
