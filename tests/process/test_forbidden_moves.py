"""Every move that the process does not have is answered as designed, never by a 500, and changes nothing.

Each state of an appeal is built once; then everybody tries everything that the hand-written model forbids there.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text

from tests.house import LEAD, House, lead_of
from tests.process.test_random_lives import MODEL, PEOPLE, REASON, Sentence

TABLES = ("appeal", "assignment", "clock", "event", "outbox", "reply", "visit", "rating", "supervision", "idempotency")
EVERYBODY = (*PEOPLE, "rival", "foreign_dispatcher", "hotline", "auditor", None)
REFUSALS = {401, 403, 404, 409, 422}
NOBODY = "00000000-0000-7000-8000-000000000000"


class Life:
    """One appeal brought somewhere: its number, lead assignment and newest reply."""

    def __init__(self, house: House) -> None:
        self.house, self.number, self.assignment, self.reply = house, "", NOBODY, NOBODY

    async def file(self) -> "Life":
        self.number = (await self.house.file())["number"]
        return self

    async def move(self, who: str, name: str) -> "Life":
        case = await self.house.do(who, self.path(MODEL[name]), self.body(MODEL[name]))
        self.reply = case.get("reply_id", self.reply)
        if any(one["ended_at"] is None for one in case["assignments"]):
            self.assignment = lead_of(case)
        return self

    def path(self, said: Sentence) -> str:
        return said.path.format(n=self.number, a=self.assignment, r=self.reply)

    def body(self, said: Sentence) -> Any:
        if isinstance(said.body, dict) and "milestone_on" in said.body:
            return said.body | {"milestone_on": "2026-03-12"}
        return said.body


WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "received": (),
    "supplement": (("dispatcher", "supplement"),),
    "assigned": (("dispatcher", "assign"),),
    "drafted": (("dispatcher", "assign"), ("officer", "contact"), ("officer", "draft")),
    "return pending": (("dispatcher", "assign"), ("officer", "return")),
    "extension pending": (("dispatcher", "assign"), ("officer", "ask_extension")),
    "suspended": (("dispatcher", "assign"), ("supervisor", "suspend")),
    "shelved": (("dispatcher", "assign"), ("leader", "shelve")),
    "resolved": (("dispatcher", "assign"), ("officer", "contact"), ("officer", "draft"), ("head", "approve")),
}
WAYS["reviewed"] = (*WAYS["resolved"], ("reviewer", "pass"))
WAYS["reworked"] = (*WAYS["reviewed"], ("callback", "unhappy"), ("callback", "rework"))
WAYS["struck off"] = (*WAYS["reviewed"], ("callback", "visit"), ("dispatcher", "close"))
WAYS["refused"] = (("dispatcher", "refuse"),)
WAYS["withdrawn"] = (("enterprise", "withdraw"),)
PLACES = {
    "supplement": ("received", "supplement"),
    "suspended": ("assigned", "suspended"),
    "shelved": ("assigned", "shelved"),
    "drafted": ("assigned", "none"),
    "return pending": ("assigned", "none"),
    "extension pending": ("assigned", "none"),
    "reworked": ("assigned", "none"),
    "struck off": ("closed", "none"),
    "refused": ("closed", "none"),
    "withdrawn": ("closed", "none"),
}


async def brought(house: House, state: str) -> Life:
    life = await Life(house).file()
    for who, name in WAYS[state]:
        await life.move(who, name)
    return life


async def dump(house: House) -> str:
    """Return a digest of everything that a move may write."""
    digest = hashlib.sha256()
    async with house.office.look() as work:
        for table in TABLES:
            rows = await work.connection.execute(text(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1"))
            digest.update(repr((table, list(rows.scalars()))).encode())
    return digest.hexdigest()


def is_forbidden(said: Sentence, who: str | None, state: str) -> bool:
    status, hold = PLACES.get(state, (state, "none"))
    return who not in said.who or status not in said.statuses or hold not in said.holds


Try = Callable[[Life, Sentence, str | None], Awaitable[None]]


async def everybody_tries(house: House, state: str, attempt: Try) -> None:
    life = await brought(house, state)
    before = await dump(house)
    for who in EVERYBODY:
        for name in MODEL:
            await attempt(life, MODEL[name], who)
        assert await dump(house) == before, (state, who)


@pytest.mark.parametrize("state", WAYS)
async def test_what_the_process_does_not_have_is_refused_and_changes_nothing(house: House, state: str) -> None:
    async def attempt(life: Life, said: Sentence, who: str | None) -> None:
        if not is_forbidden(said, who, state):
            return
        answer = await house.ask(who, "POST", life.path(said), life.body(said), version="*")
        assert answer.status_code in REFUSALS, (said.path, who, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        if answer.status_code == 409 and answer.json()["type"].endswith("action-not-possible"):
            assert isinstance(answer.json()["allowed"], list)

    await everybody_tries(house, state, attempt)


@pytest.mark.parametrize("state", ["received", "assigned", "reviewed", "struck off"])
@pytest.mark.parametrize(("version", "status"), [(None, 428), (999_999, 412)])
async def test_no_move_is_made_on_no_reading_or_a_stale_one(
    house: House, state: str, version: int | None, status: int
) -> None:
    async def attempt(life: Life, said: Sentence, who: str | None) -> None:
        answer = await house.ask(who, "POST", life.path(said), life.body(said), version=version)
        assert answer.status_code in {401, 404, 422, status}, (said.path, who, answer.text)

    await everybody_tries(house, state, attempt)


async def test_a_permitted_move_does_change_what_is_compared(house: House) -> None:
    life = await brought(house, "received")
    before = await dump(house)
    await house.do("dispatcher", f"/appeals/{life.number}/assignment", {"lead": LEAD, **REASON})
    assert await dump(house) != before
