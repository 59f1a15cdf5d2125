"""Every question that the service asks of a large table, asked once through the service's own functions."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.clock import Lamp
from app.domain.errors import NotFound
from app.domain.roles import Actor, Role
from app.services.office import Work
from app.services.queue import queue_of
from app.storage.queries.cases import lock_case, lock_case_of_assignment, lock_cases, read_appeal, read_case_of_clock
from app.storage.queries.events import feed_after, timeline_of
from app.storage.queries.feedback import heard_of
from app.storage.queries.links import merged_into, was_reopened
from app.storage.queries.lists import Page, list_appeals
from app.storage.queries.replies import approved_reply, replies_of
from app.storage.queries.supervision import supervisions_of
from app.storage.queries.sweeping import claim_due_appeals
from benchmarks.cluster import CHANNEL, DEPARTMENT, JURISDICTION

_SAMPLE = text(
    "SELECT a.id, a.number, a.received_at, a.due_at, a.enterprise_id, s.id AS assignment_id, "
    "c.id AS clock_id "
    "FROM appeal a JOIN assignment s ON s.appeal_id = a.id JOIN clock c ON c.appeal_id = a.id "
    "WHERE a.jurisdiction = :jurisdiction AND a.status = 'assigned' AND s.department = :department "
    "ORDER BY a.id DESC LIMIT 1"
)
_FEED_POSITION = text('SELECT CAST(CAST("transaction" AS text) AS bigint), max(id) / 2 FROM event GROUP BY 1 LIMIT 1')
_SOME_APPEALS = text("SELECT id FROM appeal WHERE status = 'assigned' ORDER BY id DESC LIMIT 200")

Ask = Callable[[Work], Awaitable[object]]
Asked = tuple[Actor | None, Ask]
"""A question with who asks it; none stands for the office at its own duties."""
PAGE = 50
FIRST_PAGE = Page(PAGE)
YEARS_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sample:
    """One appeal in the midst of the process, and other things that questions are about."""

    row: Mapping[str, Any]
    position: tuple[int, int]
    appeals: list[UUID]
    now: datetime


async def take_sample(connection: AsyncConnection, now: datetime) -> Sample:
    """Choose what to ask about."""
    parameters = {"jurisdiction": JURISDICTION, "department": DEPARTMENT}
    row = dict((await connection.execute(_SAMPLE, parameters)).mappings().one())
    transaction, event_id = (await connection.execute(_FEED_POSITION)).one()
    appeals = list((await connection.execute(_SOME_APPEALS)).scalars())
    return Sample(row, (transaction, event_id), appeals, now)


def questions(sample: Sample) -> dict[str, Asked]:
    """Return every question by name."""
    return {**_lists(sample), **_queues(sample), **_cases(sample), **_histories(sample)}


def _actor(role: Role, **scope: Any) -> Actor:
    return Actor(id=uuid4(), name=role.value, roles=frozenset({role}), **scope)


def _leader(*jurisdictions: str) -> Actor:
    return _actor(Role.LEADER, jurisdictions=frozenset(jurisdictions))


def _readers(sample: Sample) -> dict[str, Actor]:
    """Return one actor for every way in which appeals are within reach."""
    return {
        "leader": _leader(JURISDICTION),
        "leader of two": _leader("jingmen", "dongbao"),
        "department": _actor(Role.OFFICER, jurisdictions=frozenset({JURISDICTION}), department=DEPARTMENT),
        "enterprise": _actor(Role.ENTERPRISE, enterprise_id=sample.row["enterprise_id"]),
        "hotline": _actor(Role.CONNECTOR, channel=CHANNEL),
    }


def _lists(sample: Sample) -> dict[str, Asked]:
    found = {
        f"list {who} {order}": _list(actor, order=order)
        for who, actor in _readers(sample).items()
        for order in ("-received_at", "received_at", "due_at")
    }
    leader, now = _leader(JURISDICTION), sample.now
    filters: dict[str, object] = {
        "status": "assigned",
        "category": "02",
        "level": "difficult",
        "lead_department": DEPARTMENT,
        "channel": CHANNEL,
        "external_number": "H102",
        "due_before": now + timedelta(days=2),
        "late_at": now,
    }
    for name, value in filters.items():
        found[f"list leader {name}"] = _list(leader, filters={name: value})
    for name in ("status", "due_before", "late_at"):
        found[f"list leader {name} due_at"] = _list(leader, filters={name: filters[name]}, order="due_at")
    page = Page(PAGE, (sample.row["received_at"] - timedelta(days=200), UUID(int=0)))
    found["list leader far page"] = _list(leader, page=page)
    found["list leader far page due_at"] = _list(
        leader, order="due_at", page=Page(PAGE, (now + timedelta(9), UUID(int=0)))
    )
    return found


def _list(
    actor: Actor, *, filters: Mapping[str, object] | None = None, order: str = "-received_at", page: Page = FIRST_PAGE
) -> Asked:
    return actor, lambda work: list_appeals(work.connection, actor, filters=filters or {}, order=order, page=page)


def _queues(sample: Sample) -> dict[str, Asked]:
    states = (None, "unsigned", "handling", "resolved", "return_pending")
    found = {f"queue {state or ''}".strip(): _queue(sample, state=state) for state in states}
    return found | {f"queue {lamp}": _queue(sample, lamp=lamp) for lamp in Lamp}


def _queue(sample: Sample, *, state: str | None = None, lamp: Lamp | None = None) -> Asked:
    officer = _actor(Role.OFFICER, jurisdictions=frozenset({JURISDICTION}), department=DEPARTMENT)
    return officer, lambda work: queue_of(
        work, state=state, lamp=lamp, due_before=None, page=FIRST_PAGE, actor=officer, now=sample.now
    )


def _cases(sample: Sample) -> dict[str, Asked]:
    row, readers = sample.row, _readers(sample)
    leader, officer = readers["leader"], readers["department"]
    reads = {f"read as {who}": _read(row["number"], actor) for who, actor in readers.items() if who != "leader of two"}
    return reads | {
        "lock": (leader, lambda work: lock_case(work.connection, row["number"], leader)),
        "lock by assignment": (
            officer,
            lambda work: lock_case_of_assignment(work.connection, row["assignment_id"], officer),
        ),
        "lock many": (None, lambda work: lock_cases(work.connection, sample.appeals)),
        "read by clock": (leader, lambda work: read_case_of_clock(work.connection, row["clock_id"], leader)),
        "sweep claim": (None, lambda work: claim_due_appeals(work.connection, now=sample.now, limit=1_000)),
        "sweep claim nothing due": (None, lambda work: claim_due_appeals(work.connection, now=YEARS_AGO, limit=1_000)),
    }


def _read(number: str, actor: Actor) -> Asked:
    """Read one appeal that lies within the actor's reach or not: the plan is the same."""
    return actor, lambda work: _or_nothing(read_appeal(work.connection, number, actor))


async def _or_nothing(reading: Awaitable[object]) -> None:
    with suppress(NotFound):
        await reading


def _histories(sample: Sample) -> dict[str, Asked]:
    appeal, (transaction, event_id) = sample.row["id"], sample.position
    leader = _leader(JURISDICTION)
    found: dict[str, Asked] = {
        f"feed {who}": _feed(actor, transaction, event_id) for who, actor in _readers(sample).items()
    }
    return found | {
        "feed from the start": _feed(leader, 0, 0),
        "timeline": (leader, lambda work: timeline_of(work.connection, appeal)),
        "replies": (leader, lambda work: replies_of(work.connection, appeal)),
        "approved reply": (leader, lambda work: approved_reply(work.connection, appeal)),
        "visits and ratings": (leader, lambda work: heard_of(work.connection, appeal, 1)),
        "supervision": (leader, lambda work: supervisions_of(work.connection, appeal)),
        "merged": (leader, lambda work: merged_into(work.connection, appeal)),
        "reopened": (leader, lambda work: was_reopened(work.connection, appeal, channel="reopening")),
    }


def _feed(actor: Actor, transaction: int, event_id: int) -> Asked:
    return actor, lambda work: feed_after(work.connection, actor, transaction=transaction, event_id=event_id, limit=100)
