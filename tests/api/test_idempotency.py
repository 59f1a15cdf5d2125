"""A request that is sent again has one effect and one answer."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.house import FILING, LEAD, House

KEY = "3f1c2f0e-7f0c-4a53-9a60-1d2f3c4b5a69"
REPEATED = "idempotent-replayed"


async def post(house: House, who: str | None, path: str, body: Any = None, *, key: str | None = KEY) -> httpx.Response:
    """Send a request with an Idempotency-Key."""
    headers = {} if key is None else {"Idempotency-Key": key}
    return await house.ask(who, "POST", path, body, version="*", headers=headers)


async def count(house: House, table: str) -> int:
    """Return how many rows there are."""
    (row,) = await house.rows(f"SELECT count(*) AS rows FROM {table}")
    return int(row["rows"])


async def test_the_same_request_is_answered_the_same_byte_for_byte_and_has_one_effect(house: House) -> None:
    first = await post(house, "enterprise", "/appeals", FILING)
    house.pass_time(hours=1)
    again = await post(house, "enterprise", "/appeals", FILING)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    kept = ("etag", "location", "content-type")
    assert {name: again.headers[name] for name in kept} == {name: first.headers[name] for name in kept}
    assert (REPEATED in first.headers, again.headers[REPEATED]) == (False, "true")
    assert (await count(house, "appeal"), await count(house, "event")) == (1, 1)


async def test_without_a_key_two_requests_have_two_effects(house: House) -> None:
    for _ in range(2):
        assert (await post(house, "enterprise", "/appeals", FILING, key=None)).status_code == 201
    assert await count(house, "appeal") == 2


async def test_the_same_key_with_another_body_is_refused(house: House) -> None:
    await post(house, "enterprise", "/appeals", FILING)
    other = await post(house, "enterprise", "/appeals", FILING | {"title": "另一件事"})
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-mismatch")
    assert await count(house, "appeal") == 1


async def test_the_same_key_with_another_version_is_refused(house: House) -> None:
    number = (await house.file())["number"]
    path, headers = f"/appeals/{number}/assignment", {"Idempotency-Key": KEY}
    await house.ask("dispatcher", "POST", path, {"lead": LEAD}, version=1, headers=headers)
    other = await house.ask("dispatcher", "POST", path, {"lead": LEAD}, version=2, headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-mismatch")


async def test_the_key_of_another_account_is_another_key(house: House) -> None:
    first = await post(house, "enterprise", "/appeals", FILING)
    other = await post(house, "rival", "/appeals", FILING)
    assert other.status_code == 201
    assert first.json()["number"] != other.json()["number"]
    assert REPEATED not in other.headers


async def test_the_key_at_another_path_is_another_key(house: House) -> None:
    numbers = [(await house.file())["number"] for _ in range(2)]
    for number in numbers:
        answer = await post(house, "dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
        assert (answer.status_code, answer.json()["number"]) == (200, number)


async def test_ten_copies_at_once_have_one_effect(house: House) -> None:
    answers = await asyncio.gather(*(post(house, "enterprise", "/appeals", FILING) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum(REPEATED not in answer.headers for answer in answers) == 1, "one of them did it"
    assert (await count(house, "appeal"), await count(house, "outbox")) == (1, 1)


async def test_ten_copies_at_once_without_a_key_have_ten_effects(house: House) -> None:
    await asyncio.gather(*(post(house, "enterprise", "/appeals", FILING, key=None) for _ in range(10)))
    assert await count(house, "appeal") == 10


async def test_ten_copies_of_a_move_at_once_have_one_effect(house: House) -> None:
    path = f"/appeals/{(await house.file())['number']}/assignment"
    answers = await asyncio.gather(*(post(house, "dispatcher", path, {"lead": LEAD}) for _ in range(10)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert await count(house, "assignment") == 1


async def test_a_move_is_answered_as_it_was_when_it_was_made(house: House) -> None:
    number = (await house.file())["number"]
    first = await post(house, "dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    await house.do("dispatcher", f"/appeals/{number}/termination", {"reason_code": "settled", "notice": "已和解。"})
    again = await post(house, "dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    assert (again.status_code, again.content) == (200, first.content)
    assert (await house.read(number))["status"] == "closed"


async def test_a_refusal_is_not_kept_and_the_key_stays_free(house: House) -> None:
    refused = await post(house, "enterprise", "/appeals", FILING | {"category": "99"})
    assert refused.status_code == 422
    assert await count(house, "idempotency") == 0
    assert (await post(house, "enterprise", "/appeals", FILING)).status_code == 201


async def test_a_refused_move_succeeds_under_the_same_key_once_it_is_possible(house: House) -> None:
    _, assignment = await house.assigned()
    path = f"/assignments/{assignment}/replies"
    body = {"kind": "substantive", "text": "已拨付。", "result_type": "solved", "evidence": ["凭证"]}
    reply = (await house.do("officer", path, body))["reply_id"]
    approval = f"/replies/{reply}/approval"
    assert (await post(house, "head", approval)).status_code == 409
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    assert (await post(house, "head", approval)).status_code == 200


async def test_a_rating_may_be_sent_again_without_an_account(house: House) -> None:
    _, token = await house.reviewed()
    rating = {"solved": True, "satisfied": True, "comment": "谢谢"}
    first = await post(house, None, f"/ratings/{token}", rating)
    again = await post(house, None, f"/ratings/{token}", rating)
    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)


async def test_a_kept_answer_is_not_given_to_somebody_without_a_key_to_the_house(house: House) -> None:
    await post(house, "enterprise", "/appeals", FILING)
    assert (await post(house, None, "/appeals", FILING)).status_code == 401


@pytest.mark.parametrize("key", [b"", b"x" * 256, b"two\tparts", "钥匙".encode(), b"\xff\xfe"])
async def test_an_unusable_key_is_refused_and_nothing_happens(house: House, key: bytes) -> None:
    headers = {b"Idempotency-Key": key, b"Authorization": f"Bearer {house.keys['enterprise']}".encode()}
    answer = await house.client.post("/api/v1/appeals", json=FILING, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    assert await count(house, "appeal") == 0


async def test_the_longest_key_is_taken(house: House) -> None:
    assert (await post(house, "enterprise", "/appeals", FILING, key="x" * 255)).status_code == 201


async def test_an_effect_is_not_stored_without_its_answer(house: House) -> None:
    await post(house, "enterprise", "/appeals", FILING)
    (kept,) = await house.rows("SELECT i.xmin::text AS answer, a.xmin::text AS effect FROM idempotency i, event a")
    assert kept["answer"] == kept["effect"], "both rows were written by one transaction"
