"""What is sent to review a reply and to record what the enterprise says."""

from pydantic import Field

from app.api.schemas.base import Code, Flag, Input, OptionalText, Output, Word, example
from app.domain.appeal import AppealStatus


class ReviewVerdict(Input):
    """Whether the reply passes; if not, its defects."""

    model_config = example(verdict="pass", defects=[], note="有拨付凭证，已核对。")

    verdict: str = Field(pattern="^(pass|send_back)$", description="pass 通过；send_back 退回重办。")
    defects: list[Code] = Field(default=[], max_length=10)
    note: OptionalText = ""


class Visit(Input):
    """A return visit: contacted, solved and satisfied are asked apart."""

    model_config = example(way="电话", contacted=True, solved=True, satisfied=True, note="企业表示款项已到账。")

    way: Word
    contacted: Flag
    solved: Flag | None = None
    satisfied: Flag | None = None
    note: OptionalText = ""


class Rating(Input):
    """What the enterprise says by its link."""

    model_config = example(solved=True, satisfied=True, comment="已收到补贴。")

    solved: Flag
    satisfied: Flag
    comment: OptionalText = ""


class RatingLink(Output):
    """A single-use link for the enterprise; the token is shown once."""

    model_config = example(token="3q2-7wX…", path="/api/v1/ratings/3q2-7wX…")

    token: str
    path: str


class Rated(Output):
    """What came of a rating: a dissatisfied enterprise finds its appeal assigned anew, in the next round."""

    model_config = example(number="GD-20261116-000123", status="reviewed", status_name="已复核反馈", round=1)

    number: str
    status: AppealStatus
    status_name: str
    round: int
