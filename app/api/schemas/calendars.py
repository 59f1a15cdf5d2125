"""Working calendars: what is in force, and the days of a year."""

from datetime import date
from uuid import UUID

from app.api.schemas.base import Instant, Output, example
from app.domain.calendar import WorkCalendar
from app.domain.calendar_year import year_of

_DAY = {"day": "2027-01-01", "weekday": "周五", "name": "元旦"}


class RegionOut(Output):
    """The calendar in force in one region."""

    region: str
    version: str
    published_from: date
    published_until: date
    first_unpublished_year: int
    projected_until: date


class WaitingOut(Output):
    """How many open clocks have a due date in a year without a notice."""

    year: int
    clocks: int


class VersionOut(Output):
    """One version that is or was in force."""

    region: str
    version: str
    published_until: date
    in_force_from: Instant
    superseded_at: Instant | None
    publication_id: UUID | None
    title: str | None


class CalendarsOut(Output):
    """Where the working calendars stand."""

    model_config = example(
        regions=[
            {
                "region": "CN",
                "version": "CN-2026-1a2b3c4d",
                "published_from": "2007-01-01",
                "published_until": "2026-12-31",
                "first_unpublished_year": 2027,
                "projected_until": "2100-12-31",
            }
        ],
        waiting=[{"year": 2027, "clocks": 12}],
        open_publications=1,
        history=[
            {
                "region": "CN",
                "version": "CN-2026-1a2b3c4d",
                "published_until": "2026-12-31",
                "in_force_from": "2026-11-01T00:00:00Z",
                "superseded_at": None,
                "publication_id": None,
                "title": None,
            }
        ],
    )

    regions: list[RegionOut]
    waiting: list[WaitingOut]
    open_publications: int
    history: list[VersionOut]


class DayOut(Output):
    """One day of a year that is not what its weekday says."""

    day: date
    weekday: str
    name: str | None


class YearNoticeOut(Output):
    """The notice of a year."""

    title: str
    number: str
    url: str
    citation: str


class CalendarYearOut(Output):
    """One year: its days off and make-up days, and whether a notice says so or they are only projected."""

    model_config = example(
        year=2027, region="CN", published=False, working_days=252, days_off=[_DAY], make_up_days=[], notice=None,
        calendar_version="CN-2026-1a2b3c4d",
    )  # fmt: skip

    year: int
    region: str
    published: bool
    working_days: int
    days_off: list[DayOut]
    make_up_days: list[DayOut]
    notice: YearNoticeOut | None
    calendar_version: str


def year_out(year: int, region: str, calendar: WorkCalendar) -> CalendarYearOut:
    """Return one year of a calendar."""
    shown = year_of(year, calendar)
    return CalendarYearOut.model_validate({**shown, "region": region, "calendar_version": shown["calendar"]})
