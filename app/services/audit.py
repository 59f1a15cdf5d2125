"""Verifying everything that was recorded, in one view of the database, with little of it in memory."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from app.domain.errors import NotFound
from app.domain.examination import Examination, Report, Seals
from app.gateways.signing_key import Digest, is_signed
from app.services.office import Office
from app.storage import AsyncConnection
from app.storage.queries.accesses import all_accesses
from app.storage.queries.acts import all_acts
from app.storage.queries.anchor_contents import day_content
from app.storage.queries.anchors import anchors
from app.storage.queries.history import Choice, lives, snapshot, stray_events


def seals_of(trusted: Collection[str] = (), copies: Mapping[date, str] | None = None) -> Seals:
    """Return what anchors are checked with: public keys that may have signed them, digests by day kept elsewhere."""
    return Seals(Digest, is_signed, frozenset(trusted), copies or {})


async def verify_all(office: Office, seals: Seals, *, now: datetime) -> Report:
    """Verify every history, every act and every anchor."""
    async with office.look() as work, snapshot(work.connection):
        return await examine(work.connection, seals, now=now)


async def examine(connection: AsyncConnection, seals: Seals, *, now: datetime) -> Report:
    """Verify everything on a connection that sees one instant."""
    examination = Examination(await anchors(connection), seals)
    async for life in lives(connection):
        examination.take_life(life)
    for appeal_id, events in await stray_events(connection):
        examination.take_strays(appeal_id, events)
    async for act in all_acts(connection):
        examination.take_act(act)
    async for access in all_accesses(connection):
        examination.take_access(access)
    examination.verify_seals()
    examination.find_missing(now=now)
    examination.verify_contents()
    return examination.report


async def verify_one(office: Office, number: str, seals: Seals) -> Report:
    """Verify the history of one appeal, and the anchors of the days on which something was recorded of it.

    Raise `NotFound` if there is no such appeal.
    """
    async with office.look() as work, snapshot(work.connection):
        examination = Examination(await anchors(work.connection), seals)
        async for life in lives(work.connection, Choice(number=number)):
            examination.take_life(life)
        if not examination.report.appeals:
            raise NotFound(f"没有诉求 {number}，请核对编号；若确有回执，请运行不带 --appeal 的完整核验。")
        await _compare_days(work.connection, examination)
    examination.verify_seals()
    return examination.report


async def _compare_days(connection: AsyncConnection, examination: Examination) -> None:
    for anchor in await anchors(connection):
        if anchor.day in examination.days:
            examination.compare(anchor, await day_content(connection, anchor.day, Digest(anchor.algorithm)))
