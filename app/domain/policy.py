"""A policy: one jurisdiction's limits, departments, categories, ladder and targets, each with its clause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from app.domain.clause import Clause
from app.domain.clock_kind import STATUTORY_CLOCKS, ClockKind
from app.domain.commitment import Commitment
from app.domain.document import Document
from app.domain.errors import Fault, Invalid
from app.domain.limit import Limit
from app.domain.track import Track


class Level(StrEnum):
    """How hard an appeal is; it selects the handling limit (葛店 53) and the extension."""

    ORDINARY = "ordinary"
    DIFFICULT = "difficult"
    STUBBORN = "stubborn"


LEVEL_NAMES = {Level.ORDINARY: "一般", Level.DIFFICULT: "疑难", Level.STUBBORN: "攻坚"}
_EASIER = {Level.STUBBORN: Level.DIFFICULT, Level.DIFFICULT: Level.ORDINARY}


@dataclass(frozen=True, slots=True)
class Department:
    """Who answers; exactly one department of a policy dispatches."""

    code: str
    name: str
    dispatches: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """What an appeal is about and who usually answers it; `transfer` leaves for another body."""

    code: str
    name: str
    examples: str
    lead: str
    supports: tuple[str, ...]
    clause: Clause
    transfer: bool = False
    confidential: bool = False

    @property
    def departments(self) -> tuple[str, ...]:
        """The routing list: the lead first, then the supports."""
        return (self.lead, *self.supports)


@dataclass(frozen=True, slots=True)
class LimitEntry:
    """One limit with its clause; `reminders` are working days before due."""

    limit: Limit
    clause: Clause
    reminders: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitRule:
    """The limits of one clock kind by level; a level without its own takes the next easier one's."""

    kind: ClockKind
    entries: Mapping[Level, LimitEntry]

    def at(self, level: Level) -> LimitEntry:
        """Return the entry that applies at the level."""
        return self.entries[level] if level in self.entries else self.at(_EASIER[level])


@dataclass(frozen=True, slots=True)
class Extension:
    """How long and how often the handling of a level may be extended."""

    limit: Limit
    times: int
    clause: Clause


@dataclass(frozen=True, slots=True)
class Reason:
    """One entry of a closed list: a refusal, termination, redirect channel, suspension cause or defect."""

    code: str
    name: str
    clause: Clause | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the supervision ladder."""

    number: int
    name: str
    trigger: str
    act: str
    decided_by: str
    clause: Clause


@dataclass(frozen=True, slots=True)
class Target:
    """The least value that an indicator must reach; `value` is exact, so 49 of 50 meets 98%."""

    indicator: str
    name: str
    value: Fraction
    written: str
    clause: Clause


Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one jurisdiction in one version; an appeal pins the version under which it was filed."""

    jurisdiction: str
    name: str
    parent: str | None
    version: str
    effective_on: date
    prefix: str
    switches: frozenset[str]
    documents: Mapping[str, Document]
    departments: Mapping[str, Department]
    categories: Mapping[str, Category]
    limits: Mapping[ClockKind, LimitRule]
    extensions: Mapping[Level, Extension]
    windows: Mapping[str, Limit]
    refusals: Mapping[str, Reason]
    terminations: Mapping[str, Reason]
    redirect_channels: Mapping[str, Reason]
    suspension_causes: Mapping[str, Reason]
    defects: Mapping[str, Reason]
    rungs: Mapping[int, Rung]
    targets: Mapping[str, Target]
    tracks: Mapping[str, Track]
    commitments: Mapping[str, Commitment]

    def limit_for(self, kind: ClockKind, *, level: Level, track: str | None = None) -> tuple[Limit, Clause]:
        """Return the limit of a clock kind at a level, with its clause; a statutory kind has it from the track."""
        if kind in STATUTORY_CLOCKS:
            statutory = _pick(self.track(track or "").limits, kind, "clock", "法定期限")
            return statutory.limit, statutory.clause
        entry = _pick(self.limits, kind, "clock", "时限种类").at(level)
        return entry.limit, entry.clause

    def clause_for(self, kind: ClockKind, *, level: Level = Level.ORDINARY, track: str | None = None) -> Clause:
        """Return the clause that a clock kind rests on."""
        return self.limit_for(kind, level=level, track=track)[1]

    def reminders_for(self, kind: ClockKind) -> tuple[int, ...]:
        """Return how many working days before due the reminders go out; most kinds have none."""
        return _pick(self.limits, kind, "clock", "时限种类").at(Level.ORDINARY).reminders

    def extension_for(self, level: Level) -> tuple[Limit, int]:
        """Return the longest extension of a level and how often it may be granted."""
        extension = self.extensions[level]
        return extension.limit, extension.times

    def window(self, name: str) -> Limit:
        """Return how long a right lasts: `return` or `reopen`."""
        return _pick(self.windows, name, "window", "期间")

    def category(self, code: str) -> Category:
        """Return a category by its code; raise `Invalid` for an unknown one."""
        return _pick(self.categories, code, "category", "诉求类别")

    def department(self, code: str) -> Department:
        """Return a department by its code; raise `Invalid` for an unknown one."""
        return _pick(self.departments, code, "department", "承办单位")

    def refusal(self, code: str) -> Reason:
        """Return a ground for not accepting an appeal."""
        return _pick(self.refusals, code, "refusal", "不予受理情形")

    def termination(self, code: str) -> Reason:
        """Return a ground for terminating an appeal."""
        return _pick(self.terminations, code, "termination", "终止情形")

    def redirect_channel(self, code: str) -> Reason:
        """Return a channel outside the process."""
        return _pick(self.redirect_channels, code, "channel", "其他渠道")

    def suspension_cause(self, code: str) -> Reason:
        """Return a cause for which the clocks may pause."""
        return _pick(self.suspension_causes, code, "cause", "暂停事由")

    def defect(self, code: str) -> Reason:
        """Return a defect for which a reply is sent back."""
        return _pick(self.defects, code, "defect", "退回情形")

    def commitment(self, code: str) -> Commitment:
        """Return a service commitment that an appeal may cite; raise `Invalid` for an unknown one."""
        if code not in self.commitments:
            reason = f"请从 /api/v1/policies/{self.jurisdiction} 的 commitments 中选择"
            raise Invalid("本辖区的规则包没有这项承诺。", Fault("commitment", reason))
        return self.commitments[code]

    def track(self, code: str) -> Track:
        """Return a statutory track by its code; the refusal of an unknown one lists all with their names."""
        if code not in self.tracks:
            listed = "、".join(f"{one.code}（{one.name}）" for one in self.tracks.values())
            raise Invalid("没有这个法定期限类别。", Fault("track", f"应为以下之一，均不属于的请不要填写：{listed}"))
        return self.tracks[code]

    @property
    def dispatching_office(self) -> Department:
        """The one department that accepts and dispatches."""
        return next(one for one in self.departments.values() if one.dispatches)


Code = TypeVar("Code", bound=str)


def _pick(entries: Mapping[Code, Entry], code: Code, field: str, label: str) -> Entry:
    if code not in entries:
        raise Invalid(f"没有这个{label}。", Fault(field, f"应为以下之一：{'、'.join(entries)}"))
    return entries[code]
