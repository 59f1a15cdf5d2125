"""What discipline inspection and auditors take away: records that verify without this database.

A period is given with every appeal that had something recorded in it, each with its whole history, so that chains and
the anchors of those days can be recomputed from the export alone.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.audit_record import KEY, RecordKind
from app.domain.clock import end_of_day, start_of_day
from app.domain.errors import Fault, Invalid
from app.policies import descendants, packaged
from app.services.office import Office
from app.storage import AsyncConnection
from app.storage.queries.accesses import accesses_between
from app.storage.queries.acts import all_acts
from app.storage.queries.anchors import anchors
from app.storage.queries.history import Choice, lives, snapshot

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: days of Shanghai, both included; one jurisdiction with those below it, or one appeal."""

    since: date
    until: date
    jurisdiction: str | None = None
    number: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether everything of these days is wanted, so that their anchors can be recomputed."""
        return self.jurisdiction is None and self.number is None

    def choice(self) -> Choice:
        """Return which appeals are wanted."""
        below = None if self.jurisdiction is None else [self.jurisdiction, *descendants(self.jurisdiction)]
        return Choice(self.number, below, self.begin, self.end)

    @property
    def begin(self) -> datetime:
        """The instant with which the period begins."""
        return start_of_day(self.since)

    @property
    def end(self) -> datetime:
        """The instant with which the period ends; it is not part of it."""
        return end_of_day(self.until)


async def export_records(office: Office, wanted: Wanted, *, now: datetime) -> AsyncIterator[Record]:
    """Yield every record of an export in the order in which it is verified; raise `Invalid` for an empty period."""
    _refuse_unusable(wanted)
    yield _record(RecordKind.EXPORT, {**asdict(wanted), "is_complete": wanted.is_complete, "exported_at": now})
    async with office.look() as work, snapshot(work.connection):
        for anchor in await anchors(work.connection):
            yield _record(RecordKind.ANCHOR, asdict(anchor))
        chosen: set[UUID] = set()
        async for record in _histories(work.connection, wanted, chosen):
            yield record
        async for record in _beside(work.connection, wanted, chosen):
            yield record


async def _beside(connection: AsyncConnection, wanted: Wanted, chosen: set[UUID]) -> AsyncIterator[Record]:
    """Yield the acts, whose chain is one, and the readings of what was chosen."""
    if wanted.number is None:
        async for act in all_acts(connection):
            yield _record(RecordKind.ACT, act)
    async for access in accesses_between(connection, wanted.begin, wanted.end):
        if access["appeal_id"] in chosen:
            yield _record(RecordKind.ACCESS, access)


async def _histories(connection: AsyncConnection, wanted: Wanted, chosen: set[UUID]) -> AsyncIterator[Record]:
    """Yield the wanted appeals with their events, and add their ids to what was chosen."""
    async for life in lives(connection, wanted.choice()):
        chosen.add(life.appeal_id)
        head = {"id": life.appeal_id, "number": life.number}
        yield _record(RecordKind.APPEAL, {**head, **asdict(life.end)})
        for event in life.events:
            yield _record(RecordKind.EVENT, event)


def _record(kind: RecordKind, values: Mapping[str, Any]) -> Record:
    return {KEY: kind, **values}


def _refuse_unusable(wanted: Wanted) -> None:
    if wanted.since > wanted.until:
        raise Invalid("起止日期颠倒。", Fault("since", "不能晚于 until"))
    if wanted.jurisdiction is not None and wanted.jurisdiction not in packaged().packs:
        raise Invalid("没有这个辖区。", Fault("jurisdiction", f"应为以下之一：{'、'.join(packaged().packs)}"))
