"""Which of several limits of the same matter governs: the shortest promise to the enterprise.

The longer ones stay outer limits and run as clocks of their own (domain.md 3.7, decision 11).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.appeal import AssignmentPart
from app.domain.case import Case, Clock, ClockState
from app.domain.clause import Clause
from app.domain.clock_kind import CLOCK_NAMES, STATUTORY_CLOCKS, ClockKind
from app.domain.document import Mark, Standing
from app.domain.explanation import chinese_day
from app.domain.limit import Limit
from app.domain.track import TrackStart

MATTERS = (
    (
        ClockKind.HANDLING,
        ClockKind.REWORK,
        ClockKind.DEPARTMENT_ANSWER,
        ClockKind.SUBSTANTIVE_REPLY,
        ClockKind.STATUTORY_DECISION,
        ClockKind.STATUTORY_MAXIMUM,
    ),
    (ClockKind.ACCEPTANCE, ClockKind.STATUTORY_ACCEPTANCE, ClockKind.STATUTORY_TRANSFER),
)
"""Kinds that promise the same thing: an answer, and a decision whether to take the appeal up."""

INTERNAL = frozenset({ClockKind.DEPARTMENT_ANSWER})
"""What one office owes another: it never governs what the enterprise was promised."""

DOUBTFUL = frozenset({Standing.DRAFT, Standing.NEWS, Standing.SUPERIOR})
"""Documents whose words may not hold: a draft, a report, a rule known from a press summary."""


@dataclass(frozen=True, slots=True)
class CompetingLimit:
    """One limit of the matter. `started_at` is none before it counts, `due_day` also while it is paused."""

    kind: ClockKind
    limit: Limit
    started_at: datetime | None
    due_day: date | None
    clause: Clause
    governs: bool
    why: str

    @property
    def name(self) -> str:
        """The clock's name in Chinese."""
        return CLOCK_NAMES[self.kind]


def competing_limits(clock: Clock, case: Case) -> tuple[CompetingLimit, ...]:
    """Return every limit that applies to the matter of a clock while it runs (or when it stopped); one governs."""
    kinds = next((matter for matter in MATTERS if clock.kind in matter), (clock.kind,))
    rivals = [rival for kind in kinds if (rival := _rival(kind, clock, case)) is not None]
    ruling = min(rivals, key=lambda rival: _rank(rival, case))
    started = (_limit(rival, ruling, rivals, case) for rival in rivals)
    to_come = _kinds_to_come(clock, case) - {rival.kind for rival in rivals}
    return (*started, *(_waiting(kind, case) for kind in kinds if kind in to_come))


def competing_sentence(limits: Iterable[CompetingLimit]) -> str | None:
    """Say in one sentence what competes and which one governs; none where nothing competes."""
    listed = tuple(limits)
    if len(listed) < 2:
        return None
    ruling = next(one for one in listed if one.governs)
    named = "、".join(f"{one.name}{one.limit.chinese}（{_until(one)}）" for one in listed)
    return f"同一事项有{len(listed)}项期限并存：{named}；以「{ruling.name}」为准：{ruling.why}。"


def _until(one: CompetingLimit) -> str:
    if one.started_at is None:
        return "尚未起算"
    return "暂停中" if one.due_day is None else f"至{chinese_day(one.due_day)}"


def _rival(kind: ClockKind, clock: Clock, case: Case) -> Clock | None:
    """Return the clock of a kind that stands beside the clock; of several departments' the lead's, the newest."""
    if kind is clock.kind:
        return clock
    beside = [one for one in case.clocks if one.kind is kind and _stands_beside(one, clock)]
    return max(beside, key=lambda one: (_is_the_leads(one, case), one.started_at), default=None)


def _stands_beside(other: Clock, clock: Clock) -> bool:
    if clock.stopped_at is None:
        return other.stopped_at is None
    return other.started_at <= clock.stopped_at and (other.stopped_at is None or other.stopped_at >= clock.stopped_at)


def _is_the_leads(clock: Clock, case: Case) -> bool:
    assignment = case.assignment(clock.assignment_id)
    return assignment is not None and assignment.part is AssignmentPart.LEAD


def _rank(clock: Clock, case: Case) -> tuple[bool, date, bool]:
    """The earliest promise to the enterprise first; of equal ones that of the jurisdiction's own document."""
    return clock.kind in INTERNAL, clock.due_day, _clause(clock.kind, case).mark is not Mark.DEMANDED


def _clause(kind: ClockKind, case: Case) -> Clause:
    return case.policy.clause_for(kind, level=case.appeal.level, track=case.appeal.track)


def _limit(clock: Clock, ruling: Clock, rivals: list[Clock], case: Case) -> CompetingLimit:
    clause, paused = _clause(clock.kind, case), clock.state is ClockState.PAUSED
    why = _why_it_governs(ruling, rivals, clause) if clock is ruling else _why_not(clock)
    return CompetingLimit(
        kind=clock.kind,
        limit=clock.limit,
        started_at=clock.started_at,
        due_day=None if paused else clock.due_day,
        clause=clause,
        governs=clock is ruling,
        why=why + ("，现已暂停，恢复后继续计算" if paused else "") + _reservation(clause),
    )


def _why_it_governs(ruling: Clock, rivals: list[Clock], clause: Clause) -> str:
    equal = any(one.due_day == ruling.due_day for one in rivals if one is not ruling)
    if len(rivals) == 1:
        return "没有与其并存且已起算的期限，按它判定是否逾期"
    if equal and clause.mark is Mark.DEMANDED:
        return "与其他期限同日到期，以本辖区文件要求的为准，按它判定是否逾期"
    if equal:
        return "与其他期限同日到期，以对企业的承诺为准，按它判定是否逾期"
    return "对企业的承诺中它最早到期，按它判定是否逾期"


def _why_not(clock: Clock) -> str:
    if clock.kind in INTERNAL:
        return "这是承办单位向受理单位反馈的内部期限，单独计时，不是对企业的承诺"
    if clock.kind in STATUTORY_CLOCKS:
        return "法定期限是外部上限，单独计时；对企业以更早到期的承诺为准"
    return "到期较晚，作为外部上限单独计时，不据以判定办理是否逾期"


def _reservation(clause: Clause) -> str:
    if clause.mark is Mark.PRACTICE:
        return "（惯例默认值，不作为文件要求）"
    return f"（{clause.document.note}）" if clause.standing in DOUBTFUL else ""


def _kinds_to_come(clock: Clock, case: Case) -> frozenset[ClockKind]:
    """Return the kinds that begin to count only when the appeal is assigned."""
    if clock.state is ClockState.STOPPED or case.active():
        return frozenset()
    track = case.policy.tracks.get(case.appeal.track or "")
    return INTERNAL | {kind for kind in STATUTORY_CLOCKS if track and track.begins(kind, TrackStart.ASSIGNED)}


def _waiting(kind: ClockKind, case: Case) -> CompetingLimit:
    limit, clause = case.policy.limit_for(kind, level=case.appeal.level, track=case.appeal.track)
    why = "自交办之日起算，尚未起算" + _reservation(clause)
    return CompetingLimit(kind, limit, None, None, clause, governs=False, why=why)
