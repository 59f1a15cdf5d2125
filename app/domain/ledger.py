"""A ledger of appeals from elsewhere: what its columns are called, and what a row of cells says."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.domain.appeal import OUTCOME_NAMES, RESULT_TYPES, AppealKind, Outcome
from app.domain.errors import Fault, Invalid
from app.domain.policy import LEVEL_NAMES, Level
from app.domain.uscc import is_well_formed, normalise

REQUIRED = {
    "external_number": "外部编号",
    "enterprise_name": "企业",
    "title": "标题",
    "text": "诉求内容",
    "received_at": "收到时间",
}
OPTIONAL = {
    "reply": "答复内容",
    "replied_at": "答复时间",
    "uscc": "统一社会信用代码",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "category": "诉求类别",
    "level": "难度等级",
    "result_type": "办理结果",
    "basis": "依据",
    "remedy": "救济途径",
    "evidence": "佐证",
}
FIELD_NAMES = REQUIRED | OPTIONAL
WORD_LENGTH, TEXT_LENGTH = 200, 20_000
"""Characters that a name or title and a long text may have, as for an appeal filed by hand."""
EXACT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number; of a longer one it has changed the last."""

_DAY_ZERO, _SERIAL_DAYS = date(1899, 12, 30), (20_000, 80_000)
_SECONDS_PER_DAY = 86_400
_ALLOWED_CONTROLS = "\n\r\t"
_BLANKS = " \n\r\t\v\f\xa0\u2002\u2003\u200b\u3000\ufeff"
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d))?")
_WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?(?:\s*(?:星期|周)[一二三四五六日天])?"
    r"(?:(?:(?<=[日一二三四五六天])|[\sT]+)(?P<half>上午|下午)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?"
    r"(?:\s*[:分]\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?\s*分?)?"
)
_HOW_TO_WRITE_TIME = "请写作 2019-08-19 11:48 或 2019-08-19"
_NOON, _RESULT_NAMES = 12, {one: OUTCOME_NAMES[one] for one in RESULT_TYPES}

Choice = TypeVar("Choice", bound=str)


@dataclass(frozen=True, slots=True)
class LedgerMap:
    """A column map: `columns` gives each field its possible headings, the rest stands for every row."""

    columns: Mapping[str, tuple[str, ...]]
    zone: ZoneInfo
    category: str = ""
    channel: str = "import"
    kind: AppealKind = AppealKind.COMPLAINT
    level: Level = Level.ORDINARY
    result_type: Outcome = Outcome.ADVICE_ANSWERED
    petition: bool = False
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One readable row; instants are aware, `reply` is empty exactly when `replied_at` is None."""

    row_number: int
    external_number: str
    enterprise_name: str
    title: str
    text: str
    received_at: datetime
    reply: str
    replied_at: datetime | None
    category: str
    level: Level
    result_type: Outcome
    uscc: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    basis: str | None = None
    remedy: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The place of the header row, counted from 0; for each field of the ledger its column's place and heading."""

    place: int
    columns: Mapping[str, tuple[int, str]]


def read_row(
    cells: Sequence[object], *, row_number: int, header: Header, ledger_map: LedgerMap, now: datetime
) -> LedgerRow:
    """Read one row; raise `Invalid` with a fault (heading, reason) for everything in it that cannot be used."""
    reader = _Cells(cells, header)
    received_at = reader.instant("received_at", ledger_map.zone, now, owed=True)
    replied_at = reader.instant("replied_at", ledger_map.zone, now, owed=bool(reader.peek("reply")))
    row = LedgerRow(
        row_number=row_number,
        external_number=reader.line("external_number", owed=True),
        enterprise_name=reader.line("enterprise_name", owed=True),
        title=reader.line("title", owed=True),
        text=reader.text("text", owed=True),
        received_at=received_at or now,
        reply=reader.text("reply", owed=bool(reader.peek("replied_at"))),
        replied_at=reader.in_order(received_at, replied_at),
        category=reader.line("category") or ledger_map.category,
        level=reader.choice("level", LEVEL_NAMES, ledger_map.level),
        result_type=reader.choice("result_type", _RESULT_NAMES, ledger_map.result_type),
        uscc=reader.uscc(),
        contact_name=reader.line("contact_name") or None,
        contact_phone=reader.line("contact_phone") or None,
        basis=reader.text("basis") or None,
        remedy=reader.text("remedy") or None,
        evidence=reader.text("evidence") or None,
    )
    reader.refuse(row.category)
    return row


@dataclass(slots=True)
class _Cells:
    """The cells of one row by field; whatever cannot be used is noted in `faults`."""

    cells: Sequence[object]
    header: Header
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, category: str) -> None:
        """Raise what was noted."""
        if not category:
            self.note("category", "没有诉求类别，请填写，或在列映射中给出默认类别")
        if self.faults:
            raise Invalid("这一行不能导入。", *self.faults)

    def note(self, name: str, reason: str) -> None:
        """Note a fault under the heading that the ledger uses."""
        self.faults.append(Fault(self.header.columns.get(name, (0, FIELD_NAMES[name]))[1], reason))

    def raw(self, name: str) -> object:
        """Return the cell of a field, None where the ledger has no such column or the row ends before it."""
        place = self.header.columns.get(name, (len(self.cells), ""))[0]
        return self.cells[place] if place < len(self.cells) else None

    def peek(self, name: str) -> str:
        """Return what a cell holds without judging it."""
        return long_text(written(self.raw(name)))

    def text(self, name: str, *, owed: bool = False, longest: int = TEXT_LENGTH) -> str:
        """Return a long text with its edges trimmed."""
        text = self.peek(name)
        controls = sorted({f"U+{ord(one):04X}" for one in text if not _is_readable(one)})
        if owed and not text:
            self.note(name, "不能为空")
        if controls:
            self.note(name, f"含有不可用的字符（{'、'.join(controls[:5])}），请删去")
        if len(text) > longest:
            self.note(name, f"有{len(text)}字，最多{longest}字，请缩短")
        return text

    def line(self, name: str, *, owed: bool = False) -> str:
        """Return a name, title or number as one line."""
        value = self.raw(name)
        if isinstance(value, int | float) and abs(value) >= 10**EXACT_DIGITS:
            self.note(name, f"超过{EXACT_DIGITS}位的数字存为数值后末位已失真，请将该列设为文本并重新填写")
        return one_line(self.text(name, owed=owed, longest=WORD_LENGTH))

    def choice(self, name: str, names: Mapping[Choice, str], default: Choice) -> Choice:
        """Return one of a closed list, written as its code or in Chinese."""
        word = one_line(self.peek(name))
        chosen = [code for code, chinese in names.items() if word in (str(code), chinese)]
        if word and not chosen:
            self.note(name, f"没有「{word[:40]}」，应为以下之一：{'、'.join(names.values())}")
        return chosen[0] if chosen else default

    def uscc(self) -> str | None:
        """Return the social credit code; a wrong check character is let pass, as for an appeal filed by hand."""
        code = normalise(self.line("uscc"))
        if code and not is_well_formed(code):
            self.note("uscc", "应为18位数字或大写字母（不含 I、O、S、V、Z）")
        return code or None

    def instant(self, name: str, zone: ZoneInfo, now: datetime, *, owed: bool) -> datetime | None:
        """Return an instant that lies in the past."""
        if not self.peek(name):
            if owed:
                self.note(name, f"缺少时间，{_HOW_TO_WRITE_TIME}")
            return None
        instant = self._read(name, zone)
        if instant is not None and instant > now:
            self.note(name, f"{instant:%Y-%m-%d %H:%M}在导入之后，不能是将来的时间")
        return instant

    def in_order(self, received_at: datetime | None, replied_at: datetime | None) -> datetime | None:
        """Return the reply's instant; a bare date (midnight) on the day of receipt is no earlier than the receipt."""
        if received_at is None or replied_at is None or replied_at >= received_at:
            return replied_at
        if replied_at.time() == time.min and replied_at.date() == received_at.date():
            return received_at
        self.note("replied_at", f"答复时间早于收到时间（{received_at:%Y-%m-%d %H:%M}），请核对")
        return replied_at

    def _read(self, name: str, zone: ZoneInfo) -> datetime | None:
        try:
            return read_instant(self.raw(name), zone)
        except Invalid as refusal:
            self.note(name, refusal.message)
            return None


def read_instant(value: object, zone: ZoneInfo) -> datetime:
    """Read a cell as an instant: a date cell, a serial number, or one of the usual written forms; a bare date is 00:00.

    Raise `Invalid` for anything else. What carries no time zone is taken to be in `zone`.
    """
    try:
        return _instant_of(value, zone)
    except (ValueError, OverflowError):
        raise Invalid(f"「{one_line(written(value))[:40]}」不是可识别的时间，{_HOW_TO_WRITE_TIME}。") from None


def _instant_of(value: object, zone: ZoneInfo) -> datetime:
    if isinstance(value, float | int) and _SERIAL_DAYS[0] <= value < _SERIAL_DAYS[1]:
        return datetime.combine(_DAY_ZERO, time.min, zone) + timedelta(seconds=round(value * _SECONDS_PER_DAY))
    text = unicodedata.normalize("NFKC", long_text(written(value)))
    match = _COMPACT.fullmatch(text) or _WRITTEN.fullmatch(text)
    if match is not None:
        return _of_parts(match.groupdict("0"), zone)
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)


def _of_parts(parts: Mapping[str, str], zone: ZoneInfo) -> datetime:
    day = date(*(int(parts[name]) for name in ("year", "month", "day")))
    hour, minute, second = (int(parts[name]) for name in ("hour", "minute", "second"))
    return datetime.combine(day, time(_of_half(hour, parts.get("half")), minute, second), zone)


def _of_half(hour: int, half: str | None) -> int:
    if half == "上午" and hour == _NOON:
        return 0
    return hour + _NOON if half == "下午" and hour < _NOON else hour


def one_line(text: str) -> str:
    """Return the text as one line: line breaks, tabs and full-width spaces become single spaces."""
    return " ".join(long_text(text).split())


def long_text(text: str) -> str:
    """Return the text without white space, full-width and zero-width spaces at its edges."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(_BLANKS)


def written(value: object) -> str:
    """Return a cell as text; a whole number has no decimal point."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _is_readable(character: str) -> bool:
    return character in _ALLOWED_CONTROLS or unicodedata.category(character) not in ("Cc", "Cs")
