"""Who reads a confidential appeal leaves a note, and whoever filed it can see by which office it was read."""

from typing import Any

import pytest

from app.domain.access import READINGS
from app.domain.roles import Role
from app.services.accounts import NewAccount
from tests.api.promises import about_an_appeal, operations, send
from tests.house import OFFICE, House, clock_of
from tests.journeys.test_attachments import attached
from tests.journeys.test_confidential import confidential


async def notes(house: House) -> list[dict[str, Any]]:
    return await house.rows("SELECT * FROM access ORDER BY at, id")


async def ids_of(house: House, number: str) -> dict[str, str]:
    clock = clock_of(await house.read(number, "enterprise"), "handling")
    path = await attached(house, "enterprise", number)
    if (await house.read(number, "enterprise"))["confidential"]:
        await house.do("dispatcher", f"{path}/release")
    return {"number": number, "clock_id": clock["id"], "attachment_id": path.rsplit("/", 1)[-1]}


async def readings(house: House) -> list[Any]:
    """Return every operation that reads one appeal."""
    return [one for one in await about_an_appeal(house) if one.method == "GET"]


@pytest.mark.parametrize("who", ["leader", "officer"])
async def test_every_reading_of_a_confidential_appeal_is_noted(house: House, who: str) -> None:
    number, _ = await confidential(house)
    ids = await ids_of(house, number)
    everything = await readings(house)
    assert {one.name for one in everything} == set(READINGS)
    for one in everything:
        before = await notes(house)
        house.pass_time(seconds=1)
        await send(house, who, one, ids)
        (noted,) = (await notes(house))[len(before) :]
        assert (noted["what"], noted["actor_name"], noted["actor_roles"]) == (one.name, who, who)
        assert (noted["at"], noted["purpose"]) == (house.now, None)


FOR_DISPATCHERS = {"read_copy"}


async def test_an_appeal_that_is_not_confidential_is_read_without_a_note(house: House) -> None:
    number, _ = await house.assigned()
    ids = await ids_of(house, number)
    for one in await readings(house):
        await send(house, "leader", one, ids)
    assert await notes(house) == []


async def test_the_enterprise_reads_its_own_without_a_note_and_a_stranger_reads_nothing(house: House) -> None:
    number, _ = await confidential(house)
    ids = await ids_of(house, number)
    for one in await readings(house):
        assert (await send(house, "enterprise", one, ids)).status_code == (403 if one.name in FOR_DISPATCHERS else 200)
        assert (await send(house, "rival", one, ids)).status_code == 404
    assert await notes(house) == []


async def test_the_enterprise_is_told_the_office_and_the_role_and_no_name(house: House) -> None:
    number, _ = await confidential(house)
    await house.admit("张三", NewAccount("张三", frozenset({Role.OFFICER}), department="economy", **OFFICE))
    await house.read(number, "张三")
    house.pass_time(minutes=1)
    await house.read(number, "leader")
    answer = await house.ask("enterprise", "GET", f"/appeals/{number}/accesses")
    assert "张三" not in answer.text
    shown = [(one["office"], one["roles"], one["what_name"]) for one in answer.json()["items"]]
    assert shown == [
        ("营商环境办公室", ["分管（包联）领导"], "诉求详情"),
        ("经发局", ["承办单位经办人"], "诉求详情"),
    ]
    assert await house.items(f"/appeals/{number}/accesses", "supervisor") != []


async def test_long_lists_are_read_page_by_page(house: House) -> None:
    number, _ = await confidential(house)
    for _ in range(5):
        await house.read(number)
        house.pass_time(minutes=1)
    seen, path = [], f"/appeals/{number}/accesses?limit=2"
    following: str | None = ""
    while following is not None:
        page = (await house.ask("enterprise", "GET", path + (f"&cursor={following}" if following else ""))).json()
        seen += [one["at"] for one in page["items"]]
        following = page["next"]
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


async def test_others_do_not_learn_who_has_read(house: House) -> None:
    number, _ = await confidential(house)
    for who in ("leader", "officer", "clerk"):
        await house.refuse(who, f"/appeals/{number}/accesses", status=403, code="not-allowed", method="GET")


@pytest.mark.parametrize("way", ["REVOKE", "DROP"])
async def test_what_cannot_be_noted_is_not_answered(house: House, way: str) -> None:
    number, _ = await confidential(house)
    ids = await ids_of(house, number)
    await house.rows("DROP TABLE access" if way == "DROP" else "REVOKE INSERT ON access FROM bihuan_app")
    for one in await readings(house):
        answer = await send(house, "leader", one, ids)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-recorded"), one.name
        assert number not in answer.text
        own = await send(house, "enterprise", one, ids)
        broken = 500 if one.name == "list_accesses" and way == "DROP" else 200
        assert own.status_code == (403 if one.name in FOR_DISPATCHERS else broken)


async def test_there_are_readings_that_name_an_appeal_or_a_clock(house: House) -> None:
    """The list above is taken from the description: whatever reads an appeal is in it."""
    named = [one for one in await operations(house) if {"number", "clock_id"} & set(one.parameters("path"))]
    assert {one.name for one in named if one.method == "GET"} == set(READINGS)
