"""What inputs and outputs have in common."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StringConstraints,
)

from app.domain.calendar import FIRST_YEAR, LAST_YEAR
from app.domain.counting import is_countable
from app.domain.errors import Invalid
from app.domain.limit import Limit
from app.domain.readable import is_readable

LONG_TEXT = 20_000
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
Moment = TypeVar("Moment", date, datetime)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")


class Input(BaseModel):
    """What a caller sends: unknown fields are refused, nothing is guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    """What the service answers."""

    model_config = ConfigDict(frozen=True)


def readable(text: str) -> str:
    """Refuse control characters (NUL among them), which no letter contains and no database column takes."""
    if not is_readable(text):
        raise ValueError("含有不可用的控制字符")
    return text


def _written_day(value: object) -> object:
    """Refuse what the library would take for a number of seconds."""
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise ValueError("日期应写作 2026-11-22")
    return value


def _written_instant(value: object) -> object:
    """Refuse numbers, in digits as well, which the library would take for seconds since 1970."""
    if not isinstance(value, str) or _INSTANT.match(value) is None:
        raise ValueError("时间应写作 2026-11-22T10:00:00+08:00")
    return value


def _bounded(moment: Moment) -> Moment:
    """Refuse years in which no instant can be converted between time zones, or that were never meant."""
    if not EARLIEST_YEAR <= moment.year < LATEST_YEAR:
        raise ValueError(f"应在{EARLIEST_YEAR}年至{LATEST_YEAR - 1}年之间")
    return moment


def _limit(text: str) -> str:
    try:
        return str(Limit.parse(text))
    except Invalid as refusal:
        raise ValueError(refusal.faults[0].reason) from refusal


def _countable(instant: datetime) -> datetime:
    if not is_countable(instant):
        raise ValueError(f"应在{FIRST_YEAR}年至{LAST_YEAR}年之间")
    return instant


Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(readable)]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONG_TEXT), AfterValidator(readable)
]
OptionalText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONG_TEXT), AfterValidator(readable)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,80}$")]
Day = Annotated[date, BeforeValidator(_written_day), AfterValidator(_bounded)]
WrittenLimit = Annotated[str, StringConstraints(max_length=20), AfterValidator(_limit)]
Flag = StrictBool
WrittenInstant = Annotated[AwareDatetime, BeforeValidator(_written_instant)]
"""An instant with its time zone, whose bounds the use case tells."""
BoundedInstant = Annotated[WrittenInstant, AfterValidator(_bounded)]
"""An instant that is only compared, within the years that every part can hold."""
CountableInstant = Annotated[WrittenInstant, AfterValidator(_countable)]
"""An instant that a caller gives: with its time zone, within the years that the working calendars hold."""
Instant = Annotated[datetime, AfterValidator(lambda instant: instant.astimezone(UTC))]
"""An instant in an answer: always in UTC, however it was computed."""


def example(**values: Any) -> ConfigDict:
    """Return the configuration that shows one example in the interactive documentation."""
    return ConfigDict(json_schema_extra={"examples": [values]})
