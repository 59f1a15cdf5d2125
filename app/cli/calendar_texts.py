"""Working calendars in plain lines, for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.clock_kind import CLOCK_NAMES, ClockKind
from app.domain.explanation import chinese_instant
from app.domain.publication import PublicationState


def plain_year(year: Mapping[str, Any]) -> Iterator[str]:
    """Say one year; a projected one is called so."""
    if year["published"]:
        yield f"{year['year']}年：{year['notice']['citation']}"
    else:
        yield f"{year['year']}年的放假通知尚未发布，以下按法定节假日推算，不得据以认定超期"
    yield f"工作日：{year['working_days']}天"
    yield "放假日："
    yield from map(_plain_day, year["days_off"])
    yield "调休上班日："
    yield from map(_plain_day, year["make_up_days"])


def plain_status(status: Mapping[str, Any]) -> Iterator[str]:
    """Say what is in force where, and what waits."""
    for region in status["regions"]:
        until = region["published_until"]
        yield f"{region['region']}：现行日历 {region['version']}，放假通知已发布至{until:%Y}年"
        yield f"  {region['first_unpublished_year']}年起尚未发布，只作推算"
    for waiting in status["waiting"]:
        yield f"等待{waiting['year']}年放假通知的时限：{waiting['clocks']}项"
    if not status["waiting"]:
        yield "没有时限在等待放假通知"
    yield f"待批准或待生效的通知：{status['open_publications']}份"


def plain_publication(row: Mapping[str, Any], totals: Mapping[str, Any] | None) -> Iterator[str]:
    """Say a notice put forward and what it moves."""
    yield f"通知编号：{row['id']}"
    yield f"{row['content']['notice']['title']}（{row['region']}，{row['year']}年），状态：{_STATES[row['state']]}"
    if totals is not None:
        yield from _lines(totals)
    if row["state"] == PublicationState.PROPOSED:
        yield f"请由另一人批准：./run bihuan calendar approve {row['id']} --by 账号"


def plain_totals(row: Mapping[str, Any]) -> Iterator[str]:
    """Say what an approval has done."""
    if row["totals"] is None:
        yield f"已批准，将于{chinese_instant(row['effective_at'])}（北京时间）自动启用。"
        return
    yield f"已启用日历 {row['version']}"
    yield from _lines(row["totals"])
    yield f"已告知诉求：{row['totals']['appeals']}件"


def _lines(totals: Mapping[str, Any]) -> Iterator[str]:
    yield f"变动的时限：{totals['clocks']}项（推后{totals['later']}，提前{totals['earlier']}）"
    yield f"由推算转为确定：{totals['finalised']}项；将立即超期：{totals['late_at_once']}项"
    yield f"撤销超期认定：{totals['withdrawn']}项"
    for kind, clocks in totals["by_kind"].items():
        yield f"  {CLOCK_NAMES[ClockKind(kind)]}：{clocks}项"


def _plain_day(row: Mapping[str, str | None]) -> str:
    return f"  {row['day']} {row['weekday']} {row['name'] or ''}".rstrip()


_STATES = {
    PublicationState.PROPOSED: "待批准",
    PublicationState.APPROVED: "已批准，待生效",
    PublicationState.APPLIED: "已启用",
    PublicationState.WITHDRAWN: "已撤回",
}
