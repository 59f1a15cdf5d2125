"""Asking for what is missing, and supplying it."""

from pydantic import Field

from app.api.schemas.base import Input, Instant, Output, Text, Word, WrittenLimit, example
from app.domain.appeal import AppealStatus


class SupplementRequest(Input):
    """Every gap at once, and the date by which the enterprise may supply."""

    model_config = example(gaps=["缺少公示截图", "缺少开户行信息"], limit="5 WD")

    gaps: list[Word] = Field(min_length=1, max_length=20)
    limit: WrittenLimit | None = None


class SupplementLink(Output):
    """A single-use link for the enterprise; the token is shown once."""

    model_config = example(token="3q2-7wX…", path="/api/v1/supplements/3q2-7wX…", expires_at="2026-11-23T16:00:00Z")

    token: str
    path: str
    expires_at: Instant


class Supplied(Output):
    """What came of a supplement: the clocks run on."""

    model_config = example(number="GD-20261116-000123", status="received", status_name="已受理登记")

    number: str
    status: AppealStatus
    status_name: str


class Supplement(Input):
    """What the enterprise supplies."""

    model_config = example(text="公示截图和开户许可证已补交，见附件说明。")

    text: Text
