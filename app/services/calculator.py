"""The deadline calculator: what the clocks would answer, for anybody, without an appeal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.clause import Clause
from app.domain.clock import Due, Promise
from app.domain.clock_kind import STATUTORY_CLOCKS, ClockKind
from app.domain.errors import Fault, Invalid
from app.domain.explanation import Explanation, explain
from app.domain.policy import Level, Policy
from app.domain.promise_reading import due_as_stated, read_instant, read_promise
from app.services.calendars import calendar_in_force
from app.services.office import Work

LONGEST_EXPLAINED = 732
"""From the event to the due day two years may be explained; a longer table would take more than a few milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks, as texts: either a limit, or the clock of a jurisdiction that has one."""

    received: str
    limit: str | None = None
    jurisdiction: str | None = None
    clock: ClockKind | None = None
    level: Level | None = None
    track: str | None = None
    pauses: Sequence[str] = ()
    extensions: Sequence[str] = ()
    switches: Sequence[str] = ()
    explain: bool = True


@dataclass(frozen=True, slots=True)
class Calculation:
    """The due date with everything that it was computed from; `explanation` only where it was asked for."""

    promise: Promise
    due: Due
    clause: Clause | None
    calendar_version: str
    explanation: Explanation | None


async def calculate(work: Work, question: Question, *, now: datetime) -> Calculation:
    """Compute a due date; raise `Invalid` for what cannot be counted, `NotFound` for an unknown jurisdiction."""
    _refuse_contradictions(question)
    policy = await _policy(work, question, now=now)
    promise, clause = _promise(question, policy)
    calendar = await calendar_in_force(work, question.jurisdiction)
    due = due_as_stated(promise, calendar)
    if question.explain and (due.at - promise.started_at).days > LONGEST_EXPLAINED:
        reason = f"到期日距收到超过{LONGEST_EXPLAINED}日的，不能逐日说明"
        raise Invalid(f"{reason}，请设 explain=false。", Fault("explain", reason))
    explanation = explain(promise, calendar) if question.explain else None
    return Calculation(promise, due, clause, calendar.version, explanation)


def _refuse_contradictions(question: Question) -> None:
    if (question.limit is None) == (question.clock is None):
        reason = "limit（期限）与 clock（时限种类）须填写其一，且只能填写其一"
        raise Invalid(f"{reason}。", Fault("limit", reason))
    if question.clock is not None and question.jurisdiction is None:
        raise Invalid("按时限种类计算须同时填写 jurisdiction（辖区）。", Fault("jurisdiction", "与 clock 同用时必填"))
    if question.level is not None and question.clock is None:
        raise Invalid("level（难易程度）只用于选取 clock 的期限，请删去。", Fault("level", "须与 clock 同用"))
    if question.track is not None and question.clock not in STATUTORY_CLOCKS:
        reason = f"只与这些 clock 同用：{'、'.join(STATUTORY_CLOCKS)}"
        raise Invalid(f"track（法定期限类别）{reason}。", Fault("track", reason))


async def _policy(work: Work, question: Question, *, now: datetime) -> Policy | None:
    """Return the policy in force on the day of the event, under which an appeal received then would be filed."""
    if question.jurisdiction is None:
        return None
    received_at = read_instant(question.received, "received")
    _, policy = await work.rules.current(work.connection, question.jurisdiction, received_at=received_at, now=now)
    return policy


def _promise(question: Question, policy: Policy | None) -> tuple[Promise, Clause | None]:
    """Return the promise and its clause; the policy's switches apply to its own limits, as they would to a clock."""
    limit, clause, switches = question.limit, None, set(question.switches)
    if policy is not None and question.clock is not None:
        level = question.level or Level.ORDINARY
        written, clause = policy.limit_for(question.clock, level=level, track=question.track)
        limit, switches = str(written), switches | policy.switches
    promise = read_promise(
        {
            "received": question.received,
            "limit": limit,
            "pauses": [text.split("/") for text in question.pauses],
            "extensions": list(question.extensions),
            "switches": sorted(switches),
        }
    )
    return promise, clause
