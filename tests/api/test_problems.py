"""Every refusal is a problem document that says in Chinese what is wrong, and repeats nothing of what was sent."""

import re
from typing import Any

import pytest

from tests.api.promises import one_of_everything, operations, send
from tests.house import FILING, PROBLEM, House

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ECHO = "zzz-a-word-that-was-sent-zzz"


def check(answer: Any, status: int) -> dict[str, Any]:
    """Assert that an answer is a problem as it is promised."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert re.fullmatch(r"/problems/[a-z0-9-]+", problem["type"])
    assert CHINESE.search(problem["title"])
    assert CHINESE.search(problem["detail"])
    assert all(CHINESE.search(fault["reason"]) for fault in problem.get("faults", []))
    return problem


REFUSALS: list[tuple[int, str | None, str, str, Any]] = [
    (401, None, "GET", "/appeals", None),
    (403, "administrator", "POST", "/appeals", FILING | {"enterprise_name": "某公司"}),
    (404, "leader", "GET", "/appeals/GD-1", None),
    (404, "leader", "GET", "/nowhere", None),
    (404, None, "GET", "/policies/atlantis", None),
    (404, None, "POST", f"/ratings/{'x' * 43}", {"solved": True, "satisfied": True}),
    (405, "leader", "DELETE", "/appeals", None),
    (405, "leader", "PUT", "/appeals/GD-1", {}),
    (413, "enterprise", "POST", "/appeals", FILING | {"text": "长" * 400_000}),
    (422, "enterprise", "POST", "/appeals", {}),
    (422, "enterprise", "POST", "/appeals", []),
    (422, "enterprise", "POST", "/appeals", FILING | {"category": "99"}),
    (422, "leader", "GET", "/appeals?limit=0", None),
    (422, "leader", "GET", "/appeals?cursor=x", None),
    (422, "leader", "GET", "/appeals?order=title", None),
    (422, "leader", "GET", "/appeals?due_before=2026-03-09T00:00:00", None),
    (422, "leader", "GET", "/feed?after=yesterday", None),
    (422, "leader", "GET", "/clocks/not-a-uuid/explanation", None),
    (403, "leader", "GET", "/assignments", None),
]


@pytest.mark.parametrize(("status", "who", "method", "path", "body"), REFUSALS)
async def test_a_refusal_is_a_problem_in_chinese(
    house: House, status: int, who: str | None, method: str, path: str, body: Any
) -> None:
    check(await house.ask(who, method, path, body), status)


async def test_json_that_is_none_is_answered_as_such(house: House) -> None:
    headers = {"Authorization": f"Bearer {house.keys['enterprise']}", "Content-Type": "application/json"}
    check(await house.client.post("/api/v1/appeals", content=b'{"title": ', headers=headers), 400)


async def test_unknown_fields_are_refused_by_name_in_every_request(house: House) -> None:
    ids = await one_of_everything(house) | {"token": "t" * 43}
    with_body = [one for one in await operations(house) if one.takes_json]
    for one in with_body:
        who = "officer" if one.path.startswith(("/api/v1/assignments", "/api/v1/supervisions")) else "leader"
        problem = check(await send(house, who, one, ids, one.example | {"nonsense": 1}), 422)
        assert [fault["field"] for fault in problem["faults"]] == ["nonsense"], one.name
        assert "没有这个字段" in problem["faults"][0]["reason"]


async def test_every_missing_field_is_named_at_once(house: House) -> None:
    problem = check(await house.ask("enterprise", "POST", "/appeals", {}), 422)
    assert {fault["field"] for fault in problem["faults"]} == {"jurisdiction", "title", "text", "category"}


async def test_a_wrong_move_names_the_moves_that_are(house: House) -> None:
    number = (await house.file())["number"]
    answer = await house.ask("dispatcher", "POST", f"/appeals/{number}/closure", {"note": ""}, version="*")
    problem = check(answer, 409)
    assert problem["allowed"] == (await house.read(number, "dispatcher"))["allowed"]
    assert "assign" in problem["allowed"]


async def test_the_moves_that_are_named_are_possible_by_the_table(house: House) -> None:
    read = await house.read((await house.file())["number"], "dispatcher")
    moves = ["request_supplement", "refuse", "redirect", "merge", "assign", "regrade", "terminate"]
    assert read["allowed"] == [*moves, "attach", "detach", "release_attachment"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/appeals", FILING | {"category": ECHO}),
        ("POST", "/appeals", FILING | {"kind": ECHO}),
        ("POST", "/appeals", FILING | {"petition": ECHO}),
        ("POST", "/appeals", FILING | {"paper_received_on": ECHO}),
        ("POST", "/appeals", FILING | {"uscc": ECHO}),
        ("GET", f"/appeals/{ECHO}", None),
        ("GET", f"/appeals?order={ECHO}", None),
        ("GET", f"/appeals?cursor={ECHO}", None),
        ("GET", f"/feed?after={ECHO}", None),
        ("GET", f"/{ECHO}", None),
    ],
)
async def test_a_refusal_repeats_nothing_of_what_was_sent(house: House, method: str, path: str, body: Any) -> None:
    answer = await house.ask("enterprise", method, path, body)
    assert answer.status_code >= 400
    assert ECHO not in answer.text
