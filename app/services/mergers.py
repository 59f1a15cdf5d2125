"""Merging appeals about one matter, and taking them apart again."""

from datetime import datetime

from app.domain.appeal import Appeal, Outcome
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.roles import Actor
from app.domain.turning import pull_forward
from app.services.cases import take
from app.services.closures import closed
from app.services.office import Work
from app.services.transitions import Move, advance
from app.storage.queries.cases import lock_case, read_case
from app.storage.queries.links import merged_into


async def merge(
    work: Work, number: str, *, into: str, reason: str, actor: Actor, now: datetime, version: int | None
) -> Case:
    """Merge an appeal into its master: the master inherits the earliest due date, the enterprise keeps its rating."""
    case, master = await _pair(work, number, into, actor=actor, version=version)
    is_master = bool(await merged_into(work.connection, case.appeal.id))
    move = Move(
        given=Given(reason=reason, master=master.appeal, is_master=is_master),
        appeal={**closed(Outcome.MERGED, now), "master_id": master.appeal.id},
        payload={"master": master.appeal.number},
    )
    merged = advance(work, case, AppealAction.MERGE, move, actor=actor, now=now)
    _inherit_due(work, master, case, actor=actor, now=now)
    return merged


async def unmerge(work: Work, case: Case, *, reason: str, actor: Actor, now: datetime) -> Case:
    """Take an appeal out of its master again; its clocks are deemed never stopped."""
    master = await master_of(work, case)
    move = Move(
        given=Given(reason=reason, master=master),
        appeal={"outcome": None, "closed_at": None, "master_id": None, "lead_department": None},
    )
    return advance(work, case, AppealAction.UNMERGE, move, actor=actor, now=now)


async def _pair(work: Work, number: str, into: str, *, actor: Actor, version: int | None) -> tuple[Case, Case]:
    """Lock both appeals, the smaller number first, so that two merges at once cannot wait for each other."""
    first, second = sorted((number, into))
    await lock_case(work.connection, first, actor)
    if second != first:
        await lock_case(work.connection, second, actor)
    return await take(work, number, actor=actor, version=version), await take(work, into, actor=actor, version=None)


async def master_of(work: Work, case: Case) -> Appeal | None:
    """Return the appeal that this one was merged into, if any.

    It is read without a lock: whoever holds the merged appeal and waited for its master would meet a merger that
    waits the other way round.
    """
    if case.appeal.master_id is None:
        return None
    return (await read_case(work.connection, case.appeal.master_id)).appeal


def _inherit_due(work: Work, master: Case, merged: Case, *, actor: Actor, now: datetime) -> None:
    ours, theirs = master.main_clock(), merged.main_clock()
    pulled = (
        [pull_forward(ours, due_at=theirs.due_at, like=theirs, calendar=master.calendar, now=now)]
        if ours and theirs
        else []
    )
    move = Move(clocks=[clock for clock in pulled if clock is not ours], payload={"merged": merged.appeal.number})
    advance(work, master, AppealAction.ABSORB, move, actor=actor, now=now)
