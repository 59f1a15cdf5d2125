"""Notices put forward, what they move, and what became of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from app.api.schemas.base import Input, Instant, Output, Text, example
from app.domain.clock_kind import ClockKind
from app.domain.publication import PublicationState
from app.domain.roles import Role

_PUBLICATION = {
    "id": "019a2f6e-6d1c-7c3a-9a60-1d2f3c4b5a69",
    "region": "CN",
    "year": 2027,
    "title": "关于2027年部分节假日安排的通知（样例）",
    "number": "样例〔2026〕1号",
    "amends": False,
    "effective_at": "2026-12-01T00:00:00Z",
    "state": "proposed",
    "based_on": "CN-2026-1a2b3c4d",
    "proposed_by_name": "督查室甲",
    "proposed_at": "2026-12-01T00:00:00Z",
    "reason": "",
}
_TOTALS = {
    "clocks": 12,
    "appeals": 9,
    "later": 8,
    "earlier": 4,
    "finalised": 12,
    "made_provisional": 0,
    "late_at_once": 0,
    "withdrawn": 0,
    "by_kind": {"handling": 9, "acceptance": 3},
}


class Decision(Input):
    """Why a notice is withdrawn."""

    model_config = example(reason="与通知原文不符，重新提交")

    reason: Text


class TotalsOut(Output):
    """How many open clocks a notice moves, and what becomes of them; `appeals` once it is in force."""

    model_config = example(**_TOTALS)

    clocks: int = Field(description="到期日或性质有变动的时限数。")
    appeals: int | None = Field(default=None, description="涉及的诉求数；启用之后才有。")
    later: int
    earlier: int
    finalised: int = Field(description="由推算转为确定的。")
    made_provisional: int
    late_at_once: int = Field(description="新到期日已过、将立即认定超期的。")
    withdrawn: int = Field(description="原已认定超期、按新日历不超期而撤销的。")
    by_kind: dict[str, int]


class PublicationOut(Output):
    """One notice put forward, and what became of it."""

    model_config = example(**_PUBLICATION)

    id: UUID
    region: str
    year: int
    title: str
    number: str
    amends: bool
    effective_at: Instant
    state: PublicationState
    based_on: str
    proposed_by_name: str
    proposed_at: Instant
    decided_by_name: str | None = None
    decided_at: Instant | None = None
    reason: str
    applied_at: Instant | None = None
    version: str | None = None


class PublicationDetailOut(Output):
    """A notice with what it moves."""

    model_config = example(publication=_PUBLICATION, totals=_TOTALS)

    publication: PublicationOut
    totals: TotalsOut | None


class PublicationsOut(Output):
    """The notices put forward, newest first."""

    model_config = example(items=[_PUBLICATION])

    items: list[PublicationOut]


class MoveOut(Output):
    """One open clock that a notice moves, and who must be told."""

    clock_id: UUID
    number: str
    kind: ClockKind
    name: str
    enterprise: str
    department: str | None
    owner: Role
    owner_name: str
    was_due_day: date
    was_due_at: Instant
    was_provisional: bool
    due_day: date
    due_at: Instant
    provisional: bool
    days_moved: int
    withdrawn: bool


class MovesOut(Output):
    """One page of the clocks that a notice moves."""

    model_config = example(
        items=[
            {
                "clock_id": "019a2f6e-6d1c-7c3a-9a60-1d2f3c4b5a70",
                "number": "GD20261228000001",
                "kind": "handling",
                "name": "办结",
                "enterprise": "葛店某某公司",
                "department": "economy",
                "owner": "officer",
                "owner_name": "承办单位经办人",
                "was_due_day": "2027-01-05",
                "was_due_at": "2027-01-05T16:00:00Z",
                "was_provisional": True,
                "due_day": "2027-01-06",
                "due_at": "2027-01-06T16:00:00Z",
                "provisional": False,
                "days_moved": 1,
                "withdrawn": False,
            }
        ],
        next=None,
    )

    items: list[MoveOut]
    next: UUID | None


def publication_out(row: Mapping[str, Any]) -> PublicationOut:
    """Return a notice put forward."""
    content = row["content"]
    shown = {
        "title": content["notice"]["title"],
        "number": content["notice"].get("number", ""),
        "amends": content.get("amends", False),
    }
    return PublicationOut.model_validate({**row, **shown})
