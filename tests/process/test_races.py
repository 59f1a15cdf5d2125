"""Moves that compete for one appeal: exactly one of those that were read at one version is made.

`--full` races 300 appeals for each pair of moves (an hour) and repeats 1,000 keys 20 times; the usual run takes a few
of each.
"""

import asyncio
from collections.abc import AsyncIterator
from itertools import combinations_with_replacement
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.services import cases as services_of_cases
from app.storage.queries import cases
from tests.house import FILING, House, open_house
from tests.process.test_forbidden_moves import Life, brought
from tests.process.test_random_lives import MODEL

CONTENDERS = 8
COMPETING = {
    "received": ("assign", "refuse", "redirect", "supplement", "withdraw", "terminate"),
    "supplement": ("supply", "withdraw", "terminate"),
    "drafted": ("approve", "return", "ask_extension", "transfer", "suspend", "shelve", "withdraw", "terminate"),
    "return pending": ("uphold", "deny", "transfer", "terminate"),
    "extension pending": ("grant", "suspend", "withdraw"),
    "resolved": ("pass", "send_back", "withdraw", "terminate"),
    "reviewed": ("visit", "certify", "withdraw", "terminate"),
}
"""By stage, moves each of which is possible there and makes the others stale."""
TAKEN_AWAY = {"transfer", "uphold"}
pytestmark = pytest.mark.timeout(7_200)
"""For the nightly size."""
WHO = {"supply": "enterprise", "approve": "head", "return": "officer", "ask_extension": "officer"}


@pytest.fixture
async def busy_house(database_url: str) -> AsyncIterator[House]:
    """A house with a connection for every contender."""
    async with open_house(database_url, pool_size=CONTENDERS) as opened:
        yield opened


@pytest.fixture
def many(request: pytest.FixtureRequest) -> bool:
    """Whether the nightly sizes are asked for."""
    return bool(request.config.getoption("--full"))


def who_does(name: str) -> str:
    return WHO.get(name) or min(MODEL[name].who)


async def contend(house: House, life: Life, name: str, version: int) -> httpx.Response:
    said = MODEL[name]
    return await house.ask(who_does(name), "POST", life.path(said), life.body(said), version=version)


async def race(house: House, stage: str, first: str, second: str) -> list[httpx.Response]:
    """Let eight contenders make two moves on one appeal that all have read at the same version."""
    life = await brought(house, stage)
    version = (await house.read(life.number))["version"]
    names = [first, second] * (CONTENDERS // 2)
    return list(await asyncio.gather(*(contend(house, life, name, version) for name in names)))


async def assert_nothing_happened_twice(house: House) -> None:
    """Look for gaps and doubles in the history, and for clocks that run on in a closed appeal."""
    counts = await house.rows(
        "SELECT a.number FROM appeal a JOIN event e ON e.appeal_id = a.id GROUP BY a.id "
        "HAVING count(*) <> a.event_count OR max(e.sequence) <> a.event_count OR a.version <> a.event_count"
    )
    assert counts == []
    assert (
        await house.rows(
            "SELECT appeal_id FROM assignment WHERE ended_at IS NULL AND part = 'lead' GROUP BY 1 HAVING count(*) > 1"
        )
        == []
    )


@pytest.mark.parametrize("stage", COMPETING)
async def test_exactly_one_of_the_contenders_moves(busy_house: House, many: bool, stage: str) -> None:
    for first, second in list(combinations_with_replacement(COMPETING[stage], 2)) * (300 if many else 1):
        answers = await race(busy_house, stage, first, second)
        codes = sorted(answer.status_code for answer in answers)
        assert sum(code < 300 for code in codes) == 1, (first, second, codes, [answer.text for answer in answers])
        # Who loses the charge meanwhile cannot find the appeal any more.
        told_to_losers = {404, 409, 412} if TAKEN_AWAY & {first, second} else {409, 412}
        assert set(codes) - {200, 201} <= told_to_losers, (first, second)
    await assert_nothing_happened_twice(busy_house)


async def test_without_the_lock_and_the_version_several_believe_they_moved(
    busy_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await busy_house.rows("ALTER TABLE event DROP CONSTRAINT uq_event_appeal_id_sequence")
    naive = text(cases._LOCK_BY_NUMBER.text.replace("FOR UPDATE OF a", ""))
    monkeypatch.setattr(cases, "_LOCK_BY_NUMBER", naive)
    monkeypatch.setattr(services_of_cases, "_checked", lambda work, stored, _version: work.case(stored))
    winners = 0
    for _ in range(5):
        answers = await race(busy_house, "received", "assign", "withdraw")
        winners = max(winners, sum(answer.is_success for answer in answers))
    assert winners > 1
    with pytest.raises(AssertionError):
        await assert_nothing_happened_twice(busy_house)


async def file_with(house: House, key: str, body: Any) -> httpx.Response:
    return await house.ask("enterprise", "POST", "/appeals", body, headers={"Idempotency-Key": key})


async def test_a_key_has_one_effect_however_many_copies_arrive_at_once(busy_house: House, many: bool) -> None:
    keys = [f"key-{number}" for number in range(1_000 if many else 15)]
    for key in keys:
        answers = await asyncio.gather(*(file_with(busy_house, key, FILING) for _ in range(20)))
        assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
        other = await file_with(busy_house, key, FILING | {"title": "另一件事"})
        assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-mismatch")
    (row,) = await busy_house.rows("SELECT count(*) AS appeals FROM appeal")
    assert row["appeals"] == len(keys)
