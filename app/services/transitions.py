"""The only writer of an appeal's status: it turns the clocks, appends the event and records the announcement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar
from uuid import UUID

from app.domain.appeal import Appeal, Assignment, departments_of
from app.domain.appeal_action import AppealAction
from app.domain.case import Attempt, Case, Clock, ClockState, Given
from app.domain.clock_kind import ClockKind
from app.domain.lifecycle import find_transition
from app.domain.roles import Actor
from app.domain.supervision import SERVICE_PROMISES
from app.domain.timeline import event_digest, plain, words_digest
from app.domain.transition import Transition
from app.domain.turning import turn
from app.services.office import Work
from app.storage.ids import new_id
from app.storage.records import appeal_changes, assignment_values, clock_turned, clock_values


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> UUID:
        """The id."""


T = TypeVar("T", bound=Identified)

ROUND_CLOCKS = (ClockKind.REWORK, ClockKind.HANDLING)


@dataclass(frozen=True, slots=True)
class Move:
    """What a use case wants to happen beside the row's own consequences.

    `appeal` holds further attributes that the move sets; `added` and `ended` are assignments;
    `payload` goes into the history and into the announcement; `recorded_at` is the server's instant where the
    business instant `now` lies in the past (a ledger).
    """

    given: Given = Given()
    appeal: Mapping[str, Any] | None = None
    added: Sequence[Assignment] = ()
    opinion: str = ""
    changed: Sequence[Assignment] = ()
    clocks: Sequence[Clock] = ()
    payload: Mapping[str, object] | None = None
    announced: Mapping[str, object] | None = None
    recorded_at: datetime | None = None


def advance(work: Work, case: Case, action: AppealAction, move: Move, *, actor: Actor, now: datetime) -> Case:
    """Follow one row of the table and return the case as it is afterwards; raise if the table or a guard refuses."""
    attempt = Attempt(actor, now, move.given)
    row = find_transition(action, case, attempt)
    return _follow(work, case, row, move, attempt)


def _follow(work: Work, case: Case, row: Transition, move: Move, attempt: Attempt) -> Case:
    appeal = _moved(case.appeal, row, move)
    turned, started = turn(
        row,
        replace(case, appeal=appeal),
        attempt,
        added=move.added,
        undone_at=case.appeal.closed_at or case.appeal.resolved_at,
        make_id=partial(new_id, attempt.now),
    )
    clocks = _newest(case.clocks, (*turned, *move.clocks), started)
    appeal = _with_due(appeal, clocks, attempt.now)
    changed = _changed_assignments(case, move, appeal)
    assignments = _newest(case.assignments, changed, move.added)
    appeal = replace(appeal, departments=departments_of(assignments))
    after = Case(appeal, clocks, assignments, case.policy, case.calendar)
    record_clocks(work, (*turned, *move.clocks), started)
    _record_assignments(work, changed, move)
    return record_event(work, case, after, row.action, row.announces, move, attempt)


def record_event(
    work: Work, before: Case, after: Case, action: str, announces: str, move: Move, attempt: Attempt
) -> Case:
    """Append one event to the history, chained to the one before, with its announcement; save the appeal."""
    work.changes.rely_on(work.relied_on)
    sequence = before.appeal.event_count + 1
    recorded_at = move.recorded_at or attempt.now
    content = _content(before, after, action, sequence, move, attempt)
    event = {**content, "announces": announces, "recorded_at": recorded_at, "words_digest": words_digest(content)}
    digest = event_digest(before.appeal.chain_head, event)
    appeal = replace(
        after.appeal,
        version=before.appeal.version + 1,
        event_count=sequence,
        chain_head=digest,
        updated_at=recorded_at,
    )
    work.changes.insert("event", {**event, "digest": digest})
    work.changes.insert("outbox", _announcement(appeal, announces, move, recorded_at))
    work.changes.update("appeal", appeal.id, appeal_changes(before.appeal, appeal))
    return replace(after, appeal=appeal)


def record_clocks(work: Work, turned: Sequence[Clock], started: Sequence[Clock]) -> None:
    """Save turned and started clocks."""
    work.changes.rely_on(work.relied_on)
    for clock in turned:
        work.changes.update("clock", clock.id, clock_turned(clock))
    for clock in started:
        work.changes.insert("clock", clock_values(clock))


def _moved(appeal: Appeal, row: Transition, move: Move) -> Appeal:
    status, hold = row.to or appeal.status, appeal.hold if row.to_hold is None else row.to_hold
    attributes: dict[str, Any] = {"status": status, "hold": hold, **(move.appeal or {})}
    return replace(appeal, **attributes)


def _with_due(appeal: Appeal, clocks: Sequence[Clock], now: datetime) -> Appeal:
    """Keep beside the appeal what lists are ordered by: the due date of its main clock."""
    main = _main(clocks)
    late = appeal.overdue or any(clock.kind in SERVICE_PROMISES and clock.is_late(now) for clock in clocks)
    if main is None:
        return replace(appeal, overdue=late)
    return replace(appeal, due_at=main.due_at, due_day=main.due_day, provisional=main.provisional, overdue=late)


def _main(clocks: Sequence[Clock]) -> Clock | None:
    of_kind = [clock for kind in ROUND_CLOCKS for clock in clocks if clock.kind is kind]
    open_ = [clock for clock in of_kind if clock.state is not ClockState.STOPPED]
    newest = sorted(of_kind, key=lambda clock: clock.started_at)[-1:]
    return next(iter(open_ or newest), None)


def _newest(before: Sequence[T], changed: Sequence[T], added: Sequence[T]) -> tuple[T, ...]:
    newer = {one.id: one for one in changed}
    return (*(newer.get(one.id, one) for one in before), *added)


def _changed_assignments(case: Case, move: Move, appeal: Appeal) -> tuple[Assignment, ...]:
    """Return what the move changes; active assignments show the due date as it is now and end with the appeal."""
    newer = {one.id: one for one in move.changed}
    current = (newer.get(one.id, one) for one in case.assignments)
    ended_at = None if appeal.is_open else appeal.closed_at
    moved = (replace(one, due_at=appeal.due_at, ended_at=ended_at) if one.is_active else one for one in current)
    return tuple(one for one, before in zip(moved, case.assignments, strict=True) if one != before)


def _record_assignments(work: Work, changed: Sequence[Assignment], move: Move) -> None:
    for one in move.added:
        work.changes.insert("assignment", {**assignment_values(one), "opinion": move.opinion})
    for one in changed:
        work.changes.update("assignment", one.id, assignment_values(one))


def _content(before: Case, after: Case, action: str, sequence: int, move: Move, attempt: Attempt) -> dict[str, object]:
    return {
        "appeal_id": after.appeal.id,
        "sequence": sequence,
        "action": action,
        "actor_id": attempt.actor.id,
        "actor_name": attempt.actor.name,
        "actor_roles": ",".join(sorted(attempt.actor.roles)),
        "from_status": before.appeal.status if sequence > 1 else None,
        "to_status": after.appeal.status,
        "at": attempt.now,
        "reason": attempt.given.reason,
        "payload": plain(move.payload or {}),
    }


def _announcement(appeal: Appeal, announces: str, move: Move, recorded_at: datetime) -> dict[str, object]:
    payload = {
        "number": appeal.number,
        "external_number": appeal.external_number,
        "jurisdiction": appeal.jurisdiction,
        "status": appeal.status,
        "hold": appeal.hold,
        "due_at": appeal.due_at,
        **(move.payload or {}),
        **(move.announced or {}),
    }
    return {
        "appeal_id": appeal.id,
        "sequence": appeal.event_count,
        "type": announces,
        "payload": payload,
        "created_at": recorded_at,
    }
