"""The anonymised copy beside the original, and its correction."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from app.api.schemas.base import LONG_TEXT, Input, Output, example, readable

LONGEST_TITLE = 400
"""Marks may be longer than what they stand for."""

CopiedTitle = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE), AfterValidator(readable)
]
CopiedText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2 * LONG_TEXT), AfterValidator(readable)
]
COPY = {"title": "〔企业〕补贴未到账", "text": "〔企业〕符合条件，款项仍未到账，联系〔联系人〕〔电话〕。"}


class CopyChange(Input):
    """The words that departments are to read."""

    model_config = example(**COPY)

    title: CopiedTitle
    text: CopiedText


class CopyOut(Output):
    """What departments read, beside what was filed."""

    model_config = example(
        number="GD-20261116-000123",
        title="葛店某光电补贴未到账",
        text="葛店某光电有限公司符合条件，款项仍未到账，联系王会计13900000000。",
        anonymised_title=COPY["title"],
        anonymised_text=COPY["text"],
        version=1,
    )

    number: str
    title: str
    text: str
    anonymised_title: str
    anonymised_text: str
    version: int
