"""Administrative acts: one chain, however many write at once, and one act for each thing that was done."""

import asyncio
from typing import Any

import pytest

from app.domain.act import ActChain
from app.domain.roles import SYSTEM
from app.services.acts import record_act
from app.services.office import Office
from tests.house import House
from tests.journeys.test_calendars import NOTICE, PUBLICATIONS, proposed


async def acts(house: House) -> list[dict[str, Any]]:
    return await house.rows("SELECT * FROM act ORDER BY id")


def broken(rows: list[dict[str, Any]]) -> list[int]:
    chain = ActChain()
    return [fault.act_id for row in rows for fault in chain.verify(row)]


async def record(office: Office, house: House, action: str, **payload: object) -> None:
    async with office.work() as work:
        await record_act(work, action, subject="x", payload=payload, actor=SYSTEM, now=house.now)


async def test_acts_of_one_unit_of_work_follow_each_other(house: House) -> None:
    async with house.office.work() as work:
        for action in ("one", "two"):
            await record_act(work, action, subject="x", payload={}, actor=SYSTEM, now=house.now)
    rows = await acts(house)
    assert [row["action"] for row in rows][-2:] == ["one", "two"]
    assert broken(rows) == []


async def test_who_writes_at_once_writes_one_chain(house: House) -> None:
    await asyncio.gather(*(record(house.office, house, f"act_{place}", at=house.now) for place in range(12)))
    rows = await acts(house)
    assert len({row["action"] for row in rows if row["action"].startswith("act_")}) == 12
    assert broken(rows) == []


async def test_without_waiting_for_one_another_the_chain_would_break(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: everybody appends to the end that was there before."""
    newest = (await acts(house))[-1]["digest"]

    async def unlocked(_connection: object) -> str:
        return str(newest)

    monkeypatch.setattr("app.services.acts.lock_newest_digest", unlocked)
    await asyncio.gather(*(record(house.office, house, f"act_{place}") for place in range(4)))
    assert len(broken(await acts(house))) == 3


@pytest.mark.parametrize("column", ["at", "actor_id", "actor_name", "actor_roles", "action", "subject", "payload"])
async def test_a_changed_act_is_found(house: House, column: str) -> None:
    rows = await acts(house)
    rows[0][column] = rows[1][column] if rows[1][column] != rows[0][column] else "x"
    assert broken(rows) == [rows[0]["id"]]


async def test_an_act_that_is_taken_out_is_found(house: House) -> None:
    for place in range(3):
        await record(house.office, house, f"act_{place}")
    rows = await acts(house)
    assert broken(rows[:2] + rows[3:]) == [rows[3]["id"]]


async def test_making_a_database_ready_is_two_acts(house: House) -> None:
    assert [row["action"] for row in await acts(house)] == ["calendar.seeded", "policy.published"]


async def test_every_step_of_a_notice_is_an_act(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    first = await proposed(house, NOTICE)
    await house.do("leader", f"{PUBLICATIONS}/{first}/withdrawal", {"reason": "有误"})
    second = await proposed(house, NOTICE)
    await house.do("leader", f"{PUBLICATIONS}/{second}/approval")
    rows = (await acts(house))[2:]
    steps = ["calendar.proposed", "calendar.withdrawn", "calendar.proposed", "calendar.approved"]
    assert [row["action"] for row in rows] == steps
    assert [row["subject"] for row in rows] == [first, first, second, second]
    assert [row["payload"]["state"] for row in rows] == ["proposed", "withdrawn", "proposed", "applied"]
    assert rows[1]["payload"]["reason"] == "有误"
    assert broken(await acts(house)) == []


async def test_a_notice_that_comes_into_force_later_is_an_act_of_the_system(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    publication = await proposed(house, {**NOTICE, "effective_at": "2026-12-29T00:00:00+08:00"})
    await house.do("leader", f"{PUBLICATIONS}/{publication}/approval")
    house.go_to("2026-12-29 09:00")
    await house.sweep()
    rows = (await acts(house))[-2:]
    assert [(row["action"], row["actor_roles"]) for row in rows] == [
        ("calendar.approved", "leader"),
        ("calendar.applied", "system"),
    ]


async def test_a_refused_step_is_no_act(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    publication = await proposed(house, NOTICE)
    before = await acts(house)
    await house.refuse(
        "supervisor", f"{PUBLICATIONS}/{publication}/approval", status=403, code="same-person", version=None
    )
    assert await acts(house) == before
