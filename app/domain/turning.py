"""How one move turns the clocks of its appeal."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.domain.appeal import Appeal, Assignment, AssignmentPart, Hold
from app.domain.appeal_action import AppealAction
from app.domain.calendar import WorkCalendar
from app.domain.case import Attempt, Case, Clock, ClockState
from app.domain.clock import Due, Pause, Promise, Switch, compute_due
from app.domain.clock_kind import STATUTORY_CLOCKS, ClockKind
from app.domain.former_due import Cause, FormerDue
from app.domain.judging import late_by, verdict_of
from app.domain.lifecycle import SERVICE_CLOCKS
from app.domain.limit import Limit
from app.domain.policy import Level, Policy
from app.domain.supervision import next_call
from app.domain.transition import Transition

ASSIGNMENT_CLOCKS = frozenset({ClockKind.SIGN, ClockKind.CONTACT, ClockKind.DEPARTMENT_ANSWER, ClockKind.RETURN_RULING})
"""Clocks that belong to one assignment rather than to the appeal."""

LEAD_CLOCKS = frozenset({ClockKind.CONTACT})
PETITION_CLOCKS = frozenset({ClockKind.PROCEDURAL_REPLY, ClockKind.SUBSTANTIVE_REPLY})
BAD_RATING_CLOCKS = frozenset({ClockKind.BAD_RATING_CONTACT, ClockKind.BAD_RATING_RECTIFICATION})

MakeId = Callable[[], UUID]


@dataclass(frozen=True, slots=True)
class Start:
    """What a new clock needs to know: its kind, from when it counts, and how long."""

    kind: ClockKind
    started_at: datetime
    limit: Limit
    assignment_id: UUID | None = None


def start_clock(start: Start, *, appeal: Appeal, policy: Policy, calendar: WorkCalendar, make_id: MakeId) -> Clock:
    """Start one clock: its due date comes from the promise and the calendar, and from nothing else."""
    switches = frozenset(Switch(name) for name in policy.switches)
    due = compute_due(Promise(started_at=start.started_at, limit=start.limit, switches=switches), calendar)
    clock = Clock(
        id=make_id(),
        appeal_id=appeal.id,
        kind=start.kind,
        round=appeal.round,
        limit=start.limit,
        started_at=start.started_at,
        due_day=due.day,
        due_at=due.at,
        provisional=due.provisional,
        calendar_version=calendar.version,
        assignment_id=start.assignment_id,
        original_due_at=due.at,
        switches=switches,
    )
    return _with_next(clock, calendar)


def turn(
    row: Transition,
    case: Case,
    attempt: Attempt,
    *,
    added: Sequence[Assignment],
    undone_at: datetime | None,
    make_id: MakeId,
) -> tuple[tuple[Clock, ...], tuple[Clock, ...]]:
    """Turn the clocks by one row: return the clocks that changed and the clocks that were started.

    `case.appeal` is the appeal as the move leaves it; `added` are the assignments that the move makes;
    `undone_at` is the instant of the move that a reviving row undoes.
    """
    changed = tuple(_changed_clocks(row, case, attempt, undone_at))
    started = tuple(
        _held_back(
            start_clock(start, appeal=case.appeal, policy=case.policy, calendar=case.calendar, make_id=make_id),
            case,
            attempt,
        )
        for kind in ClockKind
        if kind in row.starts and _applies(kind, case, attempt)
        for start in _starts(kind, case, attempt, added)
    )
    return changed, started


def recount(clock: Clock, calendar: WorkCalendar, now: datetime, *, cause: Cause) -> Clock:
    """Compute the due date anew and keep the former one; warn again if it moved ahead."""
    due = compute_due(clock.promise, calendar)
    warnings = 0 if due.at > max(clock.due_at, now) else clock.warnings
    return _with_next(_redated(replace(clock, warnings=warnings), due, calendar, now, cause), calendar)


def extend(clock: Clock, length: Limit, calendar: WorkCalendar, now: datetime) -> Clock:
    """Add an extension: so many more units from the old due day; the original due date is kept."""
    longer = replace(clock, extensions=(*clock.extensions, length))
    return recount(longer, calendar, now, cause=Cause.EXTENSION)


def relimit(clock: Clock, limit: Limit, calendar: WorkCalendar, now: datetime) -> Clock:
    """Give a clock another limit, counted from its original start (regrading never restarts it)."""
    return recount(replace(clock, limit=limit), calendar, now, cause=Cause.LIMIT)


def pull_forward(clock: Clock, *, due_at: datetime, like: Clock, calendar: WorkCalendar, now: datetime) -> Clock:
    """Let a master inherit the earliest due date of the appeals merged into it."""
    if due_at >= clock.due_at:
        return clock
    inherited = replace(
        clock, started_at=like.started_at, limit=like.limit, pauses=like.pauses, extensions=like.extensions
    )
    due = compute_due(inherited.promise, calendar)
    return _with_next(_redated(inherited, due, calendar, now, Cause.MERGER), calendar)


def stop(clock: Clock, now: datetime, calendar: WorkCalendar) -> Clock:
    """Stop a clock for good and fix the verdict; an open pause ends with it."""
    pauses = tuple(replace(pause, ended_at=pause.ended_at or now) for pause in clock.pauses)
    stopped = replace(
        clock,
        state=ClockState.STOPPED,
        stopped_at=now,
        next_at=None,
        pauses=pauses,
        # The lateness is counted on this calendar, which gives the same due date as the one that is named until now.
        calendar_version=calendar.version,
    )
    verdict = verdict_of(stopped)
    return replace(stopped, verdict=verdict, late_by=late_by(stopped, verdict, calendar))


def pause(clock: Clock, now: datetime) -> Clock:
    """Pause a clock; the days before stay used up."""
    return replace(clock, state=ClockState.PAUSED, next_at=None, pauses=(*clock.pauses, Pause(now, None)))


def resume(clock: Clock, now: datetime, calendar: WorkCalendar) -> Clock:
    """Let a paused clock run on: the day of resumption is a new day 0 and the rest is counted from it."""
    *before, last = clock.pauses
    pauses = (*before, replace(last, ended_at=now))
    return recount(replace(clock, state=ClockState.RUNNING, pauses=pauses), calendar, now, cause=Cause.PAUSE)


def revive(clock: Clock, now: datetime, calendar: WorkCalendar, *, net: bool) -> Clock:
    """Undo a stop: the clock is deemed never stopped; `net` leaves out the time between stop and now."""
    stopped_at = clock.stopped_at or now
    pauses = (*clock.pauses, Pause(stopped_at, now)) if net and stopped_at < clock.due_at else clock.pauses
    running = replace(clock, state=ClockState.RUNNING, stopped_at=None, verdict=None, late_by=None, pauses=pauses)
    return recount(running, calendar, now, cause=Cause.UNDONE)


def follow_calendar(clock: Clock, calendar: WorkCalendar, now: datetime) -> Clock:
    """Compute an open clock anew under a calendar that was just published.

    A paused clock is dated as if it had not been paused, as it was before; it is counted again when it resumes.
    A breach that was announced under the old calendar and does not stand under the new one is withdrawn.
    """
    if clock.state is ClockState.PAUSED:
        due = compute_due(replace(clock.promise, pauses=clock.pauses[:-1]), calendar)
        return _withdrawn(_redated(clock, due, calendar, now, Cause.CALENDAR), now)
    moved = recount(clock, calendar, now, cause=Cause.CALENDAR)
    return _with_next(_withdrawn(moved, now), calendar)


def _withdrawn(clock: Clock, now: datetime) -> Clock:
    if clock.breached_at is None or clock.is_late(now):
        return clock
    return replace(clock, breached_at=None, ordered_at=None, warnings=0)


def _redated(clock: Clock, due: Due, calendar: WorkCalendar, now: datetime, cause: Cause) -> Clock:
    """Give the clock another due date; where it differs, the old one is kept."""
    former = FormerDue(now, clock.due_at, clock.provisional, clock.calendar_version, cause)
    same = (due.at, due.provisional) == (clock.due_at, clock.provisional)
    return replace(
        clock,
        due_day=due.day,
        due_at=due.at,
        provisional=due.provisional,
        calendar_version=calendar.version,
        former_dues=clock.former_dues if same else (*clock.former_dues, former),
    )


def _changed_clocks(row: Transition, case: Case, attempt: Attempt, undone_at: datetime | None) -> Iterable[Clock]:
    for clock in case.clocks:
        if not _concerned(clock, attempt):
            continue
        turned = _turned(row, case, attempt, clock)
        if clock.state is ClockState.STOPPED and clock.kind in row.revives and clock.stopped_at == undone_at:
            net = row.action is AppealAction.SEND_BACK and clock.kind is not ClockKind.STATUTORY_MAXIMUM
            turned = revive(clock, attempt.now, case.calendar, net=net)
        if turned is not clock:
            yield turned


def _turned(row: Transition, case: Case, attempt: Attempt, clock: Clock) -> Clock:
    if clock.kind in row.stops and clock.kind not in attempt.given.keeps and clock.state is not ClockState.STOPPED:
        return stop(clock, attempt.now, case.calendar)
    if clock.kind in row.pauses and clock.state is ClockState.RUNNING:
        return pause(clock, attempt.now)
    if clock.kind in row.resumes and clock.state is ClockState.PAUSED:
        return resume(clock, attempt.now, case.calendar)
    return clock


def _concerned(clock: Clock, attempt: Attempt) -> bool:
    """A move on one assignment leaves the clocks of the others alone; a resolving reply speaks for all of them."""
    given = attempt.given
    if clock.kind is ClockKind.SUPERVISION_ANSWER:
        return given.clock_id in (None, clock.id)
    if clock.kind not in ASSIGNMENT_CLOCKS or given.reply is not None:
        return True
    return given.assignment_id in (None, clock.assignment_id)


def _held_back(clock: Clock, case: Case, attempt: Attempt) -> Clock:
    """What a department owes stands still from its start while the appeal is suspended or shelved."""
    held = case.appeal.hold in (Hold.SUSPENDED, Hold.SHELVED) and clock.kind in SERVICE_CLOCKS
    return pause(clock, attempt.now) if held else clock


def _applies(kind: ClockKind, case: Case, attempt: Attempt) -> bool:
    if kind in PETITION_CLOCKS:
        return case.appeal.petition
    if kind in BAD_RATING_CLOCKS:
        return attempt.given.heard.satisfied is False
    if kind in STATUTORY_CLOCKS:
        return _has_begun(kind, case)
    return True


def _has_begun(kind: ClockKind, case: Case) -> bool:
    """A statutory limit counts from its event once: an appeal taken out of a merger is assigned a second time."""
    track = case.policy.tracks.get(case.appeal.track or "")
    return track is not None and track.begins(kind, case.appeal.status) and case.running(kind) is None


def _starts(kind: ClockKind, case: Case, attempt: Attempt, added: Sequence[Assignment]) -> Iterable[Start]:
    started_at = attempt.given.counted_from or attempt.now
    limit = attempt.given.limit if attempt.given.clock_kind is kind else None
    limit = limit or case.policy.limit_for(kind, level=Level(case.appeal.level), track=case.appeal.track)[0]
    if kind is ClockKind.RETURN_RULING:
        return [Start(kind, started_at, limit, attempt.given.assignment_id)]
    if kind not in ASSIGNMENT_CLOCKS:
        return [Start(kind, started_at, limit)]
    return [
        Start(kind, started_at, limit, one.id)
        for one in added
        if one.part is AssignmentPart.LEAD or kind not in LEAD_CLOCKS
    ]


def _with_next(clock: Clock, calendar: WorkCalendar) -> Clock:
    call = next_call(clock, calendar)
    return replace(clock, next_at=None if call is None else call.at)
