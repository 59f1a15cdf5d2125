"""What the breaks of a notice must be: grounded, gapless, consequential, and complete by the 放假办法."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from app.domain.errors import Fault
from app.domain.holiday_break import SATURDAY, Break, break_fault, break_faults, decided_kinds, written_day
from app.domain.notice_case import Case, is_worked
from app.domain.notice_merge import kept_breaks

MAKE_UP_REACH = timedelta(days=30)
"""How far a make-up day may lie from its break; the farthest of 2007 to 2026 lies 11 days off."""

FESTIVALS = "元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"
_ONE_DAY = timedelta(days=1)
_MOST_NAMED = 7


def _breaks_alone(case: Case) -> Iterator[Fault]:
    rows = case.rows
    if not rows:
        yield Fault("break", "没有任何假期，请按通知原文逐条填写放假日（off）和调休上班日（make_up）。")
    yield from break_faults(rows)
    yield from (
        break_fault(row, "off", "只有调休上班日，没有放假日；请补上放假日，或删去这一条。")
        for row in rows
        if row.make_up and not row.off
    )


def _other_years(case: Case) -> Iterator[Fault]:
    """A whole year decides no day that another year's notice decides."""
    if case.publication.amends:
        return
    kept = {day: row for row in kept_breaks(case.in_force, case.publication) for day in row.days}
    for row in case.rows:
        for day in row.days:
            if day in kept:
                reason = (
                    f"{written_day(day)}已由{kept[day].notice.year}年通知「{kept[day].name}」安排；"
                    f"请删去这一天，或将改动作为对{kept[day].notice.year}年的修改（amends = true）另行发布。"
                )
                yield break_fault(row, "off" if day in row.off else "make_up", reason)


def _gaps(case: Case) -> Iterator[Fault]:
    """The days off of a break follow one another; only days that are rest days anyway may lie between (2015 端午节)."""
    after = decided_kinds(case.after)
    for row in case.rows:
        first, last = min(row.off, default=date.max), max(row.off, default=date.min)
        between = (first + offset * _ONE_DAY for offset in range((last - first).days + 1))
        worked = [day for day in between if day not in row.off and is_worked(after, day)]
        if worked:
            reason = f"放假日从{first}到{last}不连续，缺{_listed(worked)}；请补上，或分成两条。"
            yield break_fault(row, "off", reason)


def _idle_breaks(case: Case) -> Iterator[Fault]:
    """A break on plain weekend days decides nothing, unless its festival falls there (2015 中秋节)."""
    for row in case.rows:
        decides = any(day.weekday() < SATURDAY or case.was_worked(day) for day in row.off)
        if row.off and not decides and not _is_festival(row, case):
            reason = f"放假日{_listed(row.off)}本来就是周末，没有增加休息日；请核对日期，或删去这一条。"
            yield break_fault(row, "off", reason)


def _is_festival(row: Break, case: Case) -> bool:
    if case.statutory_is_known:
        return any(day in case.statutory for day in row.off)
    return any(festival in row.name for festival in FESTIVALS)


def _groundless_make_up(case: Case) -> Iterator[Fault]:
    """Weekend days are worked for weekdays gained near them, and for no more than were gained."""
    for row in case.rows:
        if row.off:
            yield from _far_make_up(row, case)
            yield from _surplus_make_up(row, case)


def _far_make_up(row: Break, case: Case) -> Iterator[Fault]:
    everything = [day for other in case.rows for day in other.off]
    for day in row.make_up:
        if _reaches(day, row.off):
            continue
        reason = f"调休上班日{written_day(day)}离本条放假日超过{MAKE_UP_REACH.days}天，请移到相应的假期，或核对日期。"
        if not _reaches(day, everything):
            reason = f"调休上班日{written_day(day)}前后{MAKE_UP_REACH.days}天内没有任何放假日，没有依据；请核对日期。"
        yield break_fault(row, "make_up", reason)


def _reaches(day: date, off: Sequence[date]) -> bool:
    return any(abs(day - other) <= MAKE_UP_REACH for other in off)


def _surplus_make_up(row: Break, case: Case) -> Iterator[Fault]:
    gained = {day for day in row.off if case.was_worked(day) and day not in case.statutory}
    worked = {day for day in row.make_up if not case.was_worked(day)}
    if len(worked) > len(gained):
        reason = (
            f"调休上班{len(worked)}天（{_listed(sorted(worked))}），只换得{len(gained)}个工作日的休息，"
            "多出的上班日没有依据；请核对通知原文。"
        )
        yield break_fault(row, "make_up", reason)


def _statutory_days(case: Case) -> Iterator[Fault]:
    """A whole year gives every day off that the 放假办法 orders; an amendment lets nobody work on one."""
    off = {day for row in case.rows for day in row.off}
    make_up = {day for row in case.rows for day in row.make_up}
    for day, name in sorted(case.statutory.items()):
        written = f"{name}{day.year}年{day.month}月{day.day}日"
        if case.publication.amends and day in make_up:
            yield Fault(f"{day.year}.{name}.make_up", f"{written}是法定假日，不能调为上班日；请核对日期。")
        elif not case.publication.amends and day.year == case.notice.year and day not in off:
            yield Fault(f"{day.year}.{name}.off", f"缺少法定假日：{written}，请在通知中补上放假日。")


def _left_alone(case: Case) -> Iterator[Fault]:
    """Whoever takes all days off of a break must also say what becomes of its make-up days."""
    for row in case.after:
        if not row.off and row not in case.in_force and row not in case.rows:
            reason = f"放假日已全部由本通知改定，调休上班日{_listed(row.make_up)}却没有；请一并列为放假或上班。"
            yield break_fault(row, "make_up", reason)


def _listed(days: Sequence[date]) -> str:
    """Name the first few days, and how many there are in all."""
    named = "、".join(map(written_day, days[:_MOST_NAMED]))
    return named if len(days) <= _MOST_NAMED else f"{named}等{len(days)}天"


BREAK_CHECKS = (
    _breaks_alone,
    _other_years,
    _gaps,
    _idle_breaks,
    _groundless_make_up,
    _statutory_days,
    _left_alone,
)
