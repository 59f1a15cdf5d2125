"""What an insider who owns the database can do to it, with triggers and foreign keys out of the way."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy import text

from app.domain.examination import Report
from app.domain.timeline import event_digest, words_digest
from app.services.audit import examine, seals_of
from app.storage import AsyncConnection
from tests.house import House

Row = dict[str, Any]
COLUMNS = (
    "appeal_id", "action", "announces", "actor_id", "actor_name", "actor_roles", "from_status", "to_status", "at",
    "recorded_at", "reason", "payload", "digest", "words_digest",
)  # fmt: skip
STATUSES = ("received", "assigned", "resolved", "reviewed", "closed")


@dataclass
class Hand:
    """An insider at work on one connection, in a transaction that is rolled back in the end."""

    connection: AsyncConnection
    random: Random

    async def run(self, statement: str, **values: object) -> Any:
        return await self.connection.execute(text(statement), values)

    async def rows(self, statement: str, **values: object) -> list[Row]:
        return [dict(row) for row in (await self.run(statement, **values)).mappings()]

    async def some_life(self, *, longer_than: int = 0) -> tuple[UUID, list[Row]]:
        """Return some appeal's id and its events."""
        query = "SELECT id FROM appeal WHERE event_count > :n ORDER BY number"
        appeal: UUID = self.random.choice(await self.rows(query, n=longer_than))["id"]
        events = "SELECT *, transaction::text AS transaction FROM event WHERE appeal_id = :id ORDER BY sequence"
        return appeal, await self.rows(events, id=appeal)

    async def keep(self, appeal: UUID, events: list[Row], *, mended: str) -> None:
        """Put other events in the place of an appeal's, and mend as much around them as is asked."""
        rows = orjson.dumps(events, default=str).decode()
        await self.run("DELETE FROM event WHERE appeal_id = :id", id=appeal)
        await self.run(
            "INSERT INTO event OVERRIDING SYSTEM VALUE "
            "SELECT * FROM jsonb_populate_recordset(NULL::event, CAST(:rows AS jsonb))",
            rows=rows,
        )
        if mended == "everything":
            await self.run(
                "UPDATE appeal SET event_count = :n, chain_head = :head, status = :status WHERE id = :id",
                n=len(events), head=events[-1]["digest"], status=events[-1]["to_status"], id=appeal,
            )  # fmt: skip
        elif mended == "count":
            await self.run("UPDATE appeal SET event_count = :n WHERE id = :id", n=len(events), id=appeal)

    async def free_id(self) -> int:
        return int((await self.rows("SELECT max(id) + 1 AS id FROM event"))[0]["id"])


def chained(events: list[Row]) -> list[Row]:
    """Number the events in their order, let each begin where the one before ended, and chain them anew."""
    before: Row = {"digest": "", "to_status": None}
    for place, event in enumerate(events):
        event |= {"sequence": place + 1, "from_status": before["to_status"]}
        if event["words_digest"] is not None:
            event["words_digest"] = words_digest(event)
        event["digest"] = event_digest(before["digest"], event)
        before = event
    return events


def other(random: Random, column: str, value: Any) -> Any:
    """Return another value for a column."""
    if column in ("at", "recorded_at"):
        return value + random.choice((-1, 1)) * timedelta(microseconds=random.choice((1, 10**6, 10**11)))
    if column in ("from_status", "to_status"):
        return random.choice([status for status in STATUSES if status != value])
    if column in ("appeal_id", "actor_id"):
        return uuid4()
    return value | {"amount": "1"} if column == "payload" else f"{value}。"


async def edit(hand: Hand, mended: str) -> None:
    """Change one column of one event."""
    appeal, events = await hand.some_life()
    event, column = hand.random.choice(events), hand.random.choice(COLUMNS)
    before = deepcopy(events)
    event[column] = other(hand.random, column, event[column])
    if mended == "everything":
        chained(events)
        events = events if events != before else await another_name(events, hand)
    await hand.keep(appeal, events, mended=mended)


async def another_name(events: list[Row], hand: Hand) -> list[Row]:
    """Change a name, where chaining anew has undone what was changed."""
    hand.random.choice(events)["actor_name"] += "。"
    return chained(events)


async def delete(hand: Hand, mended: str) -> None:
    """Take one event out."""
    appeal, events = await hand.some_life(longer_than=1)
    del events[hand.random.randrange(len(events))]
    await hand.keep(appeal, chained(events) if mended == "everything" else events, mended=mended)


async def insert(hand: Hand, mended: str) -> None:
    """Add an event like another: as the last, or in the midst of things."""
    appeal, events = await hand.some_life()
    place = hand.random.randint(1, len(events))
    added = {**hand.random.choice(events), "id": await hand.free_id(), "sequence": len(events) + 1, "reason": "补记"}
    if mended == "everything":
        events.insert(place, added)
        chained(events)
    else:
        events.append(added)
    await hand.keep(appeal, events, mended=mended)


async def swap(hand: Hand, mended: str) -> None:
    """Let two events change places, with or without their digests."""
    appeal, events = await hand.some_life(longer_than=1)
    one, another = hand.random.sample(range(len(events)), 2)
    left = hand.random.choice((("sequence",), ("sequence", "digest")))
    first, second = dict(events[one]), dict(events[another])
    events[one] = second | {name: first[name] for name in left}
    events[another] = first | {name: second[name] for name in left}
    await hand.keep(appeal, chained(events) if mended == "everything" else events, mended=mended)


async def cut_tail(hand: Hand, mended: str) -> None:
    """Take the newest events off, and let the appeal say that there were no more."""
    appeal, events = await hand.some_life(longer_than=1)
    await hand.keep(appeal, events[: hand.random.randint(1, len(events) - 1)], mended=mended)


async def move(hand: Hand, mended: str) -> None:
    """Give the newest event of one appeal to another."""
    giver, given = await hand.some_life(longer_than=1)
    taker, taken = await hand.some_life()
    while taker == giver:
        taker, taken = await hand.some_life()
    moved = {**given.pop(), "appeal_id": taker, "sequence": len(taken) + 1}
    await hand.keep(giver, given, mended=mended)
    taken.append(moved)
    await hand.keep(taker, chained(taken) if mended == "everything" else taken, mended=mended)


async def delete_appeal(hand: Hand, mended: str) -> None:
    """Make an appeal vanish, with its history or without."""
    appeal, _ = await hand.some_life()
    await hand.run("DELETE FROM appeal WHERE id = :id", id=appeal)
    if mended == "everything":
        await hand.run("DELETE FROM event WHERE appeal_id = :id", id=appeal)


async def change_appeal(hand: Hand, mended: str) -> None:
    """Change what an appeal says of its own history."""
    change = hand.random.choice(("chain_head = 'x'", "event_count = event_count + 1", "event_count = event_count - 1"))
    appeal, _ = await hand.some_life()
    await hand.run(f"UPDATE appeal SET {change} WHERE id = :id", id=appeal)


async def change_anchor(hand: Hand, mended: str) -> None:
    """Change an anchor or take it out."""
    anchor = hand.random.choice(await hand.rows("SELECT day FROM anchor ORDER BY day"))
    column = hand.random.choice(("digest", "previous_digest", "content_digest", "signature", "key_id", "public_key"))
    counts = ("events", "appeals", "accesses", "acts")
    statement = hand.random.choice(
        (
            "DELETE FROM anchor WHERE day = :day",
            f"UPDATE anchor SET {column} = 'x' || {column} WHERE day = :day",
            f"UPDATE anchor SET {hand.random.choice(counts)} = 99 WHERE day = :day",
        )
    )
    await hand.run(statement, **anchor)


async def change_act(hand: Hand, mended: str) -> None:
    """Change an administrative act, or take it out; mended: the newest of them, so that no chain breaks."""
    if mended == "everything":
        await hand.run("DELETE FROM act WHERE id = (SELECT max(id) FROM act)")
        return
    act = hand.random.choice(await hand.rows("SELECT id FROM act ORDER BY id"))
    change = hand.random.choice(("actor_name = 'x'", "at = at + interval '1 day'", "payload = '{}'", "subject = 'x'"))
    await hand.run(f"UPDATE act SET {change} WHERE id = :id", **act)


async def change_access(hand: Hand, mended: str) -> None:
    """Change who has read something, or let it be forgotten."""
    access = hand.random.choice(await hand.rows("SELECT id FROM access ORDER BY id"))
    statement = hand.random.choice(
        ("DELETE FROM access WHERE id = :id", "UPDATE access SET actor_name = 'x' WHERE id = :id")
    )
    await hand.run(statement, **access)


WAYS: tuple[Callable[[Hand, str], Any], ...] = (
    edit, edit, edit, delete, insert, swap, cut_tail, move, delete_appeal, change_appeal, change_anchor, change_act,
    change_access,
)  # fmt: skip
MENDED = ("nothing", "count", "everything")


@asynccontextmanager
async def insider(house: House, seed: int) -> AsyncIterator[Hand]:
    """Let an insider work; whatever was done is undone at the end of the block."""
    async with house.as_owner() as connection:
        await connection.execute(text("BEGIN"))
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        try:
            yield Hand(connection, Random(seed))
        finally:
            await connection.execute(text("ROLLBACK"))


async def found_by(hand: Hand, house: House, *, trusted: str = "") -> Report:
    """Return what an audit finds of it."""
    return await examine(hand.connection, seals_of([trusted] if trusted else ()), now=house.now)
