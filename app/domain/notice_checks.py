"""What a notice must be before it is published on top of what is in force; every fault is told at once.

The notices of 2007 to 2026 all pass: a rule that one of them breaks is a wrong rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from app.domain.calendar import FIRST_YEAR, LAST_YEAR
from app.domain.errors import Fault, Invalid
from app.domain.holiday_break import Break, Notice
from app.domain.notice_break_checks import BREAK_CHECKS
from app.domain.notice_case import Case, open_case
from app.domain.publication import Publication


def check_publication(publication: Publication, in_force: Sequence[Break], statutory: Mapping[date, str]) -> None:
    """Raise `Invalid` with every reason why this must not be published; return nothing when there is none.

    `in_force` is all that holds in the region today: for a jurisdiction, its base with the overlays on top.
    `statutory` names the days off that the 放假办法 orders, for the years that it is known for.
    """
    faults = list(_faults(publication, in_force, statutory))
    if faults:
        raise Invalid(f"放假通知不能发布，共{len(faults)}处问题：{faults[0].reason}", *faults)


def _faults(publication: Publication, in_force: Sequence[Break], statutory: Mapping[date, str]) -> Iterator[Fault]:
    if not FIRST_YEAR <= publication.notice.year <= LAST_YEAR:
        yield Fault("year", f"年份应在{FIRST_YEAR}至{LAST_YEAR}之间，请核对通知的年份（year）。")
        return
    case = open_case(publication, in_force, statutory)
    for check in (*_NOTICE_CHECKS, *BREAK_CHECKS):
        yield from check(case)


def _paper(case: Case) -> Iterator[Fault]:
    notice = case.notice
    if not notice.title.strip():
        yield Fault("notice.title", "缺少通知标题，请按原文填写 title。")
    if notice.issued_on is None:
        yield Fault("notice.issued_on", "缺少发文日期，请填写 issued_on，例如 2026-11-05。")
    elif notice.issued_on.year not in (notice.year - 1, notice.year):
        year = notice.year
        yield Fault("notice.issued_on", f"{year}年的通知应在{year - 1}年或{year}年发文，请核对发文日期（issued_on）。")
    if not notice.number.strip() and not notice.source.strip():
        yield Fault("notice.number", "缺少文号：请填写 number；暂无文号的，请在 source 说明原因和来源。")
    if any(not row.notice.title.strip() for row in case.rows if row.notice != notice):
        yield Fault("break.notice.title", "另有依据的假期缺少通知标题，请在该条的 notice 中填写 title。")


def _instant(case: Case) -> Iterator[Fault]:
    effective_at = case.publication.effective_at
    if effective_at is not None and effective_at.utcoffset() is None:
        yield Fault("effective_at", "生效时间没有时区，请写作 2026-11-05T00:00:00+08:00。")


def _local(case: Case) -> Iterator[Fault]:
    if not case.publication.is_local:
        return
    if not case.publication.amends:
        reason = "辖区的通知只能在全国安排之上调整个别日子，不能代替全年：请将 amends 改为 true，或将 region 改为 CN。"
        yield Fault("amends", reason)
    if case.notice.number.startswith("国办") or case.notice.title.startswith("国务院"):
        reason = "国务院的通知不能只在一个辖区发布：请将 region 改为 CN，或填写辖区自己通知的标题和文号。"
        yield Fault("region", reason)


def _year_follows(case: Case) -> Iterator[Fault]:
    year, years = case.notice.year, {row.notice.year for row in case.in_force}
    if case.publication.amends:
        if year not in years:
            reason = f"{year}年还没有已发布的放假通知，无从修改：请先发布国务院关于{year}年的通知"
            mend = "。" if case.publication.is_local else "；如果这就是全年通知，请将 amends 改为 false。"
            yield Fault("amends", reason + mend)
    elif years and year > max(years) + 1:
        yield Fault("year", f"缺少{max(years) + 1}年的放假通知（已发布至{max(years)}年），请先发布。")
    elif years and year < min(years) - 1:
        yield Fault("year", f"缺少{min(years) - 1}年的放假通知（最早已发布{min(years)}年），请先发布。")


def _newer(case: Case) -> Iterator[Fault]:
    """A notice gives way to one issued later: to any of its year, if it replaces the year; else to those it changes."""
    issued_on = case.notice.issued_on
    if issued_on is None:
        return
    decided = {day for row in case.rows for day in row.days}
    replaces = not case.publication.amends
    rows = [row for row in case.in_force if row.notice.year == case.notice.year]
    touched = [row.notice for row in rows if replaces or row is rows[0] or not decided.isdisjoint(row.days)]
    for notice in dict.fromkeys(touched):
        if notice.issued_on is not None and issued_on < notice.issued_on:
            reason = (
                f"发文日期{issued_on}早于现行的{notice.citation}（{notice.issued_on}发文），"
                "旧通知不能改变新通知；请核对发文日期（issued_on）。"
            )
            yield Fault("notice.issued_on", reason)


def _changes_something(case: Case) -> Iterator[Fault]:
    if case.rows and _by_day(case.in_force) == _by_day(case.after):
        yield Fault("break", f"{case.notice.citation}与现行安排逐日相同，发布后没有任何变化，无须再次发布。")


def _by_day(rows: Sequence[Break]) -> dict[date, tuple[str, Notice, bool]]:
    return {day: (row.name, row.notice, day in row.off) for row in rows for day in row.days}


_NOTICE_CHECKS = (
    _paper,
    _instant,
    _local,
    _year_follows,
    _newer,
    _changes_something,
)
