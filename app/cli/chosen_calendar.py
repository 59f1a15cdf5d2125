"""Which calendar a command counts on: the packaged one, or the one in force in a region of the database."""

import argparse

from app.calendars import load_calendar
from app.cli.offices import in_office
from app.domain.calendar import WorkCalendar
from app.services.calendars import calendar_of_region
from app.services.office import Office


def add_region(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a region."""
    parser.add_argument(
        "--region", metavar="辖区", help="按数据库中该辖区现行的日历（CN为全国）；不写则按随程序附带的日历，不连数据库"
    )


def chosen_calendar(region: str | None) -> WorkCalendar:
    """Return the calendar that the option names."""
    if region is None:
        return load_calendar()

    async def act(office: Office) -> WorkCalendar:
        async with office.look() as work:
            return await calendar_of_region(work, region)

    return in_office(act)
