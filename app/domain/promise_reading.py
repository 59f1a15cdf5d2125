"""Reading a promise from texts, as the calculator and the command line are given it: one set of sentences for both."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from app.domain.calendar import FIRST_YEAR, LAST_YEAR, WorkCalendar
from app.domain.clock import Due, compute_due
from app.domain.counting import Pause, Promise, Switch, is_countable
from app.domain.errors import Fault, Invalid
from app.domain.limit import HOW_TO_WRITE, Limit, Unit

MOST_PAUSES, MOST_EXTENSIONS = 50, 20
LONGEST = {
    Unit.WORKING_DAY: 3_660,
    Unit.DAY: 3_660,
    Unit.MONTH: 120,
    Unit.HOUR: 87_840,
    Unit.WORKING_HOUR: 25_620,
}
"""The longest limit in each unit: 3,660 days or working days, and as many hours or months as that."""

LONGEST_TEXT = 40
_NAMES = {"received": "收到时间", "limit": "期限", "pause": "暂停", "extension": "延长", "switch": "开关"}
_WRITTEN_TIME = "时间应写作2024-09-27T10:15+08:00，须带时区"


def read_promise(arguments: Mapping[str, Any]) -> Promise:
    """Read `received`, `limit` and optionally `pauses`, `extensions`, `switches`; raise `Invalid` naming the field."""
    return Promise(
        started_at=read_instant(arguments.get("received"), "received"),
        limit=read_limit(arguments.get("limit"), "limit"),
        pauses=tuple(map(_read_pause, _list(arguments.get("pauses"), "pause", MOST_PAUSES))),
        extensions=tuple(
            read_limit(text, "extension") for text in _list(arguments.get("extensions"), "extension", MOST_EXTENSIONS)
        ),
        switches=frozenset(map(_read_switch, _list(arguments.get("switches"), "switch", len(Switch)))),
    )


def due_as_stated(promise: Promise, calendar: WorkCalendar) -> Due:
    """Compute the due date; raise `Invalid` for a pause that came too late to count, which nobody can have meant."""
    due = compute_due(promise, calendar)
    if promise.pauses and promise.pauses[-1].started_at >= due.at:
        reason = "暂停开始时期限已经届满"
        raise Invalid(f"{reason}，这次暂停不起作用，请删去或核对时间。", Fault("pause", reason))
    return due


def read_instant(value: object, name: str) -> datetime:
    """Read an aware instant of the years that can be counted; raise `Invalid` on the field `name`."""
    if value is None or value == "":
        raise Invalid(f"缺少{_NAMES[name]}：{_WRITTEN_TIME}。", Fault(name, "缺少"))
    instant = _parse_instant(value)
    if instant is None:
        raise Invalid(f"{_NAMES[name]}无法识别：{_WRITTEN_TIME}。", Fault(name, _WRITTEN_TIME))
    if instant.utcoffset() is None:
        raise Invalid(f"{_NAMES[name]}没有时区：{_WRITTEN_TIME}。", Fault(name, "缺少时区"))
    if not is_countable(instant):
        reason = f"应在{FIRST_YEAR}年至{LAST_YEAR}年之间"
        raise Invalid(f"{_NAMES[name]}{reason}，请核对年份。", Fault(name, reason))
    return instant


def read_limit(value: object, name: str) -> Limit:
    """Read a limit that is not longer than `LONGEST`; raise `Invalid` on the field `name`."""
    if not isinstance(value, str):
        reason = "应为字符串，例如「5 WD」"
        raise Invalid(f"缺少{_NAMES[name]}：期限{reason}。", Fault(name, reason))
    limit = _parse_limit(value) if len(value) <= LONGEST_TEXT else None
    if limit is None:
        raise Invalid(f"{_NAMES[name]}无法识别。", Fault(name, HOW_TO_WRITE))
    if limit.amount > LONGEST[limit.unit]:
        reason = f"以{limit.unit}计最多{LONGEST[limit.unit]}"
        raise Invalid(f"{_NAMES[name]}过长，{reason}，请核对。", Fault(name, reason))
    return limit


def _read_pause(value: object) -> Pause:
    if not isinstance(value, list) or len(value) != len(("from", "to")) or not value[1]:
        raise Invalid("每次暂停应写明起与止两个时间；仍在暂停中的期限没有到期日。", Fault("pause", "应写明起与止"))
    return Pause(read_instant(value[0], "pause"), read_instant(value[1], "pause"))


def _read_switch(value: object) -> Switch:
    try:
        return Switch(str(value))
    except ValueError:
        known = "、".join(Switch)
        raise Invalid(f"没有这个开关，可用的有：{known}。", Fault("switch", f"可用：{known}")) from None


def _parse_instant(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


@lru_cache(maxsize=512)
def _parse_limit(text: str) -> Limit | None:
    try:
        return Limit.parse(text)
    except Invalid:
        return None


def _list(value: object, name: str, most: int) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Invalid(f"{_NAMES[name]}应为数组。", Fault(name, "应为数组"))
    if len(value) > most:
        raise Invalid(f"{_NAMES[name]}最多{most}项，请删减。", Fault(name, f"最多{most}项"))
    return value
