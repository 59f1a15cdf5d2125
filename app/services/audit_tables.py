"""An export as tables with Chinese headings, for those who read it rather than verify it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from app.domain.access import OTHER_READING, READINGS, roles_in_words
from app.domain.act_kind import ACT_NAMES, OTHER_ACT
from app.domain.appeal import STATUS_NAMES, AppealStatus
from app.domain.audit_record import KEY, RecordKind
from app.domain.clock import OFFICE_TIMEZONE
from app.domain.errors import Invalid
from app.domain.timeline import canonical
from app.gateways.workbook_file import Cell, Sheet
from app.services.audit_export import Record

MOST_ROWS = 1_000_000
Column = tuple[str, Callable[[Record], Cell | None], int]


def audit_sheets(records: Sequence[Record]) -> list[Sheet]:
    """Return the sheets of an export: one for each kind; raise `Invalid` for more than one holds."""
    numbered, numbers = [], {}
    number = ""
    for record in records:
        if record[KEY] is RecordKind.APPEAL:
            number = numbers[record["id"]] = record["number"]
        numbered.append({**record, "number": numbers.get(record.get("appeal_id"), number)})
    return [_sheet(name, kind, columns, numbered) for kind, (name, columns) in _SHEETS.items()]


def _sheet(name: str, kind: RecordKind, columns: Sequence[Column], records: Sequence[Record]) -> Sheet:
    rows = [[cell(record) for _, cell, _ in columns] for record in records if record[KEY] is kind]
    if len(rows) > MOST_ROWS:
        raise Invalid(f"「{name}」有{len(rows)}行，工作簿放不下，请缩短起止日期，或导出为 .jsonl。")
    return Sheet(name, [heading for heading, _, _ in columns], rows, {n: one[2] for n, one in enumerate(columns)})


def _plain(name: str) -> Callable[[Record], Cell | None]:
    return lambda record: _cell(record[name])


def _cell(value: object) -> Cell | None:
    if isinstance(value, datetime):
        return f"{value.astimezone(OFFICE_TIMEZONE):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return str(value)
    if isinstance(value, Mapping):
        return canonical(value)
    return value if isinstance(value, int) or value is None else str(value)


def _roles(record: Record) -> str:
    return "、".join(roles_in_words(record["actor_roles"]))


def _status(name: str) -> Callable[[Record], str]:
    return lambda record: "" if record[name] is None else STATUS_NAMES[AppealStatus(record[name])]


def _act(record: Record) -> str:
    return ACT_NAMES.get(record["action"], OTHER_ACT)


def _reading(record: Record) -> str:
    return READINGS.get(record["what"], OTHER_READING)


_WHO: Final[tuple[Column, ...]] = (("人员", _plain("actor_name"), 20), ("角色", _roles, 20))
_DIGEST: Final[Column] = ("摘要", _plain("digest"), 68)
_SHEETS: Final[Mapping[RecordKind, tuple[str, Sequence[Column]]]] = {
    RecordKind.EVENT: (
        "流转记录",
        (
            ("诉求编号", _plain("number"), 22),
            ("序号", _plain("sequence"), 6),
            ("动作", _plain("action"), 20),
            *_WHO,
            ("原状态", _status("from_status"), 14),
            ("新状态", _status("to_status"), 14),
            ("时间", _plain("at"), 20),
            ("登记时间", _plain("recorded_at"), 20),
            ("理由", _plain("reason"), 50),
            ("附带信息", _plain("payload"), 50),
            _DIGEST,
        ),
    ),
    RecordKind.ACT: (
        "管理操作",
        (
            ("序号", _plain("id"), 8),
            ("时间", _plain("at"), 20),
            *_WHO,
            ("动作", _act, 22),
            ("动作代码", _plain("action"), 26),
            ("对象", _plain("subject"), 40),
            ("附带信息", _plain("payload"), 50),
            _DIGEST,
        ),
    ),
    RecordKind.ACCESS: (
        "查阅记录",
        (
            ("诉求编号", _plain("number"), 22),
            ("时间", _plain("at"), 20),
            *_WHO,
            ("部门", _plain("department"), 16),
            ("查阅内容", _reading, 16),
            ("事由", _plain("purpose"), 40),
        ),
    ),
    RecordKind.ANCHOR: (
        "锚点",
        (
            ("日期", _plain("day"), 12),
            ("诉求", _plain("appeals"), 8),
            ("流转记录", _plain("events"), 10),
            ("管理操作", _plain("acts"), 10),
            ("查阅记录", _plain("accesses"), 10),
            _DIGEST,
            ("算法", _plain("algorithm"), 8),
            ("签名", _plain("signature"), 50),
            ("密钥", _plain("key_id"), 18),
            ("锚定时间", _plain("recorded_at"), 20),
        ),
    ),
}
