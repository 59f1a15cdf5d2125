"""Notices as plain data, for JSON: lossless on the way out, strict on the way in."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.domain.holiday_break import Break, Notice
from app.domain.notice_values import LONGEST_SPAN, Values
from app.domain.publication import COUNTRY, Publication

NOTICE_TEXTS = {"title": 200, "number": 80, "url": 500, "source": 500}
"""The texts of a notice and how many characters each may have."""

_PUBLICATION_KEYS = "year", "region", "amends", "effective_at", "notice", "break"
_NOTICE_KEYS = "number", "title", "issued_on", "url", "source"
_BREAK_KEYS = "name", "off", "make_up", "notice"
_LONGEST_NAME = 40
_MOST_BREAKS, _MOST_DAYS = 40, 400
_MOST_STORED_BREAKS = 10_000
_REGION = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def publication_data(publication: Publication) -> dict[str, Any]:
    """Return the publication as plain data that JSON holds; `publication_of` reads it back."""
    notice = publication.notice
    return {
        "year": notice.year,
        "region": publication.region,
        "amends": publication.amends,
        "effective_at": publication.effective_at.isoformat() if publication.effective_at else None,
        "notice": _notice_data(notice),
        "break": [
            _break_data(row) | ({} if row.notice == notice else {"notice": _notice_data(row.notice)})
            for row in publication.breaks
        ],
    }


def publication_of(data: Mapping[str, Any]) -> Publication:
    """Read a publication from plain data; raise `Invalid` with every field that cannot be read.

    A jurisdiction's notice amends, whatever the data say.
    """
    values = Values()
    table = values.table(data, "", _PUBLICATION_KEYS)
    region = _region(values, table.get("region"))
    notice = _notice(values, table.get("notice"), "notice", year=values.year(table.get("year"), "year"))
    breaks = tuple(_breaks(values, table.get("break"), notice))
    if sum(len(row.days) for row in breaks) > _MOST_DAYS:
        values.blame("break", f"全部日子不得超过{_MOST_DAYS}天，请核对起止日期")
    read = Publication(
        region=region,
        amends=values.flag(table.get("amends"), "amends") or region != COUNTRY,
        notice=notice,
        breaks=breaks,
        effective_at=values.instant(table.get("effective_at"), "effective_at"),
    )
    values.refuse_if_any()
    return read


def breaks_data(breaks: Iterable[Break]) -> list[dict[str, Any]]:
    """Return breaks as plain data that JSON holds, each with its notice and year; `breaks_of` reads them back."""
    return [_break_data(row) | {"notice": {"year": row.notice.year} | _notice_data(row.notice)} for row in breaks]


def breaks_of(data: Sequence[Mapping[str, Any]]) -> tuple[Break, ...]:
    """Read breaks from plain data; raise `Invalid` with every field that cannot be read."""
    values = Values()
    rows = values.rows(list(data), "break", _MOST_STORED_BREAKS)
    breaks = tuple(_stored_break(values, row, f"break.{index}") for index, row in enumerate(rows))
    values.refuse_if_any()
    return breaks


def _notice_data(notice: Notice) -> dict[str, str]:
    issued_on = notice.issued_on.isoformat() if notice.issued_on else ""
    fields = {name: getattr(notice, name) for name in NOTICE_TEXTS} | {"issued_on": issued_on}
    return {name: text for name, text in fields.items() if text}


def _break_data(row: Break) -> dict[str, Any]:
    return {"name": row.name, "off": list(_spans(row.off)), "make_up": list(_spans(row.make_up))}


def _spans(days: Sequence[date]) -> Iterator[str]:
    """Write days as spans of days that follow one another; any other order is kept as it is."""
    start = 0
    for end in range(1, len(days) + 1):
        broken = end == len(days) or days[end] - days[end - 1] != timedelta(days=1)
        if broken or end - start == LONGEST_SPAN:
            first, last = days[start], days[end - 1]
            yield str(first) if first == last else f"{first}/{last}"
            start = end


def _region(values: Values, value: object) -> str:
    region = COUNTRY if value is None else value
    if isinstance(region, str) and (region == COUNTRY or _REGION.fullmatch(region)):
        return region
    values.blame("region", f"应为 {COUNTRY}（全国）或辖区编码（小写字母、数字和下划线）")
    return COUNTRY


def _notice(values: Values, value: object, field: str, *, year: int, keys: tuple[str, ...] = _NOTICE_KEYS) -> Notice:
    table = values.table({} if value is None else value, field, keys)
    texts = {name: values.text(table.get(name), f"{field}.{name}", most) for name, most in NOTICE_TEXTS.items()}
    if texts["url"] and not texts["url"].startswith(("https://", "http://")):
        values.blame(f"{field}.url", "应为以 https:// 开头的网址；没有网址的请留空")
    return Notice(year=year, issued_on=values.day(table.get("issued_on"), f"{field}.issued_on"), **texts)


def _breaks(values: Values, value: object, notice: Notice) -> Iterator[Break]:
    for index, row in enumerate(values.rows(value, "break", _MOST_BREAKS)):
        table = values.table(row, f"break.{index}", _BREAK_KEYS)
        own = table.get("notice")
        given = notice if own is None else _notice(values, own, f"break.{index}.notice", year=notice.year)
        yield _break(values, table, f"break.{index}", given)


def _stored_break(values: Values, row: object, field: str) -> Break:
    table = values.table(row, field, _BREAK_KEYS)
    given = table.get("notice")
    year = values.year(given.get("year") if isinstance(given, Mapping) else None, f"{field}.notice.year")
    notice = _notice(values, given, f"{field}.notice", year=year, keys=("year", *_NOTICE_KEYS))
    return _break(values, table, field, notice)


def _break(values: Values, table: Mapping[str, Any], field: str, notice: Notice) -> Break:
    name = values.text(table.get("name"), f"{field}.name", _LONGEST_NAME)
    if not name.strip():
        values.blame(f"{field}.name", "必填，请写明节日名称，例如 元旦")
    off, make_up = (values.days(table.get(part), f"{field}.{part}", _MOST_DAYS) for part in ("off", "make_up"))
    return Break(name=name, notice=notice, off=off, make_up=make_up)
