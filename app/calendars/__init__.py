"""The State Council's yearly holiday notices as data, and the calendar made of them.

One file per notice year; `statutory.toml` holds the days of the 放假办法, from which later years are projected.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.calendar import Break, WorkCalendar, build
from app.domain.notice import read_publication

STATUTORY_FILE = "statutory.toml"


@cache
def load_calendar() -> WorkCalendar:
    """Return the calendar of every packaged notice; read once a process."""
    return build(load_breaks(), statutory=load_statutory_days())


@cache
def load_breaks() -> tuple[Break, ...]:
    """Return the breaks of every packaged notice, in the order of the years."""
    names = sorted(entry.name for entry in files(__name__).iterdir() if entry.name.endswith(".toml"))
    return tuple(row for name in names if name != STATUTORY_FILE for row in read_notice(_text(name)))


def read_notice(text: str) -> tuple[Break, ...]:
    """Read the breaks of one notice file; raise `Invalid` with what is wrong in it."""
    return read_publication(text, "toml").breaks


@cache
def load_statutory_days() -> Mapping[date, str]:
    """Return the statutory holidays of 2025 to 2100 with their names (放假办法 of 2024), by day.

    Where 中秋节 meets 国庆节 the day bears the name 中秋节.
    """
    table = tomllib.loads(_text(STATUTORY_FILE))
    return {day: name for year, lunar in table["year"].items() for day, name in _statutory_days(year, lunar, table)}


def _text(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _statutory_days(year: str, lunar: list[str], table: Mapping[str, Any]) -> Iterator[tuple[date, str]]:
    named = [*table["fixed"].items(), *zip(table["lunar"], lunar, strict=True)]
    return ((day, name) for name, span in named for day in _span(year, span))


def _span(year: str, span: str) -> Iterator[date]:
    first, _, last = span.partition("/")
    start, end = (date.fromisoformat(f"{year}-{day}") for day in (first, last or first))
    return (start + timedelta(days=offset) for offset in range((end - start).days + 1))
