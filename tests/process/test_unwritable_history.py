"""What cannot be recorded is not done: without the right to append to history every change is refused whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.house import FILING, House
from tests.journeys.test_calendars import NOTICE, PUBLICATIONS, proposed
from tests.process.test_forbidden_moves import WAYS, Life, brought, dump
from tests.process.test_random_lives import MODEL

NEEDS_MORE = {"lapse", "grant"}
"""What only becomes possible later on: a reminder delivered, an extension asked for."""


@asynccontextmanager
async def without_right(house: House, table: str) -> AsyncIterator[None]:
    """Let the application do everything but insert into one table."""
    await house.rows(f"REVOKE INSERT ON {table} FROM bihuan_app")
    try:
        yield
    finally:
        await house.rows(f"GRANT INSERT ON {table} TO bihuan_app")


async def refused(house: House, who: str | None, path: str, body: Any) -> bool:
    """Try something; tell whether it was refused for want of a record. Nothing else but a refusal may come of it."""
    answer = await house.ask(who, "POST", path, body, version="*")
    assert answer.headers["content-type"] == "application/problem+json", (path, answer.text)
    assert answer.status_code in (403, 404, 409, 422, 503), (path, answer.text)
    return bool(answer.status_code == 503 and answer.json()["type"] == "/problems/not-recorded")


async def test_no_step_of_the_process_is_taken_that_cannot_be_recorded(house: House) -> None:
    lives = [await brought(house, state) for state in WAYS]
    for heard in ("visit", "unhappy"):
        lives.append(await (await brought(house, "reviewed")).move("callback", heard))
    before = await dump(house)
    stopped = set()
    async with without_right(house, "event"):
        assert await refused(house, "enterprise", "/appeals", FILING)
        for life in lives:
            stopped |= {name for name in MODEL if await step_refused(house, life, name)}
    assert await dump(house) == before
    assert stopped >= set(MODEL) - NEEDS_MORE, "each of these would have been taken with the right"


async def step_refused(house: House, life: Life, name: str) -> bool:
    said = MODEL[name]
    people = sorted(said.who)
    return any([await refused(house, who, life.path(said), life.body(said)) for who in people])


async def test_no_clock_is_announced_and_no_notice_approved_that_cannot_be_recorded(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    await house.assigned()
    publication = await proposed(house, NOTICE)
    await house.do("enterprise", "/appeals", FILING)
    before, path = await dump(house), f"{PUBLICATIONS}/{publication}/approval"
    calendars = await house.rows("SELECT * FROM calendar_publication")
    async with without_right(house, "event"):
        assert await refused(house, "leader", path, None)
        house.go_to("2027-01-15 09:00")
        with pytest.raises(Exception, match="permission denied for table event"):
            await house.sweep()
    assert await dump(house) == before
    assert await house.rows("SELECT * FROM calendar_publication") == calendars


async def test_no_administrative_act_is_done_that_cannot_be_recorded(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    before = await house.rows("SELECT * FROM calendar_publication")
    async with without_right(house, "act"):
        assert await refused(house, "supervisor", PUBLICATIONS, NOTICE)
    assert await house.rows("SELECT * FROM calendar_publication") == before
    await house.ask("supervisor", "POST", PUBLICATIONS, NOTICE)
    assert await house.rows("SELECT * FROM calendar_publication") != before


async def test_a_right_that_is_missing_elsewhere_is_no_bug_of_the_caller_either(house: House) -> None:
    async with without_right(house, "outbox"):
        assert await refused(house, "enterprise", "/appeals", FILING)
    assert (await house.ask("enterprise", "POST", "/appeals", FILING)).status_code == 201
