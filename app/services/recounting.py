"""What a new calendar does to the open clocks: counted for a preview, written when it comes into force."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from app.domain.calendar import WorkCalendar
from app.domain.case import Clock, ClockState
from app.domain.clock import end_of_day
from app.domain.roles import Actor
from app.domain.supervision import SERVICE_PROMISES
from app.domain.timeline import canonical
from app.domain.turning import follow_calendar
from app.services.recount_totals import Totals, is_withdrawn
from app.storage import AsyncConnection
from app.storage.queries.recounting import (
    Told,
    apply_answers,
    create_answers,
    groups,
    match_answers,
    save_answers,
)
from app.storage.queries.recounting_scope import Scope
from app.storage.records import clock_of_group

ORDERS_REACH_BACK = timedelta(days=15)
"""An order follows on the working day after the due day, which may lie on the other side of a long break."""
RECOUNT = "recount"
"""The action that the history of an appeal names."""
REASON = "工作日历更新，尚在计算的时限一并重算"


@dataclass(frozen=True, slots=True)
class Change:
    """Calendars that take the place of others: (before, after) by place, and which place each jurisdiction follows.

    Place 0 is the country's; without one, only the jurisdictions of `places` are concerned.
    """

    calendars: Mapping[int, tuple[WorkCalendar, WorkCalendar]]
    places: Mapping[str, int]

    def scope(self) -> Scope | None:
        """Return which clocks can move; none when no day changes."""
        spans = [span for before, after in self.calendars.values() if (span := before.differing_days(after))]
        if not spans:
            return None
        first, last = min(first for first, _ in spans), max(last for _, last in spans)
        return Scope(first - ORDERS_REACH_BACK, end_of_day(last), self.places, only=0 not in self.calendars)


async def work_out(connection: AsyncConnection, change: Change, totals: Totals, *, now: datetime) -> Scope | None:
    """Answer every group of clocks that the change can move, in a temporary table; none when nothing can move."""
    scope = change.scope()
    if scope is None:
        return None
    await create_answers(connection)
    number = count()
    async for rows in groups(connection, scope):
        answers = [answer for row in rows if (answer := _answer(row, change, totals, now)) is not None]
        await save_answers(connection, [{**answer, "group": next(number)} for answer in answers])
    await match_answers(connection, scope)
    return scope


async def carry_out(connection: AsyncConnection, *, publication_id: UUID, actor: Actor, now: datetime) -> int:
    """Write what was worked out; return how many appeals were told."""
    return await apply_answers(connection, _told(publication_id, actor, now), now=now)


def _answer(row: Mapping[str, Any], change: Change, totals: Totals, now: datetime) -> dict[str, object] | None:
    before = clock_of_group(row)
    _, calendar = change.calendars[row["place"]]
    after = follow_calendar(before, calendar, now)
    quiet = (after.due_at, after.provisional) == (before.due_at, before.provisional)
    if quiet and after.state is not ClockState.RUNNING:
        return None
    if not quiet:
        totals.add(before, after, row["clocks"], now)
    facts = {name: value for name, value in row.items() if name != "clocks"}
    return {
        **facts,
        "limit_amount": str(row["limit_amount"]),
        "new_version": calendar.version,
        "new_due_day": after.due_day,
        "new_due_at": after.due_at,
        "new_provisional": after.provisional,
        "new_warnings": after.warnings,
        "new_next_at": after.next_at,
        "withdrawn": is_withdrawn(before, after),
        "quiet": quiet,
        "former_dues": [asdict(due) for due in after.former_dues],
        "told": _told_of_clock(before, after),
    }


def _told_of_clock(before: Clock, after: Clock) -> str:
    """Return what the event says of each clock of a group; `#` stands for its id."""
    return canonical(
        {
            "clock_id": "#",
            "calendar_version": after.calendar_version,
            "due_at": after.due_at,
            "kind": before.kind,
            "provisional": after.provisional,
            "was": before.due_at,
            "was_provisional": before.provisional,
            "withdrawn": is_withdrawn(before, after),
        }
    )


def _told(publication_id: UUID, actor: Actor, now: datetime) -> Told:
    named = {
        "action": RECOUNT,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "actor_roles": ",".join(sorted(actor.roles)),
    }
    gap = publication_id.hex
    gaps = dict.fromkeys(("announces", "appeal_id", "from_status", "to_status", "words_digest"), gap)
    content = {**named, **gaps, "sequence": [gap], "at": now, "recorded_at": now}
    payload = canonical({"clocks": [gap], "publication_id": publication_id})
    return Told(
        # Text stands in quotes; a number and an object take the place of a list that holds the mark alone.
        text=re.split(rf'\["{gap}"\]|{gap}', canonical(content)),
        words=canonical({"payload": [gap], "reason": REASON}).split(f'["{gap}"]'),
        payload=payload.split(f'"{gap}"'),
        columns={**named, "reason": REASON, "promises": sorted(SERVICE_PROMISES)},
    )
