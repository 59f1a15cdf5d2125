"""The State Council's yearly holiday notices as data, and the calendar made of them.

One file per notice year; `statutory.toml` holds the days of the 放假办法, from which later years are projected.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.calendar import Break, Notice, WorkCalendar, build
from app.domain.errors import Fault, Invalid

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


def load_statutory_days() -> dict[date, str]:
    """Return the statutory holidays of the years to come with their names; where two meet, the earlier row names it."""
    rows = tomllib.loads(_text(STATUTORY_FILE))["break"]
    return {day: row["name"] for row in reversed(rows) for day in _read_days(row["off"])}


def read_notice(text: str) -> tuple[Break, ...]:
    """Read one notice file; raise `Invalid` with what is wrong in it."""
    try:
        return tuple(_breaks(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        reason = "应有year、[notice]（title）和[[break]]（name、off，日期写作2026-02-15或2026-02-15/2026-02-23）"
        raise Invalid(f"放假通知文件无法读取（{error}）。{reason}。", Fault("notice", reason)) from error


def _text(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _breaks(data: Mapping[str, Any]) -> Iterator[Break]:
    main = Notice(year=int(data["year"]), **data["notice"])
    for row in data["break"]:
        notice = Notice(year=main.year, **row["notice"]) if "notice" in row else main
        off, make_up = (tuple(_read_days(row.get(part, []))) for part in ("off", "make_up"))
        yield Break(name=row["name"], notice=notice, off=off, make_up=make_up)


def _read_days(spans: list[str]) -> Iterator[date]:
    for span in spans:
        first, _, last = span.partition("/")
        start = date.fromisoformat(first)
        length = (date.fromisoformat(last or first) - start).days + 1
        if length < 1:
            raise ValueError(f"{span}：起始日晚于结束日")
        yield from (start + timedelta(days=offset) for offset in range(length))
