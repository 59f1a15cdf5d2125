"""The working-day calendar: which days are worked, by which notice, and how to count them.

One `WorkCalendar` is one published version. Days of a year without a notice are projected from the statutory
holidays alone; `is_published` and `years` tell the two apart, and nothing is ever enforced on a projected day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import accumulate, pairwise
from types import MappingProxyType

from app.domain.errors import Fault, Invalid
from app.domain.holiday_break import SATURDAY, WEEKDAYS, Break, DayKind, Notice, break_faults, decided_kinds

__all__ = [
    "PROJECTED_UNTIL",
    "WEEKDAYS",
    "Break",
    "CalendarYear",
    "DayKind",
    "Notice",
    "WorkCalendar",
    "YearState",
    "build",
]

FIRST_YEAR, LAST_YEAR = 2007, 2100
"""The years that a calendar can hold: from the first notice in its present form to the last projection."""
PROJECTED_UNTIL = date(LAST_YEAR, 12, 31)
_NO_NAMES: Mapping[date, str] = MappingProxyType({})


class YearState(StrEnum):
    """Whether a year's notice is published; a year that is not is never a year without holidays."""

    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year of a calendar; `notice` is the year's own, none while it is not published."""

    year: int
    state: YearState
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """One version of the working days from `first_day` to `last_day`; versions with equal content are equal.

    Days outside raise `Invalid`. `published_until` is the last day of the last year with a notice.
    """

    version: str
    first_day: date
    published_until: date
    last_day: date
    _kinds: tuple[DayKind, ...] = field(repr=False, compare=False)
    _ordinals: tuple[int, ...] = field(repr=False, compare=False)
    _working_days: tuple[date, ...] = field(repr=False, compare=False)
    _names: Mapping[date, str] = field(repr=False, compare=False)
    _notices: Mapping[date, Notice] = field(repr=False, compare=False)
    _years: Mapping[int, Notice] = field(repr=False, compare=False)

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices are open: a plain weekday or a make-up day."""
        return self.kind_of(day).is_worked

    def kind_of(self, day: date) -> DayKind:
        """Return what the day is; a weekend inside a break counts as holiday."""
        return self._kinds[self._index(day)]

    def holiday_name(self, day: date) -> str | None:
        """Return the holiday that the day is off for, or worked for; None for an ordinary day."""
        return self._names.get(day)

    def notice_of(self, day: date) -> Notice | None:
        """Return the notice that decides the day; None when no notice for its year is published."""
        return self._notices.get(day) or self._years.get(day.year)

    def is_published(self, day: date) -> bool:
        """Tell whether a notice covers the day's year; otherwise the day is projected."""
        return day <= self.published_until

    def years(self) -> tuple[CalendarYear, ...]:
        """Return every year from the first to the last, and whether its notice is published."""
        return tuple(self._year(year) for year in range(self.first_day.year, self.last_day.year + 1))

    def ordinal_of(self, day: date) -> int:
        """Return how many working days lie from `first_day` up to and including `day`."""
        return self._ordinals[self._index(day)]

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`; `day` itself for 0."""
        if count < 1:
            return self._unmoved(day, count)
        position = self._ordinals[self._index(day)] + count - 1
        if position >= len(self._working_days):
            raise self._outside(f"{day}之后第{count}个工作日")
        return self._working_days[position]

    def next_working_day(self, day: date) -> date:
        """Return the first working day after `day`."""
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """Return the last working day before `day`."""
        earlier = self.ordinal_of(day) - self.is_working_day(day)
        if earlier < 1:
            raise self._outside(f"{day}之前的工作日")
        return self._working_days[earlier - 1]

    def roll_forward(self, day: date) -> date:
        """Return `day` if it is worked, else the first working day after it (民法典 203)."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days later than `after` and not later than `until`; 0 when there are none."""
        return max(0, self.ordinal_of(until) - self.ordinal_of(after))

    def differing_days(self, other: "WorkCalendar") -> tuple[date, date] | None:
        """Return the first and the last day that one works and the other does not, or that only one has published."""
        pairs = zip(_days(self.first_day, self.last_day), self._kinds, other._kinds, strict=True)
        days = [day for day, ours, theirs in pairs if ours.is_worked is not theirs.is_worked]
        earlier, later = sorted((self.published_until, other.published_until))
        if earlier != later:
            days += [earlier + timedelta(days=1), later]
        return (min(days), max(days)) if days else None

    def _year(self, year: int) -> CalendarYear:
        notice = self._years.get(year)
        return CalendarYear(year, YearState.PUBLISHED if notice else YearState.NOT_PUBLISHED, notice)

    def _index(self, day: date) -> int:
        if self.first_day <= day <= self.last_day:
            return (day - self.first_day).days
        raise self._outside(str(day))

    def _unmoved(self, day: date, count: int) -> date:
        if count < 0:
            raise Invalid(f"工作日数不能为负数（{count}）。", Fault("count", "应为零或正整数"))
        self._index(day)
        return day

    def _outside(self, what: str) -> Invalid:
        reason = f"工作日历只含{self.first_day}至{self.last_day}"
        return Invalid(f"{what}超出工作日历范围：{reason}。请核对日期或期限。", Fault("day", reason))


def build(breaks: Iterable[Break], *, label: str = "CN", statutory: Mapping[date, str] = _NO_NAMES) -> WorkCalendar:
    """Build the calendar of the notices; `statutory` names the days off projected for years without a notice.

    The years of the notices must follow one another without a gap. Raises `Invalid` with every fault found.
    """
    rows = tuple(breaks)
    _refuse_faults(rows)
    years = {row.notice.year: row.notice for row in reversed(rows)}
    first_day, published_until = date(min(years), 1, 1), date(max(years), 12, 31)
    projected = {day: name for day, name in statutory.items() if day > published_until}
    decided = dict.fromkeys(projected, DayKind.HOLIDAY) | decided_kinds(rows)
    span = tuple(_days(first_day, PROJECTED_UNTIL))
    kinds = tuple(decided.get(day) or _plain_kind(day) for day in span)
    return WorkCalendar(
        version=f"{label}-{max(years)}-{_digest(rows)}",
        first_day=first_day,
        published_until=published_until,
        last_day=span[-1],
        _kinds=kinds,
        _ordinals=tuple(accumulate(int(kind.is_worked) for kind in kinds)),
        _working_days=tuple(day for day, kind in zip(span, kinds, strict=True) if kind.is_worked),
        _names=projected | {day: row.name for row in rows for day in row.days},
        _notices={day: row.notice for row in rows for day in row.days},
        _years=years,
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1))


def _plain_kind(day: date) -> DayKind:
    return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING


def _digest(rows: Sequence[Break]) -> str:
    # What is only projected is no part of a version: it is enforced on nobody and may be put right by a release.
    content = sorted((day.isoformat(), kind.value) for day, kind in decided_kinds(rows).items())
    names = sorted((day.isoformat(), row.name, row.notice.citation) for row in rows for day in row.days)
    return sha256(repr((content, names)).encode()).hexdigest()[:8]


def _refuse_faults(rows: Sequence[Break]) -> None:
    faults = [*_missing_years(rows), *break_faults(rows)]
    if faults:
        raise Invalid(f"放假安排不能用作工作日历，共{len(faults)}处问题：{faults[0].reason}", *faults)


def _missing_years(rows: Sequence[Break]) -> Iterator[Fault]:
    years = sorted({row.notice.year for row in rows})
    if not years:
        yield Fault("breaks", "没有任何放假通知，请至少提供一个年份的放假通知。")
    for earlier, later in pairwise(years):
        if later != earlier + 1:
            yield Fault("breaks", f"缺少{earlier + 1}年的放假通知（已有{earlier}年与{later}年），请先补齐。")
