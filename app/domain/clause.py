"""Provenance: the clauses of documents that values cite."""

import re
from dataclasses import dataclass

from app.domain.document import QUOTED, Document, Mark, Standing

_ITEM_NUMBER = re.compile(r"\d[\d、至]*")


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
