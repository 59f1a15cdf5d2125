"""Provenance: the documents that values come from, and the clauses that cite them."""

import datetime
import re
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

_ITEM_NUMBER = re.compile(r"\d[\d、至]*")


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


@dataclass(frozen=True, slots=True)
class Clause:
    """The place a value comes from: document, item, words and mark.

    `note` says where our use goes beyond the words.
    """

    document: Document
    item: str
    words: str
    mark: Mark
    note: str = ""

    @property
    def number(self) -> str:
        """The document's number; empty when it has none."""
        return self.document.number

    @property
    def standing(self) -> Standing:
        """The document's standing."""
        return self.document.standing

    @property
    def chinese(self) -> str:
        """The citation as it is printed: document, item, words, and every reservation."""
        return f"{self.document.chinese}{self._item}{self._words}{self._reservations}"

    @property
    def _item(self) -> str:
        return f"第{self.item}条" if _ITEM_NUMBER.fullmatch(self.item) else self.item

    @property
    def _words(self) -> str:
        if not self.words:
            return ""
        return f"：「{self.words}」" if self.standing in QUOTED else f"：{self.words}"

    @property
    def _reservations(self) -> str:
        practice = "惯例默认值，不作为文件要求" if self.mark is Mark.PRACTICE else ""
        return "".join(f"（{text}）" for text in (self.note, self.document.note, practice) if text)
