"""Asking for what is missing, and supplying it."""

from pydantic import Field

from app.api.schemas.base import Input, Text, Word, WrittenLimit, example


class SupplementRequest(Input):
    """Every gap at once, and the date by which the enterprise may supply."""

    model_config = example(gaps=["缺少公示截图", "缺少开户行信息"], limit="5 WD")

    gaps: list[Word] = Field(min_length=1, max_length=20)
    limit: WrittenLimit | None = None


class Supplement(Input):
    """What the enterprise supplies."""

    model_config = example(text="公示截图和开户许可证已补交，见附件说明。")

    text: Text
