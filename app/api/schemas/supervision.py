"""Supervision records, and what is sent to answer one."""

from uuid import UUID

from app.api.schemas.base import Input, Instant, Output, Text, example


class SupervisionAnswer(Input):
    """The department's written answer to a supervision order."""

    model_config = example(text="因系统故障迟延，已于今日拨付，并已补发凭证。")

    text: Text


class SupervisionOut(Output):
    """One rung of the supervision ladder."""

    id: UUID
    rung: int
    name: str
    reason: str
    department: str | None
    issued_at: Instant
    answer: str | None
    answered_at: Instant | None
    withdrawn_at: Instant | None


class SupervisionsOut(Output):
    """The supervision records of an appeal, oldest first."""

    model_config = example(
        items=[
            {
                "id": "019abc00-0000-7000-8000-000000000004",
                "rung": 2,
                "name": "督办",
                "reason": "「办结」时限超期1个工作日以上（到期日2026-11-23）",
                "department": "economy",
                "issued_at": "2026-11-24T16:00:00Z",
                "answer": None,
                "answered_at": None,
                "withdrawn_at": None,
            }
        ]
    )

    items: list[SupervisionOut]
