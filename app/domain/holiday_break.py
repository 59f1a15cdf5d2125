"""Notices of the State Council, the holiday breaks that they order, and what no set of breaks may contain."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.errors import Fault

SATURDAY = 5
WEEKDAYS = "周一", "周二", "周三", "周四", "周五", "周六", "周日"
_NEIGHBOURING_DAYS = timedelta(days=45)


class DayKind(StrEnum):
    """What a day is; the first two are worked, the last two are rest days."""

    WORKING = "working"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def is_worked(self) -> bool:
        """Whether offices are open."""
        return self in _WORKED


_WORKED = frozenset({DayKind.WORKING, DayKind.MAKE_UP})


@dataclass(frozen=True, slots=True)
class Notice:
    """A State Council notice; `number` and `url` are empty and `source` says why where the paper was not seen."""

    year: int
    title: str
    number: str = ""
    issued_on: date | None = None
    url: str = ""
    source: str = ""

    @property
    def citation(self) -> str:
        """The notice as a letter cites it: 《title》（number）."""
        return f"《{self.title}》（{self.number}）" if self.number else f"《{self.title}》"


@dataclass(frozen=True, slots=True)
class Break:
    """One holiday break of a notice: the days off, and the weekend days worked for them (调休)."""

    name: str
    notice: Notice
    off: tuple[date, ...]
    make_up: tuple[date, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """Every day that the break decides."""
        return self.off + self.make_up


def decided_kinds(rows: Iterable[Break]) -> dict[date, DayKind]:
    """Return what the breaks make of the days that they decide."""
    kept = tuple(rows)
    off = {day: DayKind.HOLIDAY for row in kept for day in row.off}
    return off | {day: DayKind.MAKE_UP for row in kept for day in row.make_up}


def break_faults(rows: Sequence[Break]) -> Iterator[Fault]:
    """Yield what no set of breaks may contain: days far from their year, worked weekdays, days decided twice, no days.

    A break left with make-up days alone is none of these: a later notice may have taken its days off.
    """
    for check in (_foreign_days, _worked_weekdays, _repeated_days, _empty_breaks):
        yield from check(rows)


def break_fault(row: Break, part: str, reason: str) -> Fault:
    """Blame a part (`off`, `make_up`, `name`) of one break, with the notice's year and the break's name."""
    return Fault(f"{row.notice.year}.{row.name}.{part}", f"{row.notice.year}年通知「{row.name}」：{reason}")


def written_day(day: date) -> str:
    """Write a day with its weekday: 2027-02-06（周六）."""
    return f"{day}（{WEEKDAYS[day.weekday()]}）"


def _foreign_days(rows: Sequence[Break]) -> Iterator[Fault]:
    for row in rows:
        year = row.notice.year
        earliest, latest = date(year, 1, 1) - _NEIGHBOURING_DAYS, date(year, 12, 31) + _NEIGHBOURING_DAYS
        for day, part in _parts(row):
            if not earliest <= day <= latest:
                reason = f"{written_day(day)}离{year}年太远，应在{earliest}至{latest}之间，请核对年份。"
                yield break_fault(row, part, reason)


def _worked_weekdays(rows: Sequence[Break]) -> Iterator[Fault]:
    for row in rows:
        for day in row.make_up:
            if day.weekday() < SATURDAY:
                reason = f"调休上班日{day}是{WEEKDAYS[day.weekday()]}，只能是周六或周日，请核对通知原文。"
                yield break_fault(row, "make_up", reason)


def _repeated_days(rows: Sequence[Break]) -> Iterator[Fault]:
    seen: dict[date, tuple[Break, str]] = {}
    for row in rows:
        for day, part in _parts(row):
            if day in seen:
                yield break_fault(row, part, _repetition(day, part, *seen[day]))
            seen.setdefault(day, (row, part))


def _repetition(day: date, part: str, earlier: Break, earlier_part: str) -> str:
    where = f"{earlier.notice.year}年「{earlier.name}」"
    if part == earlier_part:
        return f"{written_day(day)}已列在{where}，同一天只能列一次，请删去一处。"
    return f"{written_day(day)}既放假又调休上班（另见{where}），请核对通知原文，只留一种。"


def _parts(row: Break) -> Iterator[tuple[date, str]]:
    yield from ((day, "off") for day in row.off)
    yield from ((day, "make_up") for day in row.make_up)


def _empty_breaks(rows: Sequence[Break]) -> Iterator[Fault]:
    return (break_fault(row, "off", "没有任何日子，请补上，或删去这一条。") for row in rows if not row.days)
