"""The explanation of a clock: as data, and as sentences for a letter."""

from datetime import date, datetime

from app.api.schemas.base import Instant, Output, example
from app.api.schemas.cases import CLOCK_EXAMPLE, ClockOut, clock_out
from app.domain.case import Case, Clock
from app.domain.explanation import Explanation


class ExplainedDayOut(Output):
    """One day: what it is, whether it counted, and why."""

    day: date
    weekday: str
    kind: str
    name: str | None
    counted: bool
    ordinal: int | None
    why: str


class NoticeOut(Output):
    """The State Council notice that decided about days on the way."""

    year: int
    number: str
    title: str
    url: str


class ExplanationOut(Output):
    """Day by day and in sentences why the clock is due when it is due."""

    model_config = example(
        clock=CLOCK_EXAMPLE,
        due_day="2026-11-23",
        due_at="2026-11-23T16:00:00Z",
        provisional=False,
        days=[
            {
                "day": "2026-11-17",
                "weekday": "周二",
                "kind": "working",
                "name": None,
                "counted": True,
                "ordinal": 1,
                "why": "第1个工作日",
            }
        ],
        sentences=["自2026年11月16日收到之次日起算。", "期限为5个工作日。"],
        clause=CLOCK_EXAMPLE["clause"],
        calendar_version="CN-2026-1a2b3c4d",
        notices=[],
    )

    clock: ClockOut
    due_day: date | None
    due_at: Instant | None
    provisional: bool
    days: list[ExplainedDayOut]
    sentences: list[str]
    clause: str
    calendar_version: str
    notices: list[NoticeOut]


def explanation_out(clock: Clock, case: Case, explanation: Explanation, *, now: datetime) -> ExplanationOut:
    """Return the explanation with the clause that the limit comes from."""
    _, clause = case.policy.limit_for(clock.kind, level=case.appeal.level)
    due = explanation.due
    return ExplanationOut.model_validate(
        {
            "clock": clock_out(clock, case, now=now),
            "due_day": due and due.day,
            "due_at": due and due.at,
            "provisional": clock.provisional,
            "days": explanation.days,
            "sentences": [*explanation.sentences, f"期限依据：{clause.chinese}"],
            "clause": clause.chinese,
            "calendar_version": explanation.calendar_version,
            "notices": explanation.notices,
        },
        from_attributes=True,
    )
