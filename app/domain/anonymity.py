"""The anonymised copy of a confidential appeal: what tells who filed gives way to marks such as 〔企业〕.

Pure and without guessing of meaning: it cannot know who is told by the story itself (「全区唯一的……」), so a dispatcher
reads the copy beside the original before it is assigned.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.domain.anonymity_patterns import DATES, GAP, KINDS, SPELT_KINDS
from app.domain.company_names import short_forms

COPY_MISSING: Final = "（匿名副本尚未制作）"
ORGANISATION_CODE: Final = slice(8, 17)
"""The part of a 统一社会信用代码 that is the enterprise's own (GB 11714)."""
FEWEST_DIGITS: Final = 7
"""A shorter run of digits than a local telephone number is no contact."""
SHORTEST_NAME: Final = 2
ADDRESSED: Final = "董事长|总经理|经理|厂长|会计|先生|女士|小姐|老板|总"
HAN_NAME: Final = re.compile(r"[\u4e00-\u9fff]{2,4}")

_HALF_WIDTH: Final = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_CIRCLED: Final = {0x2460 + digit: ord("1") + digit for digit in range(9)}
_FOLD: Final = _HALF_WIDTH | _CIRCLED
_SPELT: Final = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_TAKEN: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of who filed: names of the enterprise, its code, its contact, and words that somebody added."""

    names: tuple[str, ...] = ()
    uscc: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None


def anonymised(text: str, identity: Identity) -> str:
    """Return the text with marks in place of everything that tells who filed."""
    found: list[tuple[int, int, str]] = []
    _find_anybody(_find_own(text.translate(_FOLD), identity, found), found)
    return _marked(text, sorted(found))


def without_names(text: str, identity: Identity) -> str:
    """Return the text with marks in place of this filer's own names and numbers alone, for what others have written."""
    found: list[tuple[int, int, str]] = []
    _find_own(text.translate(_FOLD), identity, found)
    return _marked(text, sorted(found))


def _find_own(folded: str, identity: Identity, found: list[tuple[int, int, str]]) -> str:
    """Note what is to be replaced: from, to, mark. What one pattern has taken no later one sees."""
    for mark, pattern in patterns_of(identity):
        folded = _take(folded, mark, pattern, found)
    return folded


def _find_anybody(folded: str, found: list[tuple[int, int, str]]) -> None:
    folded = DATES.sub(lambda match: _TAKEN * len(match[0]), folded)
    for mark, pattern in KINDS:
        folded = _take(folded, mark, pattern, found)
    spelt = folded.translate(_SPELT)
    for mark, pattern in SPELT_KINDS:
        spelt = _take(spelt, mark, pattern, found)


def _take(folded: str, mark: str, pattern: re.Pattern[str], found: list[tuple[int, int, str]]) -> str:
    """Note every match and blank it out, at the same length."""

    def blank(match: re.Match[str]) -> str:
        group: str | int = "it" if "it" in pattern.groupindex else 0
        found.append((match.start(group), match.end(group), mark))
        return _TAKEN * len(match[0])

    return pattern.sub(blank, folded)


def _marked(text: str, found: Iterable[tuple[int, int, str]]) -> str:
    parts, position = [], 0
    for start, end, mark in found:
        parts += [text[position:start], f"〔{mark}〕"]
        position = end
    return "".join((*parts, text[position:]))


@lru_cache(maxsize=1024)
def patterns_of(identity: Identity) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return how this filer's own names and numbers are found, longer names before shorter ones."""
    return tuple((mark, re.compile(pattern, re.IGNORECASE)) for mark, pattern in _own(identity))


def _own(identity: Identity) -> Iterator[tuple[str, str]]:
    forms = {form for name in identity.names for form in short_forms(name.translate(_FOLD))}
    for form in sorted(forms, key=lambda one: (-len(one), one)):
        yield "企业", _spaced(form)
    if identity.uscc:
        yield "统一社会信用代码", _spaced(identity.uscc)
        yield "组织机构代码", rf"(?<![0-9A-Z]){_spaced(identity.uscc[ORGANISATION_CODE])}(?![0-9A-Z])"
    yield from _of_contact(identity)


def _of_contact(identity: Identity) -> Iterator[tuple[str, str]]:
    for digits in _numbers(identity.contact_phone or ""):
        yield "电话", rf"(?<!\d){_spaced(digits)}(?!\d)"
    name = "".join((identity.contact_name or "").translate(_FOLD).split())
    if len(name) >= SHORTEST_NAME:
        yield "联系人", _spaced(name)
    if HAN_NAME.fullmatch(name):
        yield "联系人", rf"{name[0]}\s?(?:{ADDRESSED})"


def _numbers(phone: str) -> list[str]:
    """Return the numbers in a telephone field, with the area code and without it."""
    runs = re.findall(r"\d[\d\s\-()]{5,30}\d", phone.translate(_FOLD))
    whole = [re.sub(r"\D", "", run) for run in runs]
    parts = [part for run in runs for part in re.findall(r"\d+", run)]
    return sorted({one for one in (*whole, *parts) if len(one) >= FEWEST_DIGITS}, key=len, reverse=True)


def _spaced(word: str) -> str:
    """Return a pattern for a word with anything invisible or separating between its characters."""
    return GAP.join(re.escape(character) for character in word if not character.isspace())
