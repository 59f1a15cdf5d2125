"""Whether the history of one appeal is what was written: every fault that its digests can show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.domain.history_swaps import Swap, find_swap, fits
from app.domain.retention import ERASE
from app.domain.timeline import ERASED, words_digest

Event = dict[str, Any]


class FaultKind(StrEnum):
    """What was done to a history, as far as digests tell it; the Chinese names stand in `FAULT_NAMES`."""

    EDITED = "edited"
    MISSING = "missing"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    CUT_TAIL = "cut_tail"
    HEAD = "head"
    STATUS = "status"


FAULT_NAMES: Final = {
    FaultKind.EDITED: "内容被改动",
    FaultKind.MISSING: "缺少",
    FaultKind.INSERTED: "多出",
    FaultKind.SWAPPED: "顺序被调换",
    FaultKind.CUT_TAIL: "末尾被截断",
    FaultKind.HEAD: "尾链不符",
    FaultKind.STATUS: "状态不衔接",
}


@dataclass(frozen=True, slots=True)
class HistoryFault:
    """One thing wrong with one appeal's history; `sequence` is none where the whole is concerned."""

    kind: FaultKind
    sequence: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """Where an appeal itself says that its history ends."""

    event_count: int
    chain_head: str
    status: str


@dataclass(frozen=True, slots=True)
class Life:
    """One appeal with its history: events in the order of their sequence."""

    appeal_id: UUID
    number: str
    end: ChainEnd
    events: Sequence[Event] = field(default_factory=list)


def verify_history(events: Sequence[Event], end: ChainEnd) -> list[HistoryFault]:
    """Return every fault of a history whose events are given in the order of their sequence."""
    return [
        *_places(events, end),
        *_links(events),
        *_words(events),
        *_statuses(events),
        *_end(events, end),
    ]


def _places(events: Sequence[Event], end: ChainEnd) -> Iterator[HistoryFault]:
    """Every place from 1 to the end is taken once."""
    before = 0
    for event in events:
        place = event["sequence"]
        if place == before:
            yield HistoryFault(FaultKind.INSERTED, place, f"第{place}条出现了不止一次")
        elif place > before + 1:
            yield HistoryFault(FaultKind.MISSING, before + 1, f"缺少{_span(before + 1, place - 1)}")
        if place > end.event_count:
            yield HistoryFault(FaultKind.INSERTED, place, f"第{place}条超出了诉求所记的{end.event_count}条")
        before = place
    if before < end.event_count:
        yield HistoryFault(FaultKind.CUT_TAIL, before + 1, f"末尾缺少{_span(before + 1, end.event_count)}")


def _links(events: Sequence[Event]) -> Iterator[HistoryFault]:
    """Every event carries the digest of its content and of the digest before; after a gap that cannot be told."""
    broken = [place for place in range(len(events)) if _is_next(events, place) and not fits(events, place)]
    swap = find_swap(events, broken)
    if swap is not None:
        yield _swapped(events, swap)
    explained = () if swap is None else (swap.first, swap.first + 1, swap.second, swap.second + 1)
    for place in broken:
        if place not in explained:
            sequence = events[place]["sequence"]
            yield HistoryFault(FaultKind.EDITED, sequence, f"第{sequence}条的内容与它的摘要不符，或与前一条不衔接")


def _is_next(events: Sequence[Event], place: int) -> bool:
    before = events[place - 1]["sequence"] if place else 0
    return bool(events[place]["sequence"] == before + 1)


def _swapped(events: Sequence[Event], swap: Swap) -> HistoryFault:
    first, second = events[swap.first]["sequence"], events[swap.second]["sequence"]
    return HistoryFault(FaultKind.SWAPPED, first, f"第{first}条与第{second}条的内容互换了位置")


def _words(events: Sequence[Event]) -> Iterator[HistoryFault]:
    """Words fit their own digest, or an event that comes later says that they were erased by right.

    Once an appeal has such digests they stay.
    """
    separate, erased_before = False, max((one["sequence"] for one in events if one["action"] == ERASE), default=0)
    for event in events:
        sequence, stated = event["sequence"], event["words_digest"]
        if stated is None and separate:
            yield HistoryFault(FaultKind.EDITED, sequence, f"第{sequence}条去掉了理由与附带信息的摘要")
        elif stated is not None and words_digest(event) != stated and not _by_right(event, erased_before):
            yield HistoryFault(FaultKind.EDITED, sequence, f"第{sequence}条的理由或附带信息{_what_happened(event)}")
        separate = separate or stated is not None


def _by_right(event: Event, erased_before: int) -> bool:
    return event["sequence"] < erased_before and is_erased(event)


def is_erased(event: Event) -> bool:
    """Tell whether nothing but the mark of erasure stands in the place of an event's words."""
    return all(event[name] == value for name, value in ERASED.items())


def _what_happened(event: Event) -> str:
    return "已被删除，而这件诉求没有删除记载" if is_erased(event) else "与它的摘要不符"


def _statuses(events: Sequence[Event]) -> Iterator[HistoryFault]:
    """Every event begins where the one before ended."""
    status = None
    for event in events:
        if event["sequence"] > 1 and status is not None and event["from_status"] != status:
            yield HistoryFault(
                FaultKind.STATUS, event["sequence"], f"第{event['sequence']}条的原状态不是前一条办结后的状态"
            )
        status = event["to_status"]


def _end(events: Sequence[Event], end: ChainEnd) -> Iterator[HistoryFault]:
    """The last event is the one that the appeal names; where places are missing or left over, that is said already."""
    if not events or events[-1]["sequence"] != end.event_count:
        return
    last = events[-1]
    if last["digest"] != end.chain_head:
        yield HistoryFault(FaultKind.HEAD, last["sequence"], "最后一条的摘要与诉求所记的尾链不符，历史可能被整体改写")
    if last["to_status"] != end.status:
        yield HistoryFault(FaultKind.STATUS, last["sequence"], "诉求的现状与最后一条流转记录不符")


def _span(first: int, last: int) -> str:
    return f"第{first}条" if first == last else f"第{first}至{last}条（共{last - first + 1}条）"
