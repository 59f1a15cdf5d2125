"""What is out of reach is answered like what does not exist, byte for byte."""

from itertools import product
from typing import Any

import httpx
import pytest

from tests.api.promises import UNKNOWN, about_an_appeal, one_of_everything, operations, send
from tests.house import House

FOREIGNERS = ("rival", "foreign_dispatcher", "officer_third", "head_third", "administrator", "auditor", "observer")


FOR_FEW = {"read_copy"}
"""What even within reach only some may read."""


def told(answer: httpx.Response) -> tuple[Any, ...]:
    """Return all that an answer tells; the id of the request is a new one each time."""
    headers = sorted(one for one in answer.headers.items() if one[0] != "x-request-id")
    return answer.status_code, headers, answer.content


@pytest.mark.parametrize("who", FOREIGNERS)
async def test_no_operation_tells_a_foreign_appeal_from_an_unknown_one(house: House, who: str) -> None:
    ids = await one_of_everything(house)
    before = await house.read(ids["number"])
    everything = await about_an_appeal(house)
    assert len(everything) >= 35
    answers = {one.name: [await send(house, who, one, named) for named in (ids, UNKNOWN)] for one in everything}
    assert {name for name, (foreign, _) in answers.items() if foreign.status_code != 404} == set()
    assert {name for name, (foreign, unknown) in answers.items() if told(foreign) != told(unknown)} == set()
    assert await house.read(ids["number"]) == before, "and nothing came of it"


async def test_those_within_reach_are_answered_otherwise(house: House) -> None:
    ids = await one_of_everything(house)
    for one in await about_an_appeal(house):
        if one.method == "GET" and one.name not in FOR_FEW:
            for who in ("enterprise", "leader", "officer"):
                expected = 403 if one.name == "list_accesses" and who != "enterprise" else 200
                assert (await send(house, who, one, ids)).status_code == expected, (one.name, who)


async def test_a_stale_version_of_a_foreign_appeal_says_nothing_either(house: House) -> None:
    ids = await one_of_everything(house)
    for who, version in product(FOREIGNERS, (None, 1, "*")):
        answers = [
            await house.ask(who, "POST", f"/appeals/{one['number']}/withdrawal", {"reason": "x"}, version=version)
            for one in (ids, UNKNOWN)
        ]
        assert told(answers[0]) == told(answers[1]), (who, version)


async def test_no_list_shows_a_foreign_appeal(house: House) -> None:
    await one_of_everything(house)
    for who, path in product(FOREIGNERS, ("/appeals", "/appeals?order=due_at", "/appeals?late=true", "/feed")):
        answer = await house.ask(who, "GET", path)
        assert (answer.status_code, answer.json()["items"]) == (200, []), (who, path)
    assert [one["status"] for one in await house.items("/appeals", "enterprise")] == ["assigned"], "there is one"


async def test_a_merger_does_not_tell_whether_a_foreign_master_exists(house: House) -> None:
    ids = await one_of_everything(house)
    await house.admit_everywhere("wide")
    own = (await house.file())["number"]
    foreign = (await house.ask("wide", "POST", "/appeals", FOREIGN_FILING)).json()["number"]
    answers = [
        await house.ask(
            "dispatcher", "POST", f"/appeals/{own}/merger", {"into": into, "reason": "同一事项"}, version="*"
        )
        for into in (foreign, "JZ-20260302-999999")
    ]
    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code in (404, 422)
    assert (await house.read(ids["number"]))["status"] == "assigned"


FOREIGN_FILING = {
    "jurisdiction": "jingzhou",
    "title": "补贴未到账",
    "text": "公示期满已两个月。",
    "category": "02",
    "enterprise_name": "荆州某公司",
}


async def test_an_unknown_key_is_no_key(house: House) -> None:
    ids = await one_of_everything(house)
    house.keys["stranger"] = "bh_" + "x" * 43
    for one in await operations(house):
        if one.is_open:
            continue
        answers = [await send(house, who, one, ids | {"jurisdiction": "gedian"}) for who in (None, "stranger")]
        assert {answer.status_code for answer in answers} == {401}, one.name
        assert told(answers[0]) == told(answers[1]), one.name
        assert answers[0].headers["www-authenticate"] == "Bearer"


async def test_a_department_of_another_jurisdiction_with_the_same_code_reaches_nothing(house: House) -> None:
    """A department belongs to its jurisdiction: `economy` here and `economy` there are two."""
    await house.admit_everywhere("wide")
    number = (await house.ask("wide", "POST", "/appeals", FOREIGN_FILING)).json()["number"]
    order = {"lead": "economy", "reason": "由其承办。"}
    await house.do("wide", f"/appeals/{number}/assignment", order)
    assert (await house.ask("officer", "GET", f"/appeals/{number}")).status_code == 404
    assert await house.items("/assignments", "officer") == []
