"""Replies, as they are sent and as they are read."""

from uuid import UUID

from pydantic import Field

from app.api.schemas.base import Input, Instant, Output, Text, Word, example
from app.api.schemas.cases import CASE_EXAMPLE, CaseOut
from app.domain.appeal import Outcome, ReplyKind


class ReplyCreate(Input):
    """A reply. A substantive one names its result; a refusal its basis and remedy; a claim its evidence."""

    model_config = example(
        kind="substantive",
        text="经核实，补贴款58000元已于2026年11月20日拨付至贵公司账户，凭证号20261120-017。",
        result_type="solved",
        basis=None,
        remedy=None,
        evidence=["拨付凭证20261120-017"],
    )

    kind: ReplyKind
    text: Text
    result_type: Outcome | None = None
    basis: Text | None = None
    remedy: Text | None = None
    evidence: list[Word] = Field(default=[], max_length=50)


class ReplyWritten(CaseOut):
    """The case after a reply, with the id of the reply: a substantive one is approved under it."""

    model_config = example(**CASE_EXAMPLE, reply_id="019abc00-0000-7000-8000-000000000003")

    reply_id: UUID


class ReplyOut(Output):
    """One reply of a department."""

    id: UUID
    round: int
    kind: ReplyKind
    text: str
    result_type: Outcome | None
    basis: str | None
    remedy: str | None
    evidence: list[str]
    written_at: Instant
    approved_at: Instant | None


class RepliesOut(Output):
    """The replies to an appeal, oldest first."""

    model_config = example(
        items=[
            {
                "id": "019abc00-0000-7000-8000-000000000003",
                "round": 1,
                "kind": "substantive",
                "text": "经核实，补贴款58000元已于2026年11月20日拨付至贵公司账户。",
                "result_type": "solved",
                "basis": None,
                "remedy": None,
                "evidence": ["拨付凭证20261120-017"],
                "written_at": "2026-11-20T07:00:00Z",
                "approved_at": "2026-11-20T08:00:00Z",
            }
        ]
    )

    items: list[ReplyOut]
