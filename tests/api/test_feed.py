"""The change feed loses nothing, however commits overlap."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.house import LEAD, House

PATIENCE = 10
"""Seconds until a change must have come: other databases of the server may hold the feed up for a moment."""

Change = tuple[str, int]


class Reader:
    """Follows the feed from the beginning."""

    def __init__(self, house: House, who: str = "leader") -> None:
        self.house, self.who = house, who
        self.position = "0-0"
        self.seen: list[Change] = []

    async def read(self, *, limit: int = 7) -> int:
        """Read one page; return how many changes it had."""
        path = f"/feed?after={self.position}&limit={limit}"
        answer = await self.house.ask(self.who, "GET", path)
        page: dict[str, Any] = answer.json()
        self.position = page["next"]
        self.seen += [(one["number"], one["sequence"]) for one in page["items"]]
        return len(page["items"])

    async def until(self, expected: set[Change]) -> None:
        """Read until everything expected has come."""
        async with asyncio.timeout(PATIENCE):
            while not expected <= set(self.seen):
                if not await self.read():
                    await asyncio.sleep(0.05)


async def everything(house: House) -> set[Change]:
    """Return every event there is."""
    query = "SELECT a.number, v.sequence FROM event v JOIN appeal a ON a.id = v.appeal_id"
    return {(row["number"], row["sequence"]) for row in await house.rows(query)}


@contextmanager
def transaction(house: House) -> Iterator[psycopg.Connection]:
    """Open a transaction by hand; it is committed by hand or not at all."""
    url = house.office.engine.url.render_as_string(hide_password=False).replace("+psycopg", "", 1)
    with psycopg.connect(url) as connection:
        yield connection


INSERT = """
    INSERT INTO event (appeal_id, sequence, action, announces, actor_id, actor_name, actor_roles, to_status, at,
                       recorded_at, reason, payload, digest)
    SELECT appeal_id, sequence + 1, 'visit', 'appeal.visited', actor_id, actor_name, actor_roles, to_status, at,
           recorded_at, '', '{}', digest FROM event ORDER BY id LIMIT 1
"""


async def test_a_change_that_is_committed_late_is_not_passed_over(house: House) -> None:
    slow = (await house.file())["number"]
    reader = Reader(house)
    await reader.until({(slow, 1)})
    with transaction(house) as connection:
        connection.execute(INSERT)  # takes its place in the order, and is not committed yet
        quick = (await house.file())["number"]
        await reader.read()
        assert reader.seen == [(slow, 1)], "the later change waits for the earlier transaction"
        connection.commit()
    await reader.until({(slow, 2), (quick, 1)})
    assert reader.seen == [(slow, 1), (slow, 2), (quick, 1)]


async def test_following_the_ids_alone_would_pass_it_over(house: House) -> None:
    await house.file()
    with transaction(house) as connection:
        connection.execute(INSERT)
        await house.file()
        (last,) = await house.rows("SELECT max(id) AS id FROM event")
        connection.commit()
    missed = await house.rows("SELECT id FROM event WHERE id < :last AND sequence = 2", last=last["id"])
    assert len(missed) == 1, "a reader that had noted the last id would never come back for it"


async def test_a_transaction_that_is_given_up_holds_up_nothing_for_good(house: House) -> None:
    first = (await house.file())["number"]
    with transaction(house) as connection:
        connection.execute(INSERT)
        second = (await house.file())["number"]
        connection.rollback()
    reader = Reader(house)
    await reader.until({(first, 1), (second, 1)})
    assert reader.seen == [(first, 1), (second, 1)]


async def test_concurrent_moves_all_arrive_once_and_each_appeal_in_its_own_order(house: House) -> None:
    numbers = [(await house.file())["number"] for _ in range(8)]

    async def move(number: str) -> None:
        await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
        await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})

    reader = Reader(house)

    moved = asyncio.Event()

    async def follow() -> None:
        while not moved.is_set():
            await reader.read(limit=3)
            await asyncio.sleep(0)

    following = asyncio.create_task(follow())
    await asyncio.gather(*(move(number) for number in numbers))
    moved.set()
    await following
    await reader.until(await everything(house))
    assert len(reader.seen) == len(set(reader.seen)), "nothing twice"
    assert set(reader.seen) == await everything(house), "nothing missing, nothing invented"
    for number in numbers:
        assert [sequence for one, sequence in reader.seen if one == number] == [1, 2, 3]


async def test_the_feed_says_what_the_timelines_say(house: House) -> None:
    await house.reviewed()
    await house.assigned()
    reader = Reader(house)
    await reader.until(await everything(house))
    timelines = {number: await house.items(f"/appeals/{number}/timeline") for number, _ in reader.seen}
    assert sorted(reader.seen) == sorted((number, one["sequence"]) for number in timelines for one in timelines[number])


async def test_an_empty_page_gives_the_position_back(house: House) -> None:
    number = (await house.file())["number"]
    reader = Reader(house)
    await reader.until({(number, 1)})
    position = reader.position
    assert (await reader.read(), reader.position) == (0, position)


async def test_everybody_follows_their_own(house: House) -> None:
    mine = (await house.file("enterprise"))["number"]
    theirs = (await house.file("rival"))["number"]
    await Reader(house).until({(mine, 1), (theirs, 1)})
    reader = Reader(house, "enterprise")
    await reader.until({(mine, 1)})
    assert reader.seen == [(mine, 1)]
