"""Working calendars: what is in force, and the days of a year."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.command import CommandRoute
from app.api.dependencies import CurrentWork
from app.api.schemas.base import Code
from app.api.schemas.calendars import CalendarsOut, CalendarYearOut, year_out
from app.domain.calendar import FIRST_YEAR, LAST_YEAR
from app.services.calendar_status import calendar_status
from app.services.calendars import calendar_of_region

Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR, description=f"年份，{FIRST_YEAR}至{LAST_YEAR}。")]

router = APIRouter(prefix="/calendars", tags=["工作日历"], route_class=CommandRoute)


@router.get("", operation_id="read_calendar_status", summary="工作日历现状")
async def get_status(work: CurrentWork) -> CalendarsOut:
    """Return which calendar is in force where, until when it is published, and how many clocks wait for which year."""
    return CalendarsOut.model_validate(await calendar_status(work))


@router.get("/{region}/years/{year}", operation_id="read_calendar_year", summary="一年的放假日与调休上班日")
async def get_year(region: Code, year: Year, work: CurrentWork) -> CalendarYearOut:
    """Return the days of one year; a year without a notice says so and is a projection."""
    return year_out(year, region, await calendar_of_region(work, region))
