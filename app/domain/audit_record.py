"""The records of an export, and verifying them one after another without any database."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.domain.anchor import Anchor, anchor_of, days_between
from app.domain.errors import Invalid
from app.domain.examination import Examination, Report, Seals
from app.domain.history import ChainEnd, Event, Life

KEY: Final = "record"


class RecordKind(StrEnum):
    """What a line of an export is."""

    EXPORT = "export"
    ANCHOR = "anchor"
    APPEAL = "appeal"
    EVENT = "event"
    ACT = "act"
    ACCESS = "access"
    END = "end"


class _File:
    """The records of one export as they come."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals
        self._header: Mapping[str, Any] | None = None
        self._anchors: list[Anchor] = []
        self._examination: Examination | None = None
        self._appeal: Mapping[str, Any] | None = None
        self._events: list[Event] = []
        self._count, self._is_whole = 0, False
        self._takers: dict[RecordKind, Callable[[dict[str, Any]], None]] = {
            RecordKind.EXPORT: self._take_header,
            RecordKind.ANCHOR: lambda record: self._anchors.append(anchor_of(_with_days(record))),
            RecordKind.APPEAL: self._take_appeal,
            RecordKind.EVENT: self._events_append,
            RecordKind.ACT: lambda record: self._open().take_act(_with_instants(record)),
            RecordKind.ACCESS: lambda record: self._open().take_access(_with_instants(record)),
            RecordKind.END: self._take_end,
        }

    def take(self, record: dict[str, Any]) -> None:
        """Take the next record."""
        kind = RecordKind(record.pop(KEY))
        if kind is not RecordKind.EVENT and kind is not RecordKind.ANCHOR:
            self._close_life()
        self._takers[kind](record)
        self._count += 1

    def report(self) -> Report:
        """Return what was found, when all records have been taken."""
        self._close_life()
        examination = self._open()
        header = self._header
        if header is None or not self._is_whole:
            examination.note_incomplete()
        elif header["is_complete"]:
            since, until = date.fromisoformat(header["since"]), date.fromisoformat(header["until"])
            examination.verify_contents(frozenset(days_between(since, until)))
        examination.verify_seals()
        return examination.report

    def _take_header(self, record: dict[str, Any]) -> None:
        self._header = record

    def _take_appeal(self, record: dict[str, Any]) -> None:
        self._appeal = record

    def _events_append(self, record: dict[str, Any]) -> None:
        self._events.append(_with_instants(record))

    def _take_end(self, record: dict[str, Any]) -> None:
        self._is_whole = record["records"] == self._count

    def _open(self) -> Examination:
        """Return the examination; it begins when all anchors are known."""
        if self._examination is None:
            self._examination = Examination(self._anchors, self._seals)
        return self._examination

    def _close_life(self) -> None:
        appeal, events = self._appeal, self._events
        self._appeal, self._events = None, []
        if appeal is not None:
            end = ChainEnd(appeal["event_count"], appeal["chain_head"], appeal["status"])
            life = Life(UUID(appeal["id"]), appeal["number"], end, events)
            self._open().take_life(life)


def verify_records(records: Iterable[dict[str, Any]], seals: Seals) -> Report:
    """Verify an export; raise `Invalid` for a record that is none, naming its line."""
    file = _File(seals)
    for line, record in enumerate(records, start=1):
        try:
            file.take(record)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Invalid(f"第{line}行不是导出的记录，请核对文件。") from error
    return file.report()


def _with_instants(record: dict[str, Any]) -> dict[str, Any]:
    instants: dict[str, Any] = {
        name: datetime.fromisoformat(record[name]) for name in ("at", "recorded_at") if name in record
    }
    return {**record, **instants}


def _with_days(record: dict[str, Any]) -> dict[str, Any]:
    return {**_with_instants(record), "day": date.fromisoformat(record["day"])}
