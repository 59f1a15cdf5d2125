"""One pass over everything that was recorded: histories, administrative acts, readings, and the anchors over them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.act import ActChain
from app.domain.anchor import (
    Algorithm,
    Anchor,
    AnchorFault,
    DayContent,
    MakeHasher,
    missing_days,
    verify_anchors,
    verify_content,
    verify_copies,
)
from app.domain.anchor_day import DayDigest
from app.domain.clock import office_day
from app.domain.history import FAULT_NAMES, Life, verify_history

ACTS = "管理操作"
ANCHORS = "锚点"
FILE = "文件"
INCOMPLETE = "不完整：开头或结尾的记录缺失，或记录数不符"
STRAY = "诉求本身已不存在，而流转记录还在"


@dataclass(frozen=True, slots=True)
class Seals:
    """What anchors are checked with.

    `trusted` are the public keys that may have signed, none: any; `copies` are digests by day that were kept elsewhere.
    """

    make: MakeHasher
    is_signed: Callable[[Anchor, bytes], bool]
    trusted: frozenset[str] = frozenset()
    copies: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault for its reader: where it is (an appeal's number, or what else), at which place, and what it is."""

    subject: str
    sequence: int | None
    kind: str
    sentence: str

    @property
    def line(self) -> str:
        """The finding in one line."""
        place = "" if self.sequence is None else f" 第{self.sequence}条"
        return f"{self.subject}{place}：{self.sentence}"


@dataclass(slots=True)
class Report:
    """What an examination went through, and what it found."""

    appeals: int = 0
    events: int = 0
    acts: int = 0
    accesses: int = 0
    anchors: int = 0
    findings: list[Finding] = field(default_factory=list)


class Examination:
    """Takes everything in the order in which anchors digest it: appeals by id, then acts, then readings by id."""

    def __init__(self, anchors: Sequence[Anchor], seals: Seals) -> None:
        self.report = Report(anchors=len(anchors))
        self._anchors, self._seals = anchors, seals
        self._algorithms = {anchor.day: anchor.algorithm for anchor in anchors}
        self._acts = ActChain()
        self._days: dict[date, DayDigest] = {}

    @property
    def days(self) -> frozenset[date]:
        """The days of what was taken in."""
        return frozenset(self._days)

    def take_life(self, life: Life) -> None:
        """Verify one appeal's history."""
        self.report.appeals += 1
        self.report.events += len(life.events)
        for fault in verify_history(life.events, life.end):
            sentence = f"{FAULT_NAMES[fault.kind]}。{fault.sentence}"
            self._find(life.number, fault.sequence, fault.kind, sentence)
        for event in life.events:
            day = self._day(event["recorded_at"])
            day.add_event(life.appeal_id, event["sequence"], event["digest"])

    def take_strays(self, appeal_id: UUID, events: int) -> None:
        """Note events whose appeal is gone."""
        self._find(str(appeal_id), None, "stray", f"{STRAY}（{events}条）")

    def note_incomplete(self) -> None:
        """Note that what was to be examined did not come whole."""
        self._find(FILE, None, "incomplete", INCOMPLETE)

    def take_act(self, act: dict[str, Any]) -> None:
        """Verify the next administrative act."""
        self.report.acts += 1
        for fault in self._acts.verify(act):
            self._find(ACTS, fault.act_id, "edited", fault.sentence)
        self._day(act["at"]).add_act(act["id"], act["digest"])

    def take_access(self, access: dict[str, Any]) -> None:
        """Take in a reading; only anchors say whether it was changed."""
        self.report.accesses += 1
        self._day(access["at"]).add_access(access)

    def verify_seals(self) -> None:
        """Verify the anchors without the history under them, and against the copies."""
        seals = self._seals
        self._find_all(verify_anchors(self._anchors, make=seals.make, is_signed=seals.is_signed, trusted=seals.trusted))
        self._find_all(verify_copies(self._anchors, seals.copies))

    def verify_contents(self, days: Collection[date] | None = None) -> None:
        """Compare the anchors, or those of some days, with what was taken in; all of these days must have been."""
        for anchor in self._anchors:
            if days is None or anchor.day in days:
                self.compare(anchor, self._content(anchor.day))

    def compare(self, anchor: Anchor, content: DayContent) -> None:
        """Compare one anchor with the content of its day."""
        fault = verify_content(anchor, content)
        self._find_all([] if fault is None else [fault])

    def find_missing(self, *, now: datetime) -> None:
        """Find the days, from the first that was taken in up to the last that is over, that have no anchor."""
        self._find_all(missing_days(self._anchors, min(self._days, default=None), now))

    def _content(self, day: date) -> DayContent:
        return self._digest(day).content()

    def _day(self, instant: datetime) -> DayDigest:
        return self._digest(office_day(instant))

    def _digest(self, day: date) -> DayDigest:
        if day not in self._days:
            algorithm = self._algorithms.get(day, Algorithm.SHA256)
            self._days[day] = DayDigest(self._seals.make(algorithm))
        return self._days[day]

    def _find_all(self, faults: Sequence[AnchorFault]) -> None:
        for fault in faults:
            self._find(f"{ANCHORS} {fault.day:%Y-%m-%d}", None, fault.kind, fault.sentence)

    def _find(self, subject: str, sequence: int | None, kind: str, sentence: str) -> None:
        self.report.findings.append(Finding(subject, sequence, kind, sentence))
