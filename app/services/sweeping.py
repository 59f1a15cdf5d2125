"""The sweep: what the passing of time calls for, in small transactions, each of which may run again without harm.

Claiming skips what others hold, and every act moves the clock's `next_at` on in the same transaction, so two
workers never announce the same thing and a worker that dies announces nothing by halves.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.domain.appeal import AppealStatus
from app.domain.case import Attempt, Case, Clock, ClockState, Given
from app.domain.clock_kind import CLOCK_NAMES, ClockKind
from app.domain.errors import DomainError
from app.domain.roles import SYSTEM
from app.domain.supervision import LADDER_CLOCKS, SERVICE_PROMISES, Act, Rung, next_call, owner_of
from app.domain.turning import stop
from app.services.assignments import sign
from app.services.calendars import apply_effective
from app.services.office import Office, Work
from app.services.rungs import raise_rung, record_rung
from app.services.transitions import Move, record_clocks, record_event
from app.storage.changes import Changes
from app.storage.queries.cases import lock_cases
from app.storage.queries.sweeping import claim_due_appeals

CLOCKS_PER_TRANSACTION = 200
KINDS = tuple(ClockKind)

logger = logging.getLogger("bihuan.sweep")


@dataclass(slots=True)
class SweepCount:
    """How many acts of each kind a sweep has announced."""

    warned: int = 0
    breached: int = 0
    ordered: int = 0
    ended: int = 0

    @property
    def total(self) -> int:
        """Everything that was announced."""
        return self.warned + self.breached + self.ordered + self.ended

    def add(self, other: "SweepCount") -> None:
        """Count what another one has counted."""
        self.warned += other.warned
        self.breached += other.breached
        self.ordered += other.ordered
        self.ended += other.ended


async def sweep(office: Office, *, now: datetime, limit: int = CLOCKS_PER_TRANSACTION) -> SweepCount:
    """Announce everything that has come due by `now`, batch by batch, until nothing is left."""
    await apply_effective(office, now=now)
    count, aside = SweepCount(), set[UUID]()
    while await sweep_batch(office, count, aside, now=now, limit=limit):
        pass
    return count


async def sweep_batch(office: Office, count: SweepCount, aside: set[UUID], *, now: datetime, limit: int) -> bool:
    """Announce one batch in one transaction; tell whether there was anything to do.

    An appeal that refuses what its clocks call for is a fault of the rules: it is reported and put `aside` until the
    next sweep, and nobody else waits for it.
    """
    async with office.work() as work:
        ids = await claim_due_appeals(work.connection, now=now, limit=limit, aside=aside)
        if not ids:
            return False
        for stored in await lock_cases(work.connection, ids):
            alone, done = replace(work, changes=Changes()), SweepCount()
            try:
                _catch_up(alone, await work.case(stored), done, now=now)
            except DomainError as refusal:
                logger.error("诉求%s无法推进时限：%s", stored.appeal.number, refusal.message)
                aside.add(stored.appeal.id)
            else:
                work.changes.take_over(alone.changes)
                count.add(done)
    return True


def _catch_up(work: Work, case: Case, count: SweepCount, *, now: datetime) -> None:
    """Do everything that the clocks of one appeal call for, in the order in which it came due."""
    while (due := _first_due(case, now)) is not None:
        clock, act = due
        case = _ACTS[act](work, case, clock, now)
        _add(count, act)
    _settle(work, case, now)


def _settle(work: Work, case: Case, now: datetime) -> None:
    """Put off what was noted for an instant at which nothing is due, else the sweep would find it for ever."""
    early = [clock for clock in case.clocks if clock.next_at is not None and clock.next_at <= now]
    record_clocks(work, [seen for clock in early if (seen := _seen(clock, case)).next_at != clock.next_at], [])


def _first_due(case: Case, now: datetime) -> tuple[Clock, Act] | None:
    calls = [(call.at, clock, call.act) for clock in case.clocks if (call := next_call(clock, case.calendar))]
    due = sorted((one for one in calls if one[0] <= now), key=lambda one: (one[0], KINDS.index(one[1].kind)))
    return (due[0][1], due[0][2]) if due else None


def _warn(work: Work, case: Case, clock: Clock, now: datetime) -> Case:
    warned = replace(clock, warnings=clock.warnings + 1, warned_at=now)
    if clock.kind in LADDER_CLOCKS and clock.warnings == 0:
        record_rung(work, case, Rung.REMINDER, clock=clock, reason=_sentence(clock, "即将到期"), actor=SYSTEM, now=now)
    return _note(work, case, warned, "clock.warned", reason=_sentence(clock, "即将到期"), now=now)


def _breach(work: Work, case: Case, clock: Clock, now: datetime) -> Case:
    breached = replace(clock, breached_at=now)
    reason = _sentence(clock, "已超期")
    if clock.kind in LADDER_CLOCKS:
        record_rung(work, case, Rung.URGING, clock=clock, reason=reason, actor=SYSTEM, now=now)
    after = _note(work, case, breached, "clock.breached", reason=reason, now=now)
    return _FOLLOW_UPS.get(clock.kind, _nothing)(work, after, clock, now)


def _order(work: Work, case: Case, clock: Clock, now: datetime) -> Case:
    if not case.appeal.is_open:
        return _order_office(work, case, clock, now)
    ordered = _seen(replace(clock, ordered_at=now), case)
    record_clocks(work, [ordered], [])
    return raise_rung(
        work, _with_clock(case, ordered), Rung.ORDER, clock=clock, reason=_sentence(clock, "超期1个工作日以上"),
        actor=SYSTEM, now=now,
    )  # fmt: skip


def _order_office(work: Work, case: Case, clock: Clock, now: datetime) -> Case:
    """A petition that was redirected is still owed its answer, by the office: no department has an order to answer."""
    reason = _sentence(clock, "超期1个工作日以上")
    record_rung(work, case, Rung.ORDER, clock=clock, reason=reason, actor=SYSTEM, now=now)
    return _note(work, case, replace(clock, ordered_at=now), "clock.ordered", reason=reason, now=now)


def _end(work: Work, case: Case, clock: Clock, now: datetime) -> Case:
    """A window in which somebody might have acted is over; nobody is late."""
    ended = stop(clock, clock.due_at, case.calendar)
    return _note(work, case, ended, "clock.ended", reason=_sentence(clock, "期限届满"), now=now)


def _sign_late(work: Work, case: Case, clock: Clock, now: datetime) -> Case:
    assignment = case.assignment(clock.assignment_id)
    if assignment is None or assignment.signed_at is not None or case.appeal.status is not AppealStatus.ASSIGNED:
        return case
    return sign(work, case, assignment, actor=SYSTEM, now=now, late=True)


def _escalate(work: Work, case: Case, clock: Clock, now: datetime) -> Case:
    """An unanswered order climbs one rung; what lies above is for people to decide."""
    if (case.appeal.rung or 0) >= Rung.ESCALATION:
        return case
    return raise_rung(
        work, case, Rung.ESCALATION, clock=clock, reason=_sentence(clock, "督办逾期未回复"), actor=SYSTEM, now=now
    )


def _nothing(_work: Work, case: Case, _clock: Clock, _now: datetime) -> Case:
    return case


def _note(work: Work, case: Case, clock: Clock, announces: str, *, reason: str, now: datetime) -> Case:
    """Append an announcement about one clock to the history of its appeal."""
    seen = _seen(clock, case)
    record_clocks(work, [seen], [])
    late = announces == "clock.breached" and clock.kind in SERVICE_PROMISES
    after = _with_clock(case, seen)
    marked = replace(after, appeal=replace(after.appeal, overdue=after.appeal.overdue or late))
    payload = {"clock": clock.kind, "due_at": clock.due_at, "clock_id": clock.id, "owner": owner_of(clock.kind)}
    attempt = Attempt(SYSTEM, now, Given(reason=reason))
    action = announces.replace("clock.", "clock_")
    return record_event(work, case, marked, action, announces, Move(given=attempt.given, payload=payload), attempt)


def _seen(clock: Clock, case: Case) -> Clock:
    if clock.state is not ClockState.RUNNING:
        return clock
    call = next_call(clock, case.calendar)
    return replace(clock, next_at=None if call is None else call.at)


def _with_clock(case: Case, clock: Clock) -> Case:
    clocks: Sequence[Clock] = [clock if one.id == clock.id else one for one in case.clocks]
    return replace(case, clocks=tuple(clocks))


def _sentence(clock: Clock, what: str) -> str:
    return f"「{CLOCK_NAMES[clock.kind]}」时限{what}（到期日{clock.due_day:%Y-%m-%d}）"


def _add(count: SweepCount, act: Act) -> None:
    names = {Act.WARN: "warned", Act.BREACH: "breached", Act.ORDER: "ordered", Act.END: "ended"}
    setattr(count, names[act], getattr(count, names[act]) + 1)


_ACTS = {Act.WARN: _warn, Act.BREACH: _breach, Act.ORDER: _order, Act.END: _end}
_FOLLOW_UPS = {ClockKind.SIGN: _sign_late, ClockKind.SUPERVISION_ANSWER: _escalate}
