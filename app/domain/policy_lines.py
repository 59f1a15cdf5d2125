"""Where things stand in a TOML text: the line of every table and key, for messages that name the line."""

import re
from collections import Counter

Path = tuple[str | int, ...]
"""The way to a value: `("category", 3, "lead")` is the key `lead` of the fourth `[[category]]`."""

_HEADER = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<name>[\w\-.\"' ]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*(?P<name>[\w\-]+(?:\s*\.\s*[\w\-]+)*)\s*=")
_LONG_QUOTES = ('"""', "'''")


def find_lines(text: str) -> dict[Path, int]:
    """Return the line, counted from 1, on which each table and key of the text begins."""
    scanner = _Scanner()
    for number, line in enumerate(text.splitlines(), start=1):
        scanner.read(number, line)
    return scanner.lines


class _Scanner:
    """Reads a text line by line; lines inside a long string are passed over."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self._table: Path = ()
        self._entries: Counter[str] = Counter()
        self._inside = ""

    def read(self, number: int, line: str) -> None:
        if self._inside:
            self._leave(line)
        elif header := _HEADER.fullmatch(line):
            self._enter(header, number)
        elif key := _KEY.match(line):
            self.lines.setdefault((*self._table, *_parts(key["name"])), number)
            self._inside = _left_open(line)

    def _leave(self, line: str) -> None:
        if self._inside in line:
            self._inside = ""

    def _enter(self, header: re.Match[str], number: int) -> None:
        first, *rest = _parts(header["name"])
        if header["open"] == "[[" and not rest:
            self._entries[first] += 1
        index = (self._entries[first] - 1,) if first in self._entries else ()
        self._table = (first, *index, *rest)
        self.lines.setdefault(self._table, number)


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in name.split(".")]


def _left_open(line: str) -> str:
    return next((quotes for quotes in _LONG_QUOTES if line.count(quotes) % 2), "")
