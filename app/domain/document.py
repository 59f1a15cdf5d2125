"""The documents that values come from, and how much each of them binds."""

import datetime
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What weight a document has."""

    ISSUED = "issued"
    DRAFT = "draft"
    NEWS = "news"
    SUPERIOR = "superior"
    LAW = "law"
    PRACTICE = "practice"


class Mark(StrEnum):
    """Where a value comes from; a practice value is never reported as demanded by a document."""

    DEMANDED = "demanded"
    HUBEI = "hubei"
    LAW = "law"
    PRACTICE = "practice"


MARK_NAMES = {Mark.DEMANDED: "文件要求", Mark.HUBEI: "省级规定", Mark.LAW: "法律法规", Mark.PRACTICE: "惯例默认值"}

QUOTED = frozenset({Standing.ISSUED, Standing.DRAFT, Standing.NEWS, Standing.LAW})
"""Documents that were read themselves: words cited from them are exact and stand in quotation marks."""


@dataclass(frozen=True, slots=True)
class Document:
    """One source; `note` says what is uncertain about it (a draft, a press summary)."""

    id: str
    title: str
    issuer: str
    standing: Standing
    number: str = ""
    date: datetime.date | None = None
    note: str = ""

    @property
    def chinese(self) -> str:
        """The document as it is cited: issuer, title, number."""
        title = f"《{self.title}》" if self.standing is not Standing.PRACTICE else self.title
        return f"{self.issuer}{title}" + (f"（{self.number}）" if self.number else "")
