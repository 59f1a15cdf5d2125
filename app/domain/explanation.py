"""Why a clock ends when it ends: every day from day 0 to the due day, and sentences that a letter can quote."""

from dataclasses import dataclass

from app.domain.calendar import Notice, WorkCalendar
from app.domain.clock import Due, compute_due
from app.domain.counting import Promise, legs_of
from app.domain.explained_days import ExplainedDay, explained_days
from app.domain.explained_parts import (
    ExplainedExtension,
    ExplainedPause,
    ExplainedSwitch,
    explained_extensions,
    explained_pauses,
    explained_switches,
    told_legs,
)
from app.domain.explained_sentences import (
    break_sentences,
    calendar_sentence,
    chinese_day,
    chinese_instant,
    counted_sentences,
    due_sentences,
    hour_sentences,
    leg_sentences,
    limit_sentence,
    origin_sentence,
    start_sentence,
    switch_sentences,
)

__all__ = [
    "ExplainedDay",
    "ExplainedExtension",
    "ExplainedPause",
    "ExplainedSwitch",
    "Explanation",
    "chinese_day",
    "chinese_instant",
    "explain",
    "origin_sentence",
]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole answer; `due` is None while the clock is paused, and the days then end with the pause day."""

    due: Due | None
    days: tuple[ExplainedDay, ...]
    sentences: tuple[str, ...]
    pauses: tuple[ExplainedPause, ...]
    extensions: tuple[ExplainedExtension, ...]
    switches: tuple[ExplainedSwitch, ...]
    calendar_version: str
    notices: tuple[Notice, ...]


def explain(promise: Promise, calendar: WorkCalendar) -> Explanation:
    """Explain the promise day by day; raises `Invalid` as `compute_due` does, but answers for a paused clock too."""
    due = None if promise.is_paused else compute_due(promise, calendar)
    legs = () if promise.limit.unit.is_hourly else tuple(told_legs(legs_of(promise, calendar), calendar))
    days = explained_days(promise, legs, promise.pauses[-1].started_at if due is None else due.at, calendar)
    pauses = explained_pauses(promise, legs, due)
    extensions = explained_extensions(promise, legs, calendar)
    switches = explained_switches(promise, legs)
    notices = tuple(dict.fromkeys(notice for row in days if (notice := calendar.notice_of(row.day))))
    return Explanation(
        due=due,
        days=days,
        sentences=(
            start_sentence(promise, legs, calendar),
            limit_sentence(promise.limit),
            *switch_sentences(promise, switches, legs, due),
            *counted_sentences(promise, days),
            *break_sentences(days, calendar),
            *leg_sentences(legs, extensions, calendar),
            *hour_sentences(promise, pauses, extensions, calendar),
            *due_sentences(due),
            calendar_sentence(calendar, notices),
        ),
        pauses=pauses,
        extensions=extensions,
        switches=switches,
        calendar_version=calendar.version,
        notices=notices,
    )
