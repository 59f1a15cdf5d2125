"""`bihuan calendar`: the working days of one year, and the notice that they come from."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

import orjson

from app.calendars import load_calendar
from app.cli.arguments import Commands
from app.domain.calendar import WEEKDAYS, DayKind, WorkCalendar


def add_calendar_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    acts = subparsers.add_parser("calendar", help="工作日历").add_subparsers(metavar="动作", required=True)
    showing = acts.add_parser("show", help="一年的放假日、调休上班日和工作日数")
    showing.add_argument("year", metavar="年份", type=int)
    showing.add_argument("--json", action="store_true", help="以JSON输出")
    showing.set_defaults(run=run_show)


def run_show(namespace: argparse.Namespace) -> int:
    """Print one year; a year without a notice is shown as the projection that it is."""
    year = show_year(namespace.year, load_calendar())
    print(orjson.dumps(year).decode() if namespace.json else "\n".join(_plain(year)))
    return 0


def show_year(year: int, calendar: WorkCalendar) -> dict[str, Any]:
    """Return a year as plain data; raise `Invalid` for one that the calendar does not hold."""
    writable = min(max(year, MINYEAR), MAXYEAR)
    first, last = date(writable, 1, 1), date(writable, 12, 31)
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    kinds = {day: calendar.kind_of(day) for day in days}
    notice = calendar.notice_of(first)
    return {
        "year": year,
        "published": calendar.is_published(last),
        "working_days": sum(kind.is_worked for kind in kinds.values()),
        "days_off": [_day(day, calendar) for day in days if kinds[day] is DayKind.HOLIDAY],
        "make_up_days": [_day(day, calendar) for day in days if kinds[day] is DayKind.MAKE_UP],
        "notice": asdict(notice) | {"citation": notice.citation} if notice else None,
        "calendar": calendar.version,
    }


def _day(day: date, calendar: WorkCalendar) -> dict[str, str | None]:
    return {"day": day.isoformat(), "weekday": WEEKDAYS[day.weekday()], "name": calendar.holiday_name(day)}


def _plain(year: dict[str, Any]) -> Iterator[str]:
    if year["published"]:
        yield f"{year['year']}年：{year['notice']['citation']}"
    else:
        yield f"{year['year']}年的放假通知尚未发布，以下按法定节假日推算，不得据以认定超期"
    yield f"工作日：{year['working_days']}天"
    yield "放假日："
    yield from map(_plain_day, year["days_off"])
    yield "调休上班日："
    yield from map(_plain_day, year["make_up_days"])


def _plain_day(row: dict[str, str | None]) -> str:
    return f"  {row['day']} {row['weekday']} {row['name'] or ''}".rstrip()
