"""Lists are pages by position: everything once, in order, whatever happens meanwhile."""

from typing import Any

import pytest

from tests.house import House


async def pages(house: House, path: str, *, who: str = "leader", limit: int = 4) -> list[list[dict[str, Any]]]:
    """Read a list to its end, page by page."""
    sign = "&" if "?" in path else "?"
    found, cursor = [], ""
    while True:
        answer = (await house.ask(who, "GET", f"{path}{sign}limit={limit}{cursor}")).json()
        found.append(answer["items"])
        if answer["next"] is None:
            return found
        cursor = f"&cursor={answer['next']}"


async def some(house: House, count: int = 11) -> list[str]:
    """File so many appeals, several of them at one instant; return their numbers, oldest first."""
    numbers = []
    for place in range(count):
        numbers.append((await house.file())["number"])
        if place % 4 == 3:
            house.pass_time(hours=13)
    return numbers


def numbers_of(found: list[list[dict[str, Any]]]) -> list[str]:
    """Return the numbers of all pages."""
    return [one["number"] for page in found for one in page]


@pytest.mark.parametrize("order", ["received_at", "-received_at", "due_at"])
async def test_every_appeal_comes_exactly_once_in_every_order(house: House, order: str) -> None:
    filed = await some(house)
    for limit in (1, 4, 11, 12):
        found = await pages(house, f"/appeals?order={order}", limit=limit)
        assert sorted(numbers_of(found)) == sorted(filed)
        assert [len(page) for page in found[:-1]] == [limit] * (len(found) - 1)
        instants = [one[order.removeprefix("-")] for page in found for one in page]
        assert instants == sorted(instants, reverse=order.startswith("-"))


async def test_the_two_orders_are_each_others_reverse(house: House) -> None:
    await some(house)
    oldest = numbers_of(await pages(house, "/appeals?order=received_at"))
    newest = numbers_of(await pages(house, "/appeals?order=-received_at"))
    assert oldest == newest[::-1]


async def test_what_is_filed_meanwhile_neither_doubles_nor_hides_what_was_there(house: House) -> None:
    filed = await some(house)
    first = (await house.ask("leader", "GET", "/appeals?limit=5")).json()
    house.pass_time(hours=1)
    await house.file()
    rest = numbers_of(await pages(house, f"/appeals?cursor={first['next']}", limit=200))
    assert sorted([one["number"] for one in first["items"]] + rest) == sorted(filed)


async def test_what_is_closed_meanwhile_does_not_hide_its_neighbours(house: House) -> None:
    filed = await some(house)
    first = (await house.ask("leader", "GET", "/appeals?order=due_at&limit=5")).json()
    last = first["items"][-1]["number"]
    await house.do("enterprise", f"/appeals/{last}/withdrawal", {"reason": "已另行解决。"})
    path = f"/appeals?order=due_at&cursor={first['next']}"
    rest = numbers_of(await pages(house, path, limit=200))
    assert sorted([one["number"] for one in first["items"]] + rest) == sorted(filed)


async def test_an_exactly_full_last_page_says_that_nothing_follows(house: House) -> None:
    await some(house, 4)
    answer = (await house.ask("leader", "GET", "/appeals?limit=4")).json()
    assert (len(answer["items"]), answer["next"]) == (4, None)


async def test_the_filters_choose_what_they_say(house: House) -> None:
    received = (await house.file(category="08"))["number"]
    assigned, _ = await house.assigned(level="difficult")
    withdrawn = (await house.file())["number"]
    await house.do("enterprise", f"/appeals/{withdrawn}/withdrawal", {"reason": "已解决。"})
    chosen = {
        "status=received": [received],
        "status=assigned": [assigned],
        "status=closed": [withdrawn],
        "category=08": [received],
        "level=difficult": [assigned],
        "lead_department=economy": [assigned],
        "channel=api": [received, assigned, withdrawn],
        "channel=hotline-12345": [],
        "due_before=2026-03-10T00:00:00%2B08:00": [received],
        "due_before=2026-03-09T23:59:59%2B08:00": [],
        "status=received&category=02": [],
        "late=true": [],
    }
    for query, expected in chosen.items():
        found = await house.items(f"/appeals?order=received_at&{query}")
        assert sorted(one["number"] for one in found) == sorted(expected), query


async def test_late_is_asked_at_this_instant_and_not_of_a_column(house: House) -> None:
    number = (await house.file())["number"]
    house.go_to("2026-03-09 23:59:59.999999")
    assert await house.items("/appeals?late=true") == []
    house.go_to("2026-03-10")
    assert [one["number"] for one in await house.items("/appeals?late=true")] == [number]


@pytest.mark.parametrize("limit", ["0", "-1", "201", "ten", "1.5"])
async def test_a_page_size_out_of_bounds_is_refused(house: House, limit: str) -> None:
    problem = await house.refuse("leader", f"/appeals?limit={limit}", status=422, code="invalid", method="GET")
    assert problem["faults"][0]["field"] == "limit"


async def test_a_list_answers_an_unknown_order_with_those_it_has(house: House) -> None:
    problem = await house.refuse("leader", "/appeals?order=title", status=422, code="invalid", method="GET")
    assert "received_at" in problem["faults"][0]["reason"]


async def test_every_reader_pages_through_their_own(house: House) -> None:
    mine = await some(house, 5)
    theirs = [(await house.file("rival"))["number"] for _ in range(5)]
    assert sorted(numbers_of(await pages(house, "/appeals", who="enterprise", limit=2))) == sorted(mine)
    assert sorted(numbers_of(await pages(house, "/appeals", who="rival", limit=2))) == sorted(theirs)
    assert sorted(numbers_of(await pages(house, "/appeals", who="dispatcher", limit=3))) == sorted(mine + theirs)
