"""Every move names the reading that it is based on; nobody overwrites what they have not seen."""

import asyncio

import pytest

from tests.api.promises import Operation, about_an_appeal, one_of_everything
from tests.house import House


async def moves(house: House) -> list[Operation]:
    """Return the operations that change an appeal; a file is added whatever else has happened meanwhile."""
    unversioned = ("attach_file", "detach_file")
    found = [one for one in await about_an_appeal(house) if one.method != "GET" and one.name not in unversioned]
    assert len(found) >= 25
    return found


def who_moves(operation: Operation) -> str:
    """Return somebody who reaches the house's appeal by way of the path."""
    return "officer" if not operation.path.startswith("/api/v1/appeals") else "leader"


async def test_a_move_without_a_version_is_asked_for_one(house: House) -> None:
    ids = await one_of_everything(house)
    for one in await moves(house):
        problem = await house.refuse(
            who_moves(one), one.at(ids), one.example, method=one.method, status=428, code="precondition-missing",
            version=None,
        )  # fmt: skip
        assert "If-Match" in problem["detail"], one.name


async def test_a_move_on_an_old_version_is_refused_and_changes_nothing(house: House) -> None:
    ids = await one_of_everything(house)
    before = await house.read(ids["number"])
    master = {"into": (await house.file())["number"]}
    for one in await moves(house):
        body = one.example | master if one.name == "merge_appeal" else one.example
        await house.refuse(who_moves(one), one.at(ids), body, method=one.method, status=412, code="stale", version=1)
    assert await house.read(ids["number"]) == before


@pytest.mark.parametrize("written", ['"{}"', 'W/"{}"', ' "{}" ', "*"])
async def test_the_current_version_and_the_star_are_taken(house: House, written: str) -> None:
    number, assignment = await house.assigned()
    headers = {"If-Match": written.format((await house.read(number))["version"])}
    answer = await house.ask("officer", "POST", f"/assignments/{assignment}/signature", headers=headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("written", ["3", '"x"', '"-1"', '"1", "2"', "", '"9999999999"', '"\u0663"'])
async def test_what_is_no_version_is_refused(house: House, written: str) -> None:
    _, assignment = await house.assigned()
    headers = {b"If-Match": written.encode(), b"Authorization": f"Bearer {house.keys['officer']}".encode()}
    answer = await house.client.post(f"/api/v1/assignments/{assignment}/signature", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text


async def test_of_two_moves_on_one_reading_one_wins_and_the_other_is_told(house: House) -> None:
    number = (await house.file())["number"]
    orders = [{"lead": "economy"}, {"lead": "party_office"}]
    path = f"/appeals/{number}/assignment"
    answers = await asyncio.gather(*(house.ask("dispatcher", "POST", path, order, version=1) for order in orders))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert len((await house.read(number))["assignments"]) == 1


async def test_of_two_moves_without_a_reading_the_second_finds_it_done(house: House) -> None:
    number = (await house.file())["number"]
    path = f"/appeals/{number}/assignment"
    body = {"lead": "economy"}
    answers = await asyncio.gather(*(house.ask("dispatcher", "POST", path, body, version="*") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]


async def test_the_answer_to_a_move_shows_the_appeal_as_a_reading_shows_it(house: House) -> None:
    number, assignment = await house.assigned(supports=["finance"])
    steps = [
        ("officer", f"/assignments/{assignment}/signature", None),
        ("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"}),
        ("dispatcher", f"/appeals/{number}/regrade", {"level": "difficult", "reason": "涉及三个部门。"}),
        ("supervisor", f"/appeals/{number}/suspension", {"cause": "papers", "evidence": "通知"}),
        ("supervisor", f"/appeals/{number}/resumption", {"reason": "收齐。"}),
    ]
    for who, path, body in steps:
        answered = await house.do(who, path, body)
        read = await house.read(number, who)
        assert {key: read[key] for key in answered} == answered, path


async def test_every_resource_of_an_appeal_carries_its_version(house: House) -> None:
    number, _ = await house.assigned()
    for tail in ("", "/clocks", "/timeline", "/replies", "/supervisions"):
        answer = await house.ask("leader", "GET", f"/appeals/{number}{tail}")
        assert answer.headers["etag"] == '"2"', tail
