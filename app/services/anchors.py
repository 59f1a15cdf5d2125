"""Sealing finished days: once each, whoever does it, and never a day that can still change.

A day is sealed when it is over by a margin and no transaction is open that began before its end. What remains: a
request that noted its instant before midnight, waited for longer than the margin before it opened its transaction, and
was stored after the day was sealed. Its event is kept; the anchor of that day then reports it as added.
"""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.anchor import (
    ONE_DAY,
    Algorithm,
    DayContent,
    days_between,
    last_finished_day,
    seal_digest,
    signed_text,
)
from app.domain.clock import end_of_day, office_day
from app.gateways.signing_key import Digest, SigningKey, key_id
from app.services.office import Office, Work
from app.storage import IntegrityError
from app.storage.queries.anchor_contents import day_content, first_record, is_open_since
from app.storage.queries.anchors import newest_anchor
from app.storage.queries.history import snapshot


@dataclass(frozen=True, slots=True)
class Notary:
    """What anchors are made with."""

    key: SigningKey
    algorithm: Algorithm


async def anchor_finished_days(office: Office, notary: Notary, *, now: datetime) -> list[date]:
    """Seal every finished day since the newest anchor, or since the first record; return the days sealed here.

    Doing it again, or at once with others, adds nothing: a day has one anchor.
    """
    async with office.look() as work:
        days = await _due_days(work, now)
    sealed = []
    for day in days:
        if await _is_sealed(office, notary, day, now=now):
            sealed.append(day)
        else:
            break
    return sealed


async def _due_days(work: Work, now: datetime) -> list[date]:
    newest = await newest_anchor(work.connection)
    if newest is not None:
        return list(days_between(newest[0] + ONE_DAY, last_finished_day(now)))
    first = await first_record(work.connection)
    return [] if first is None else list(days_between(office_day(first), last_finished_day(now)))


async def _is_sealed(office: Office, notary: Notary, day: date, *, now: datetime) -> bool:
    """Seal one day; tell whether it was done here. Another may have done it, or somebody may still be writing."""
    async with office.look() as work:
        if await is_open_since(work.connection, end_of_day(day)):
            return False
        async with snapshot(work.connection):
            newest = await newest_anchor(work.connection)
            if newest is not None and newest[0] >= day:
                return False
            content = await day_content(work.connection, day, Digest(notary.algorithm))
    try:
        async with office.work() as work:
            _note(work, notary, day, content, previous="" if newest is None else newest[1], now=now)
    except IntegrityError:
        return False
    return True


def _note(work: Work, notary: Notary, day: date, content: DayContent, *, previous: str, now: datetime) -> None:
    digest = seal_digest(previous, day, content, notary.algorithm, Digest)
    work.changes.insert(
        "anchor",
        {
            "day": day,
            "appeals": content.appeals,
            "events": content.events,
            "accesses": content.accesses,
            "acts": content.acts,
            "previous_digest": previous,
            "content_digest": content.content_digest,
            "digest": digest,
            "algorithm": notary.algorithm,
            "signature": notary.key.sign(signed_text(day, content, digest)),
            "key_id": key_id(notary.key.public_key),
            "public_key": notary.key.public_key,
            "recorded_at": now,
        },
    )
