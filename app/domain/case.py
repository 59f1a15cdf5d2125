"""A case: everything that one move is decided on."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.domain.appeal import Appeal, Assignment, AssignmentPart, Heard, Outcome, ReplyFacts, ReplyKind
from app.domain.calendar import WorkCalendar
from app.domain.clock import Pause, Promise, Switch
from app.domain.clock_kind import ClockKind
from app.domain.former_due import FormerDue
from app.domain.limit import Limit
from app.domain.policy import Policy
from app.domain.roles import Actor
from app.domain.verdict import Verdict


class ClockState(StrEnum):
    """Whether a clock runs, waits or has been stopped."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Clock:
    """One running promise, with everything that made its due date.

    `due_at` is an exclusive bound. `next_at` is the instant at which the sweep looks at the clock again;
    none: nothing more is to be announced. `breached_at` says when a breach was announced, it is never the truth.
    `verdict` and `late_by` (working days) are fixed when it is stopped, under the calendar version that it keeps;
    `former_dues` are the due dates that held before, oldest first.
    """

    id: UUID
    appeal_id: UUID
    kind: ClockKind
    round: int
    limit: Limit
    started_at: datetime
    due_day: date
    due_at: datetime
    provisional: bool
    calendar_version: str
    assignment_id: UUID | None = None
    original_due_at: datetime | None = None
    switches: frozenset[Switch] = frozenset()
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Limit, ...] = ()
    former_dues: tuple[FormerDue, ...] = ()
    state: ClockState = ClockState.RUNNING
    stopped_at: datetime | None = None
    verdict: Verdict | None = None
    late_by: int | None = None
    next_at: datetime | None = None
    warnings: int = 0
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    ordered_at: datetime | None = None

    @property
    def promise(self) -> Promise:
        """The facts that the due date is computed from."""
        return Promise(
            started_at=self.started_at,
            limit=self.limit,
            pauses=self.pauses,
            extensions=self.extensions,
            switches=self.switches,
        )

    def is_late(self, now: datetime) -> bool:
        """Tell whether the promise is broken at `now`: a pure function of the facts; provisional is never late.

        A pause keeps what was: a clock that was in time when it was paused is not late, one that was late stays late.
        """
        return not self.provisional and (self.halted_at or now) >= self.due_at

    @property
    def halted_at(self) -> datetime | None:
        """The instant from which nothing runs: the pause it is in, or was in when it was stopped, else the stop."""
        if self.pauses and self.pauses[-1].ended_at == self.stopped_at:
            return self.pauses[-1].started_at
        return self.stopped_at


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller states and what the records show, beside the appeal itself.

    Each action reads only the fields that its guards name. `counted_from` moves the start of the clocks
    that the move starts; `keeps` names clocks that the move, as it was made, does not stop; `clock_id` is the
    one supervision clock that an answer stops.
    """

    assignment_id: UUID | None = None
    reason: str = ""
    department: str | None = None
    reply_kind: ReplyKind | None = None
    reply: ReplyFacts | None = None
    result_type: Outcome | None = None
    heard: Heard = field(default_factory=Heard)
    certified: bool = False
    extension: Limit | None = None
    clock_kind: ClockKind | None = None
    limit: Limit | None = None
    milestone_on: date | None = None
    reminder_delivered: bool = False
    master: Appeal | None = None
    is_master: bool = False
    reopened: bool = False
    level: str | None = None
    counted_from: datetime | None = None
    keeps: frozenset[ClockKind] = frozenset()
    clock_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One appeal with its clocks and assignments, read and locked at one instant, and the rules that apply."""

    appeal: Appeal
    clocks: tuple[Clock, ...]
    assignments: tuple[Assignment, ...]
    policy: Policy
    calendar: WorkCalendar

    def active(self) -> tuple[Assignment, ...]:
        """Return the assignments that departments now hold."""
        return tuple(one for one in self.assignments if one.is_active)

    def lead(self) -> Assignment | None:
        """Return the lead assignment of this round, if there is one."""
        return next((one for one in self.active() if one.part is AssignmentPart.LEAD), None)

    def assignment(self, assignment_id: UUID | None) -> Assignment | None:
        """Return one assignment of the appeal by its id."""
        return next((one for one in self.assignments if one.id == assignment_id), None)

    def running(self, kind: ClockKind) -> Clock | None:
        """Return the clock of this kind that is not stopped."""
        return next((one for one in self.clocks if one.kind is kind and one.state is not ClockState.STOPPED), None)

    def main_clock(self) -> Clock | None:
        """Return the clock that says when the appeal is due: rework in a later round, else handling."""
        return self.running(ClockKind.REWORK) or self.running(ClockKind.HANDLING)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one action: by whom, when, with what."""

    actor: Actor
    now: datetime
    given: Given = Given()
