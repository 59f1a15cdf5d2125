"""Erasing the words of appeals that were closed long ago, unless somebody has them kept.

What stays is what figures are made of: number, jurisdiction, category, instants, clocks, verdicts, outcome.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.case import Attempt, Case, Given
from app.domain.errors import Conflict
from app.domain.retention import (
    ERASE,
    ERASED,
    ERASURE,
    HELD,
    HOLD,
    RELEASE,
    RELEASED,
    check_holder,
    erasable_before,
    rule_said,
)
from app.domain.roles import SYSTEM, Actor
from app.domain.sealing import Contact, sealed_contact
from app.services.office import Office, Work
from app.services.transitions import Move, record_event
from app.storage.queries.cases import lock_cases
from app.storage.queries.events import erase_words
from app.storage.queries.retention import claim_erasable, count_erasable, erase_beside, files_of, mark_erased

PER_TRANSACTION = 100


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many years after its closing an appeal is erased, and who has it done."""

    years: int
    by: Actor = SYSTEM


async def erase_expired(office: Office, schedule: Schedule, *, now: datetime, batch: int = PER_TRANSACTION) -> int:
    """Erase every appeal whose time is over, in batches that may be broken off; return how many."""
    erased = 0
    while (done := await _erase_some(office, schedule, now=now, limit=batch)) > 0:
        erased += done
    return erased


async def count_expired(office: Office, schedule: Schedule, *, now: datetime) -> int:
    """Return how many appeals would be erased."""
    async with office.look() as work:
        return await count_erasable(work.connection, before=erasable_before(now, schedule.years))


async def _erase_some(office: Office, schedule: Schedule, *, now: datetime, limit: int) -> int:
    async with office.work() as work:
        ids = await claim_erasable(work.connection, before=erasable_before(now, schedule.years), limit=limit)
        if not ids:
            return 0
        cases = [await work.case(stored) for stored in await lock_cases(work.connection, ids)]
        for case in cases:
            _erase(work, case, schedule, now=now)
        files = await files_of(work.connection, ids)
        await mark_erased(work.connection, ids, now)
        await erase_words(work.connection, ids)
        numbers = [case.appeal.number for case in cases]
        await erase_beside(work.connection, ids, numbers, mark=ERASED, now=now)
    # Only now, for what is rolled back must find its files again; what is not removed here the worker finds later.
    for file_id in files:
        if office.shelf is not None:
            await office.shelf.drop(file_id)
    return len(ids)


def _erase(work: Work, case: Case, schedule: Schedule, *, now: datetime) -> Case:
    """Note the erasure of the appeal's own words, and the event that tells of it."""
    appeal, rule = case.appeal, rule_said(schedule.years)
    copied = ERASED if appeal.confidential else None
    work.changes.update(
        "appeal",
        appeal.id,
        {
            **sealed_contact(work.seals, Contact(), appeal.id),
            "contact_name": None,
            "contact_phone": None,
            "text": ERASED,
            "anonymised_text": copied,
            "erased_by": schedule.by.name,
            "erased_rule": rule,
        },
    )
    after = replace(case, appeal=replace(appeal, title=ERASED, anonymised_title=copied, erased_at=now))
    move = Move(given=Given(reason=rule))
    return record_event(work, case, after, ERASE, ERASURE, move, Attempt(schedule.by, now, move.given))


def hold(work: Work, case: Case, *, reason: str, actor: Actor, now: datetime) -> Case:
    """Have an appeal kept for as long as a matter needs it."""
    check_holder(actor)
    if case.appeal.retention_hold is not None:
        raise Conflict("诉求已经依法留存，无须重复。", code="retention-held")
    after = replace(case, appeal=replace(case.appeal, retention_hold=reason))
    return _recorded(work, case, after, HOLD, HELD, reason=reason, actor=actor, now=now)


def release(work: Work, case: Case, *, reason: str, actor: Actor, now: datetime) -> Case:
    """Let an appeal go that was kept; it is erased when its time is over."""
    check_holder(actor)
    if case.appeal.retention_hold is None:
        raise Conflict("诉求没有依法留存，无须解除。", code="not-held")
    after = replace(case, appeal=replace(case.appeal, retention_hold=None))
    return _recorded(work, case, after, RELEASE, RELEASED, reason=reason, actor=actor, now=now)


def _recorded(
    work: Work, before: Case, after: Case, action: str, announces: str, *, reason: str, actor: Actor, now: datetime
) -> Case:
    move = Move(given=Given(reason=reason))
    return record_event(work, before, after, action, announces, move, Attempt(actor, now, move.given))
