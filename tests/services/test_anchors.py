"""Days are sealed once, when they can no longer change, whoever seals them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from app.domain.anchor import MARGIN, Algorithm
from app.gateways.signing_key import load_or_make_key
from app.services.anchors import Notary, anchor_finished_days
from app.services.audit import seals_of, verify_all, verify_one
from app.services.office import Office
from app.storage import make_engine
from tests.database import connect
from tests.house import House, at
from tests.journeys.test_confidential import confidential

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def notary(tmp_path: Path) -> Notary:
    return Notary(load_or_make_key(tmp_path / "key.pem"), Algorithm.SHA256)


@pytest.fixture
async def second_office(database_url: str) -> AsyncIterator[Office]:
    office = Office(make_engine(database_url))
    yield office
    await office.engine.dispose()


async def found(house: House, notary: Notary) -> list[str]:
    trusted = [notary.key.public_key]
    return [one.line for one in (await verify_all(house.office, seals_of(trusted), now=house.now)).findings]


async def test_a_day_is_sealed_when_it_is_over_by_the_margin_and_not_before(house: House, notary: Notary) -> None:
    await house.file()
    house.now = at("2026-03-03") + MARGIN - timedelta(microseconds=1)
    assert await anchor_finished_days(house.office, notary, now=house.now) == []
    house.now += timedelta(microseconds=1)
    assert await anchor_finished_days(house.office, notary, now=house.now) == [MONDAY]
    assert await anchor_finished_days(house.office, notary, now=house.now) == []
    assert await found(house, notary) == []


async def test_an_anchor_counts_what_its_day_added(house: House, notary: Notary) -> None:
    await confidential(house)
    await house.file()
    house.go_to("2026-03-03 10:00")
    (one,) = [row["number"] for row in await house.rows("SELECT number FROM appeal WHERE confidential")]
    await house.read(one)
    house.go_to("2026-03-04 10:00")
    await anchor_finished_days(house.office, notary, now=house.now)
    rows = await house.rows(
        "SELECT day, appeals, events, accesses, acts, previous_digest, digest FROM anchor ORDER BY day"
    )
    counts = [tuple(row.values())[:5] for row in rows]
    assert counts == [(MONDAY, 2, 3, 0, 2), (TUESDAY, 0, 0, 1, 0)]
    assert [row["previous_digest"] for row in rows] == ["", rows[0]["digest"]]
    assert await found(house, notary) == []


async def test_days_without_a_worker_are_caught_up(house: House, notary: Notary) -> None:
    await house.file()
    house.go_to("2026-03-10 10:00")
    await house.sweep()
    sealed = await anchor_finished_days(house.office, notary, now=house.now)
    assert sealed == [MONDAY + timedelta(days=n) for n in range(8)]
    house.go_to("2026-03-12 10:00")
    assert len(await anchor_finished_days(house.office, notary, now=house.now)) == 2
    assert await found(house, notary) == []


async def test_an_empty_database_has_nothing_to_seal(database_url: str, notary: Notary, second_office: Office) -> None:
    assert await anchor_finished_days(second_office, notary, now=at("2026-03-10")) == []
    assert (await verify_all(second_office, seals_of(()), now=at("2026-03-10"))).findings == []


async def test_however_many_seal_at_once_each_day_is_sealed_once(
    house: House, notary: Notary, second_office: Office
) -> None:
    await house.file()
    house.go_to("2026-03-12 10:00")
    offices = (house.office, second_office, house.office, second_office)
    await asyncio.gather(*(anchor_finished_days(one, notary, now=house.now) for one in offices))
    await anchor_finished_days(house.office, notary, now=house.now)
    (counted,) = await house.rows("SELECT count(*) AS n, count(DISTINCT day) AS days FROM anchor")
    assert counted == {"n": 10, "days": 10}
    assert await found(house, notary) == []


async def test_a_day_waits_for_whoever_began_before_its_end_and_is_still_writing(
    house: House, notary: Notary, database_url: str
) -> None:
    """The transaction began at the machine's own instant, so the house lives long after it here."""
    await house.file()
    with psycopg.connect(database_url.replace("+psycopg", "", 1)) as slow:
        slow.execute("SELECT 1")
        house.go_to("2099-01-10 10:00")
        await house.file()
        house.go_to("2099-01-12 10:00")
        with connect(database_url) as owner:
            owner.execute("ALTER TABLE event DISABLE TRIGGER USER")
            owner.execute("DELETE FROM event WHERE recorded_at < '2099-01-01'")
            owner.execute("ALTER TABLE act DISABLE TRIGGER USER")
            owner.execute("DELETE FROM act")
        assert await anchor_finished_days(house.office, notary, now=house.now) == []
    assert await anchor_finished_days(house.office, notary, now=house.now) == [date(2099, 1, 10), date(2099, 1, 11)]


async def test_an_event_that_comes_after_its_day_was_sealed_is_reported(house: House, notary: Notary) -> None:
    """What remains: an instant noted before midnight and stored after the seal."""
    await house.file()
    house.go_to("2026-03-03 10:00")
    await anchor_finished_days(house.office, notary, now=house.now)
    house.go_to("2026-03-02 23:59")
    await house.file()
    house.go_to("2026-03-03 10:00")
    (line,) = await found(house, notary)
    assert line == "锚点 2026-03-02：当天的记录在锚定之后被改动：诉求锚定时1件、现在2件，流转记录锚定时1件、现在2件"


async def test_anchors_are_made_with_sm3_as_well_and_may_change_over(house: House, notary: Notary) -> None:
    await house.file()
    house.go_to("2026-03-03 10:00")
    await anchor_finished_days(house.office, Notary(notary.key, Algorithm.SM3), now=house.now)
    house.go_to("2026-03-04 10:00")
    await anchor_finished_days(house.office, notary, now=house.now)
    assert [row["algorithm"] for row in await house.rows("SELECT algorithm FROM anchor ORDER BY day")] == [
        "sm3",
        "sha256",
    ]
    assert await found(house, notary) == []


async def test_another_key_is_found_unless_it_is_trusted_too(house: House, notary: Notary, tmp_path: Path) -> None:
    await house.file()
    house.go_to("2026-03-03 10:00")
    other = Notary(load_or_make_key(tmp_path / "other.pem"), Algorithm.SHA256)
    await anchor_finished_days(house.office, other, now=house.now)
    (line,) = await found(house, notary)
    assert "由另一把密钥" in line
    both = [notary.key.public_key, other.key.public_key]
    assert (await verify_all(house.office, seals_of(both), now=house.now)).findings == []


async def test_one_appeal_is_verified_with_the_anchors_of_its_days(
    house: House, notary: Notary, database_url: str
) -> None:
    number = (await house.file())["number"]
    house.go_to("2026-03-03 10:00")
    other = (await house.file())["number"]
    house.go_to("2026-03-05 10:00")
    await anchor_finished_days(house.office, notary, now=house.now)
    with connect(database_url) as owner:
        owner.execute("ALTER TABLE event DISABLE TRIGGER USER")
        owner.execute(
            "UPDATE event SET recorded_at = recorded_at - interval '1 hour' FROM appeal a "
            "WHERE a.id = appeal_id AND number = %s",
            [other],
        )
    assert (await verify_one(house.office, number, seals_of())).findings == []
    (fault,) = (await verify_one(house.office, other, seals_of())).findings
    assert (fault.subject, fault.sequence, fault.kind) == (other, 1, "edited")
