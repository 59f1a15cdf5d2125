"""Whether the clocks of an appeal were in time, as of an instant."""

from datetime import date, datetime
from uuid import UUID

from app.api.schemas.base import Instant, Output, example
from app.api.schemas.cases import CLOCK_EXAMPLE
from app.domain.calendar import WorkCalendar
from app.domain.case import Case, ClockState
from app.domain.clock_kind import CLOCK_NAMES, ClockKind
from app.domain.judging import Judgement, judge
from app.domain.verdict import Verdict


class JudgementOut(Output):
    """What can be said of one clock as of an instant; `late_by` in working days, 0 for less than one."""

    clock_id: UUID
    kind: ClockKind
    name: str
    round: int
    state: ClockState
    started_at: Instant
    stopped_at: Instant | None
    due_day: date
    due_at: Instant
    provisional: bool
    late: bool
    late_by: int
    verdict: Verdict | None
    calendar_version: str


class JudgementsOut(Output):
    """The clocks that had started by an instant, judged from what was known then, under which policy version."""

    model_config = example(
        as_of="2026-11-20T01:30:00Z",
        policy_version="2025.1",
        items=[
            {
                "clock_id": CLOCK_EXAMPLE["id"],
                "kind": "handling",
                "name": "办结",
                "round": 1,
                "state": "running",
                "started_at": "2026-11-16T01:30:00Z",
                "stopped_at": None,
                "due_day": "2026-11-23",
                "due_at": "2026-11-23T16:00:00Z",
                "provisional": False,
                "late": False,
                "late_by": 0,
                "verdict": None,
                "calendar_version": "CN-2026-1a2b3c4d",
            }
        ],
    )

    as_of: Instant
    policy_version: str
    items: list[JudgementOut]


def judgements_out(case: Case, calendar: WorkCalendar, as_of: datetime) -> JudgementsOut:
    """Judge every clock of a case as of an instant."""
    judged = [found for clock in case.clocks if (found := judge(clock, as_of, calendar)) is not None]
    return JudgementsOut(as_of=as_of, policy_version=case.policy.version, items=[_judgement(one) for one in judged])


def _judgement(judged: Judgement) -> JudgementOut:
    clock = judged.clock
    return JudgementOut(
        clock_id=clock.id,
        kind=clock.kind,
        name=CLOCK_NAMES[clock.kind],
        round=clock.round,
        state=clock.state,
        started_at=clock.started_at,
        stopped_at=clock.stopped_at,
        due_day=clock.due_day,
        due_at=clock.due_at,
        provisional=clock.provisional,
        late=judged.late,
        late_by=judged.late_by,
        verdict=clock.verdict,
        calendar_version=clock.calendar_version,
    )
