"""One year of a working calendar as plain data, for people and for programs."""

from dataclasses import asdict
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

from app.domain.calendar import WEEKDAYS, DayKind, WorkCalendar


def year_of(year: int, calendar: WorkCalendar) -> dict[str, Any]:
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
