"""What a notice put forward would move, worked out and forgotten again."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.clock_kind import CLOCK_NAMES, ClockKind
from app.domain.errors import NotFound
from app.domain.notice import publication_of
from app.domain.publication import PublicationState
from app.domain.roles import ROLE_NAMES, Actor
from app.domain.supervision import owner_of
from app.domain.table_text import cell_text, table_line
from app.services.calendar_regions import change_by
from app.services.calendars import refuse_unconcerned
from app.services.office import Work
from app.services.recount_totals import Totals
from app.services.recounting import work_out
from app.storage import AsyncConnection
from app.storage.queries.publications import publication_row
from app.storage.queries.recounting import moved_clocks
from app.storage.queries.recounting_scope import Scope
from app.storage.reach import REACH, reach_of
from app.storage.unit_of_work import trial

FIRST = UUID(int=0)
OPEN_STATES = (PublicationState.PROPOSED, PublicationState.APPROVED)
HEADINGS = {
    "number": "诉求编号",
    "name": "时限",
    "enterprise": "企业",
    "department": "承办单位",
    "owner_name": "应办人",
    "was_due_day": "原到期日",
    "was_provisional": "原为推算",
    "due_day": "新到期日",
    "provisional": "仍为推算",
    "days_moved": "移动天数",
    "withdrawn": "撤销超期认定",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a notice would move; `scope` is none when it moves nothing, or is decided already."""

    connection: AsyncConnection
    row: Mapping[str, Any]
    totals: Totals
    scope: Scope | None

    @property
    def shown_totals(self) -> dict[str, Any] | None:
        """The totals: counted now while the notice is open, as they were when it came into force; none if withdrawn."""
        return self.totals.data() if self.row["state"] in OPEN_STATES else self.row["totals"]


@asynccontextmanager
async def previewing(work: Work, publication_id: UUID, *, actor: Actor, now: datetime) -> AsyncIterator[Preview]:
    """Work out what a notice would move; at the end of the block nothing of it stays."""
    refuse_unconcerned(actor)
    async with trial(work.connection):
        row = await publication_row(work.connection, publication_id)
        if row is None:
            raise NotFound
        totals, scope = Totals(), None
        if row["state"] in OPEN_STATES:
            # What moves is counted everywhere; what is listed afterwards is within the reader's reach.
            await work.stand_for_office()
            await work.calendars.learn(work.connection)
            change, _ = await change_by(work.connection, work.calendars, publication_of(row["content"]))
            scope = await work_out(work.connection, change, totals, now=now)
            await work.stand_for(actor)
        yield Preview(work.connection, row, totals, scope)


async def moves(
    preview: Preview, *, actor: Actor, after: UUID | None = None, limit: int | None = None
) -> AsyncIterator[dict[str, Any]]:
    """Yield the clocks within the actor's reach that would move, with those who must be told."""
    if preview.scope is None:
        return
    given = {"after": after or FIRST, **reach_of(actor)}
    rows = moved_clocks(preview.connection, reach=REACH, parameters=given, limit=limit)
    async for row in rows:
        yield _move(row)


async def moves_as_csv(preview: Preview, *, actor: Actor) -> AsyncIterator[str]:
    """Yield the whole list as lines of a table that a spreadsheet opens (UTF-8 with a byte order mark)."""
    yield "\ufeff" + table_line(HEADINGS.values())
    async for move in moves(preview, actor=actor):
        yield table_line(cell_text(move[name]) for name in HEADINGS)


def _move(row: Mapping[str, Any]) -> dict[str, Any]:
    owner = owner_of(ClockKind(row["kind"]))
    return {
        "clock_id": row["id"],
        "number": row["number"],
        "kind": row["kind"],
        "name": CLOCK_NAMES[ClockKind(row["kind"])],
        "enterprise": row["enterprise"],
        "department": row["department"],
        "owner": owner,
        "owner_name": ROLE_NAMES[owner],
        "was_due_day": row["due_day"],
        "was_due_at": row["due_at"],
        "was_provisional": row["provisional"],
        "due_day": row["new_due_day"],
        "due_at": row["new_due_at"],
        "provisional": row["new_provisional"],
        "days_moved": (row["new_due_day"] - row["due_day"]).days,
        "withdrawn": row["withdrawn"],
    }
