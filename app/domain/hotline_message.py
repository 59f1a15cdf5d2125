"""What another system has told us about one matter, in our own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.errors import Invalid


class MessageKind(StrEnum):
    """What a message asks for; an addition is the filer's afterthought, a supplement answers a request of ours."""

    CASE = "case"
    ADDITION = "addition"
    URGE = "urge"
    WITHDRAWAL = "withdrawal"
    SUPPLEMENT = "supplement"
    RATING = "rating"
    CONTEST = "contest"


@dataclass(frozen=True, slots=True)
class HotlineMessage:
    """One message understood: `occurred_at` is aware, `sequence` is the source's own count where it keeps one."""

    kind: MessageKind
    external_number: str
    occurred_at: datetime
    sequence: int | None
    values: Mapping[str, str]


class MessageUnclear(Invalid):
    """A message that cannot be understood; `reason` is Chinese and repeats nothing of what was sent."""

    code = "message-unclear"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
