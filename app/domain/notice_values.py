"""The values of a notice's plain data, read one by one: every fault is noted with its field, nothing is echoed."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.errors import Fault, Invalid

LONGEST_SPAN = 40
_KEY = re.compile(r"[A-Za-z_]{1,40}", re.ASCII)
"""A misspelt name of ours; what holds digits may be a number that somebody has pasted."""
_MOST_NAMED = 5
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SPAN_SHAPE = "应写作「2027-01-01」或「2027-01-01/2027-01-03」"


class Values:
    """Returns each value in its type, or a stand-in and a fault; `refuse_if_any` ends the reading."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def blame(self, field: str, reason: str) -> None:
        """Note what is wrong with a field."""
        self._faults.append(Fault(field, reason))

    def refuse_if_any(self) -> None:
        """Raise `Invalid` with every fault noted."""
        if self._faults:
            count = f"，共{len(self._faults)}处问题" if len(self._faults) > 1 else ""
            first = self._faults[0]
            raise Invalid(f"放假通知无法读取{count}：{first.field}：{first.reason}。", *self._faults)

    def table(self, value: object, field: str, keys: tuple[str, ...]) -> Mapping[str, Any]:
        """Return a table; a key that is not listed is a fault."""
        if not isinstance(value, Mapping):
            self.blame(field or "notice", "应为表（JSON对象），请按样例填写")
            return {}
        for key in sorted(map(str, set(value) - set(keys)))[:_MOST_NAMED]:
            named = key if _KEY.fullmatch(key) else "notice"
            self.blame(f"{field}.{named}" if field else named, f"没有这个字段，只能有：{'、'.join(keys)}；请改正或删去")
        return value

    def rows(self, value: object, field: str, most: int) -> list[Any]:
        """Return a list of at most `most` values; empty for none."""
        if value is not None and not isinstance(value, list):
            self.blame(field, "应为列表，请按样例填写")
        elif value and len(value) > most:
            self.blame(field, f"最多{most}项，请核对")
        elif value:
            return value
        return []

    def text(self, value: object, field: str, longest: int) -> str:
        """Return one line of text; empty for none."""
        if value is None:
            return ""
        if not isinstance(value, str):
            self.blame(field, "应为文字，请加引号")
        elif len(value) > longest:
            self.blame(field, f"最多{longest}个字，请缩短")
        elif not value.isprintable():
            self.blame(field, "含有换行或不可见字符，请删去")
        else:
            return value
        return ""

    def flag(self, value: object, field: str) -> bool:
        """Return a yes or no; no for none."""
        if value is not None and not isinstance(value, bool):
            self.blame(field, "应为 true 或 false")
        return value is True

    def year(self, value: object, field: str) -> int:
        """Return a year of four digits."""
        if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value < 9000:
            return value
        self.blame(field, "应为四位年份，例如 2027" if value is not None else "必填，应为四位年份，例如 2027")
        return 0

    def instant(self, value: object, field: str) -> datetime | None:
        """Return an aware instant; none for none."""
        read = value
        if isinstance(value, str):
            try:
                read = datetime.fromisoformat(value)
            except ValueError:
                read = None
        if value is None or (isinstance(read, datetime) and read.utcoffset() is not None):
            return read if isinstance(read, datetime) else None
        self.blame(field, "应为带时区的时间，例如 2026-11-05T00:00:00+08:00")
        return None

    def day(self, value: object, field: str) -> date | None:
        """Return a day; none for none."""
        if value is None:
            return None
        found = _day(value)
        if found is None:
            self.blame(field, "不是有效日期，应写作「2027-01-01」")
        return found

    def days(self, value: object, field: str, most: int) -> tuple[date, ...]:
        """Return the days of a list of days and spans, in its order."""
        spans = self.rows(value, field, most)
        return tuple(day for index, span in enumerate(spans) for day in self._span(span, f"{field}.{index}"))

    def _span(self, value: object, field: str) -> Iterator[date]:
        first, slash, last = value.partition("/") if isinstance(value, str) else (value, "", "")
        start = _day(first)
        end = _day(last) if slash else start
        if start is None or end is None:
            self.blame(field, f"不是有效日期，{_SPAN_SHAPE}")
        elif end < start:
            self.blame(field, f"起始日晚于结束日，{_SPAN_SHAPE}")
        elif (end - start).days >= LONGEST_SPAN:
            self.blame(field, f"一段最多{LONGEST_SPAN}天，请核对起止日期")
        else:
            yield from (start + timedelta(days=offset) for offset in range((end - start).days + 1))


def _day(value: object) -> date | None:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
