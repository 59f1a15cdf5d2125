"""The explanation of a clock: as data, and as sentences for a letter."""

from datetime import date, datetime
from typing import Any

from app.api.schemas.base import Instant, Output, example
from app.api.schemas.cases import CLOCK_EXAMPLE, ClockOut, clock_out
from app.api.schemas.clauses import ClauseOut, clause_values
from app.domain.case import Case, Clock
from app.domain.clock import Switch
from app.domain.clock_kind import ClockKind
from app.domain.competing import CompetingLimit, competing_limits, competing_sentence
from app.domain.explanation import ExplainedExtension, Explanation, origin_sentence
from app.domain.verdict_sentences import verdict_sentences

PARTS = ("sentences", "days", "notices", "pauses", "extensions", "switches")


class ExplainedDayOut(Output):
    """One day: what it is, whether it counted, and why; `minutes` of working time for limits in working hours."""

    day: date
    weekday: str
    kind: str
    name: str | None
    counted: bool
    ordinal: int | None
    minutes: int | None
    why: str


class ExplainedPauseOut(Output):
    """One pause; `applied`: the count stood still for it."""

    started_at: Instant
    ended_at: Instant | None
    applied: bool


class ExplainedExtensionOut(Output):
    """The `number`-th of `count` extensions, and the due instant from which it goes on."""

    number: int
    count: int
    limit: str
    limit_text: str
    former_due_at: Instant | None


class ExplainedSwitchOut(Output):
    """A local rule that was on; `applied`: it changed the result."""

    switch: Switch
    applied: bool


class CompetingOut(Output):
    """One limit of the same matter; exactly one `governs`. No `due_day` before it counts and while it is paused."""

    kind: ClockKind
    name: str
    limit: str
    limit_text: str
    started_at: Instant | None
    due_day: date | None
    clause: str
    mark: str
    standing: str
    governs: bool
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
                "minutes": None,
                "why": "第1个工作日",
            }
        ],
        pauses=[],
        extensions=[],
        switches=[{"switch": "deemed_receipt", "applied": False}],
        sentences=["自2026年11月16日收到之次日起算。", "期限为5个工作日。"],
        clause=CLOCK_EXAMPLE["clause"],
        basis={
            "text": CLOCK_EXAMPLE["clause"],
            "words": "一般问题5个工作日、疑难问题15个工作日办结",
            "standing": "issued",
            "mark": "demanded",
        },
        calendar_version="CN-2026-1a2b3c4d",
        notices=[],
        competing=[
            {
                "kind": "handling",
                "name": "办结",
                "limit": "5 WD",
                "limit_text": "5个工作日",
                "started_at": "2026-11-16T01:30:00Z",
                "due_day": "2026-11-23",
                "clause": CLOCK_EXAMPLE["clause"],
                "mark": "demanded",
                "standing": "issued",
                "governs": True,
                "why": "没有与其并存且已起算的期限，按它判定是否逾期",
            }
        ],
    )

    clock: ClockOut
    due_day: date | None
    due_at: Instant | None
    provisional: bool
    days: list[ExplainedDayOut]
    pauses: list[ExplainedPauseOut]
    extensions: list[ExplainedExtensionOut]
    switches: list[ExplainedSwitchOut]
    sentences: list[str]
    clause: str
    basis: ClauseOut
    calendar_version: str
    notices: list[NoticeOut]
    competing: list[CompetingOut]


def explanation_out(clock: Clock, case: Case, explanation: Explanation, *, now: datetime) -> ExplanationOut:
    """Return the explanation with the clause that the limit comes from."""
    _, clause = case.policy.limit_for(clock.kind, level=case.appeal.level, track=case.appeal.track)
    due, competing = explanation.due, competing_limits(clock, case)
    compared = [sentence for sentence in (competing_sentence(competing),) if sentence]
    return ExplanationOut.model_validate(
        {
            "clock": clock_out(clock, case, now=now),
            "due_day": due and due.day,
            "due_at": due and due.at,
            "provisional": clock.provisional,
            "clause": clause.chinese,
            "basis": clause_values(clause),
            "calendar_version": explanation.calendar_version,
            **explanation_parts(explanation),
            "sentences": [
                *explanation.sentences,
                origin_sentence(clause.chinese),
                *compared,
                *verdict_sentences(clock),
            ],
            "competing": [_competing_values(one) for one in competing],
        },
        from_attributes=True,
    )


def explanation_parts(explanation: Explanation | None) -> dict[str, Any]:
    """Return the lists of an explanation, all empty where there is none."""
    if explanation is None:
        return {name: [] for name in PARTS}
    parts = {name: getattr(explanation, name) for name in PARTS}
    return parts | {"extensions": [_extension_values(one) for one in explanation.extensions]}


def _extension_values(extension: ExplainedExtension) -> dict[str, object]:
    return {
        "number": extension.number,
        "count": extension.count,
        "limit": str(extension.limit),
        "limit_text": extension.limit.chinese,
        "former_due_at": extension.former_due_at,
    }


def _competing_values(one: CompetingLimit) -> dict[str, object]:
    return {
        "kind": one.kind,
        "name": one.name,
        "limit": str(one.limit),
        "limit_text": one.limit.chinese,
        "started_at": one.started_at,
        "due_day": one.due_day,
        "clause": one.clause.chinese,
        "mark": one.clause.mark,
        "standing": one.clause.standing,
        "governs": one.governs,
        "why": one.why,
    }
