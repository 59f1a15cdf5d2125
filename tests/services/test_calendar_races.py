"""A calendar comes into force while others write, while it is killed, and while somebody else approves one too.

Afterwards everything or nothing has happened, and no open clock has a due date that the calendar in force would not
give it.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.domain.case import Clock, ClockState
from app.domain.clock import compute_due
from app.domain.errors import CalendarSuperseded
from app.domain.roles import Role
from app.main import create_app
from app.services import calendars, known_calendars
from app.services.accounts import NewAccount
from app.services.calendars import calendar_in_force
from app.services.office import Office
from app.services.sweeping import sweep
from app.storage import AsyncConnection, make_engine, unit_of_work
from app.storage.changes import Changes
from app.storage.numbers import NumberBlock
from app.storage.queries import recounting
from app.storage.queries.calendars import versions_in_force
from app.storage.reach import THE_OFFICE
from app.storage.records import clock_of
from tests.house import FILING, LEAD, House
from tests.journeys.test_calendars import NOTICE, PUBLICATIONS, amendment, proposed, published
from tests.storage.test_recounting import PLACES, assert_chains_hold, random_lives

# Filed on Monday 2026-03-02, handling is due on 03-09; under this notice on 03-10.
NEW = amendment(1, "2026-03-04", issued_on="2026-03-02")
LOCAL = {**NEW, "region": "jingmen"}
IN_THE_MIDDLE = "%UPDATE clock c SET"
Act = Callable[[], Awaitable[object]]


async def outdated(house: House) -> list[tuple[str, Clock]]:
    """Return the open clocks whose due date is not the one that the calendar in force gives."""
    rows = await house.rows(
        "SELECT a.jurisdiction, to_jsonb(c) AS clock FROM clock c JOIN appeal a ON a.id = c.appeal_id "
        "WHERE c.state <> 'stopped'"
    )
    found = []
    async with house.office.look() as work:
        for row in rows:
            clock, calendar = clock_of(row["clock"]), await calendar_in_force(work, row["jurisdiction"])
            pauses = clock.pauses[:-1] if clock.state is ClockState.PAUSED else clock.pauses
            due = compute_due(replace(clock.promise, pauses=pauses), calendar)
            if (due.at, due.provisional) != (clock.due_at, clock.provisional):
                found.append((row["jurisdiction"], clock))
    return found


async def approve(house: House, publication: str, who: str = "leader") -> httpx.Response:
    return await house.ask(who, "POST", f"{PUBLICATIONS}/{publication}/approval", version="*")


def before_the_next_write(monkeypatch: pytest.MonkeyPatch, act: Act) -> None:
    """Let something happen after the next unit of work has decided and before it writes."""
    acts, flush = [act], Changes.flush

    async def delayed(changes: Changes, connection: AsyncConnection) -> None:
        if acts:
            await acts.pop()()
        await flush(changes, connection)

    monkeypatch.setattr(Changes, "flush", delayed)


async def waiting(house: House, statement: str, *, at_least: int = 1) -> list[int]:
    """Wait until somebody waits for a lock in a statement that begins so; return the processes of the database."""
    query = (
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
        "AND query LIKE :statement"
    )
    for _ in range(300):
        found = await house.rows(query, statement=f"{statement}%")
        if len(found) >= at_least:
            return [row["pid"] for row in found]
        await asyncio.sleep(0.05)
    raise AssertionError(f"nobody waits in {statement}")


@asynccontextmanager
async def another(house: House, url: str) -> AsyncIterator[House]:
    """Open the service a second time, as another process that knows the calendar as it is now."""
    office = Office(make_engine(url, pool_size=4))
    async with office.work():
        pass
    app = create_app(office, read_time=lambda: house.now, max_body_bytes=1 << 20)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://bihuan.test") as client:
        yield replace(house, office=office, client=client)
    await office.engine.dispose()


@asynccontextmanager
async def held(url: str, query: str) -> AsyncIterator[None]:
    """Hold what a query locks, in a transaction of somebody else, until the block ends."""
    engine = make_engine(url, pool_size=1)
    async with unit_of_work(engine, THE_OFFICE) as unit:
        await unit.connection.execute(text(query))
        yield
    await engine.dispose()


# Writing while a calendar comes into force ---------------------------------------------------------------------------


async def test_a_filing_that_began_before_and_is_written_after_is_counted_on_the_new_calendar(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication = await proposed(house, NEW)
    before_the_next_write(monkeypatch, lambda: approve(house, publication))
    filed = await house.file()
    assert filed["due_day"] == "2026-03-10"
    assert await outdated(house) == []
    assert len(await house.rows("SELECT 1 FROM appeal")) == 1, "the first try has left nothing"
    versions = {row["calendar_version"] for row in await house.rows("SELECT calendar_version FROM clock")}
    in_force = await house.rows("SELECT version FROM calendar WHERE superseded_at IS NULL")
    assert versions == {in_force[0]["version"]}


async def test_without_the_check_such_a_filing_keeps_a_wrong_due_date(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Changes, "rely_on", lambda *_: None)
    publication = await proposed(house, NEW)
    before_the_next_write(monkeypatch, lambda: approve(house, publication))
    await house.file()
    assert "handling" in [clock.kind for _, clock in await outdated(house)]


@pytest.mark.parametrize("locked", [True, False])
async def test_only_the_lock_keeps_a_filing_from_slipping_in_while_clocks_are_recounted(
    house: House, database_url: str, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    async def hold_nothing(_: AsyncConnection) -> None:
        pass

    if not locked:
        monkeypatch.setattr(calendars, "hold_appeals", hold_nothing)
    await house.file()
    publication = await proposed(house, NEW)
    async with held(database_url, "SELECT 1 FROM clock WHERE kind = 'handling' FOR UPDATE"):
        approval = asyncio.create_task(approve(house, publication))
        await waiting(house, IN_THE_MIDDLE)
        filing = asyncio.create_task(house.file())
        await (waiting(house, "WITH c0 AS") if locked else asyncio.wait([filing]))
    assert (await approval).status_code == 200
    await filing
    assert (await outdated(house) == []) is locked


async def test_what_is_repeated_with_its_key_is_answered_as_it_was_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication, key = await proposed(house, NEW), {"Idempotency-Key": "once"}
    before_the_next_write(monkeypatch, lambda: approve(house, publication))
    first = await house.ask("enterprise", "POST", "/appeals", FILING, headers=key)
    again = await house.ask("enterprise", "POST", "/appeals", FILING, headers=key)
    assert (first.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_move_that_holds_its_appeal_is_recounted_after_it_was_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, publication = (await house.file())["number"], await proposed(house, NEW)
    approvals: list[asyncio.Task[httpx.Response]] = []

    async def begin_approval() -> None:
        approvals.append(asyncio.create_task(approve(house, publication)))
        await waiting(house, "LOCK TABLE appeal")

    before_the_next_write(monkeypatch, begin_approval)
    await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    assert (await approvals[0]).status_code == 200
    assert await outdated(house) == []
    await assert_chains_hold(house)
    events = await house.rows("SELECT action FROM event ORDER BY sequence")
    assert [event["action"] for event in events] == ["file", "assign", "recount"]


@pytest.mark.parametrize("other_process", [False, True])
async def test_twenty_filings_during_an_approval_all_have_the_due_date_of_the_calendar_in_force(
    house: House, database_url: str, other_process: bool
) -> None:
    await house.file()
    publication = await proposed(house, NEW)
    async with another(house, database_url) as second:
        door = second if other_process else house
        filings = [asyncio.create_task(door.ask("enterprise", "POST", "/appeals", FILING)) for _ in range(10)]
        approval = asyncio.create_task(approve(house, publication))
        await asyncio.sleep(0)
        filings += [asyncio.create_task(door.ask("enterprise", "POST", "/appeals", FILING)) for _ in range(10)]
        answers = await asyncio.gather(*filings)
        assert (await approval).status_code == 200
    assert [answer.status_code for answer in answers] == [201] * 20
    assert len(await house.rows("SELECT 1 FROM appeal")) == 21
    assert await outdated(house) == []
    await assert_chains_hold(house)


async def test_another_process_that_has_not_heard_of_the_new_calendar_files_by_it(
    house: House, database_url: str
) -> None:
    async with another(house, database_url) as second:
        await published(house, NEW)
        assert (await second.file())["due_day"] == "2026-03-10"
    assert await outdated(house) == []


async def test_another_process_that_has_not_heard_of_a_first_local_calendar_files_by_it(
    house: House, database_url: str
) -> None:
    roles = frozenset({Role.CLERK, Role.DISPATCHER})
    await house.admit("everywhere", NewAccount("everywhere", roles, jurisdictions=PLACES))
    category = (await house.ask(None, "GET", "/policies/jingmen")).json()["categories"][0]["code"]
    filing = {"jurisdiction": "jingmen", "category": category, "enterprise_name": "荆门某公司"}
    async with another(house, database_url) as second:
        await published(house, LOCAL)
        await second.file("everywhere", **filing)
    assert await outdated(house) == []


async def test_news_of_the_old_calendar_that_arrive_late_do_not_replace_what_is_known_of_the_new_one(
    house: House, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication, arrived, tasks, real = await proposed(house, NEW), asyncio.Event(), [], versions_in_force

    async def slow_the_first_time(connection: AsyncConnection) -> dict[str, str]:
        monkeypatch.setattr(known_calendars, "versions_in_force", real)
        found = await real(connection)
        await arrived.wait()
        return found

    async with another(house, database_url) as second:
        second.office.calendars.forget()
        monkeypatch.setattr(known_calendars, "versions_in_force", slow_the_first_time)
        tasks.append(asyncio.create_task(second.items("/appeals")))
        await asyncio.sleep(0.2)
        assert (await approve(house, publication)).status_code == 200
        take = second.office.numbers.take

        async def take_after_the_news(connection: AsyncConnection) -> int:
            arrived.set()
            await asyncio.gather(*tasks)
            return await take(connection)

        monkeypatch.setattr(NumberBlock, "take", lambda _, connection: take_after_the_news(connection))
        await second.file()
    assert await outdated(house) == []


async def test_a_worker_that_has_not_heard_of_the_new_calendar_does_its_work_by_it_at_the_second_try(
    house: House, database_url: str
) -> None:
    await house.file()
    async with another(house, database_url) as worker:
        await published(house, NEW)
        house.go_to("2026-03-09")
        with pytest.raises(CalendarSuperseded):
            await sweep(worker.office, now=house.now)
        assert (await sweep(worker.office, now=house.now)).warned
    (event,) = await house.rows("SELECT at FROM event WHERE payload ->> 'clock' = 'handling'")
    assert event["at"] == house.now


async def test_a_worker_that_has_not_heard_of_the_new_calendar_does_not_put_a_warning_off(
    house: House, database_url: str
) -> None:
    await house.file(petition=True)  # the procedural reply is due on 03-09 and now warned about on 03-05, not on 03-06
    async with another(house, database_url) as worker:
        await published(house, amendment(2, "2026-03-06", issued_on="2026-03-02"))
        house.go_to("2026-03-04 23:59:59")
        await house.sweep()
        house.go_to("2026-03-05")
        try:
            await sweep(worker.office, now=house.now)
        except CalendarSuperseded:
            await sweep(worker.office, now=house.now)
    warned = await house.rows("SELECT warned_at FROM clock WHERE kind = 'procedural_reply'")
    assert warned == [{"warned_at": house.now}]


# Two approvals -------------------------------------------------------------------------------------------------------


async def test_one_notice_that_two_approve_at_once_comes_into_force_once(house: House) -> None:
    await house.file()
    publication = await proposed(house, NEW)
    answers = await asyncio.gather(*(approve(house, publication, who) for who in ("leader", "administrator")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert [answer.json()["type"] for answer in answers if answer.status_code == 409] == [
        "/problems/publication-decided"
    ]
    assert len(await house.rows("SELECT 1 FROM event WHERE action = 'recount'")) == 1
    assert len(await house.rows("SELECT 1 FROM calendar WHERE superseded_at IS NULL")) == 1


async def test_two_notices_that_are_approved_at_once_come_into_force_one_on_top_of_the_other(house: House) -> None:
    await house.file()
    first, second = (
        await proposed(house, NEW),
        await proposed(house, amendment(2, "2026-03-06", issued_on="2026-03-02")),
    )
    answers = await asyncio.gather(approve(house, first), approve(house, second, "administrator"))
    assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
    assert await outdated(house) == []
    (handling,) = await house.rows("SELECT due_day FROM clock WHERE kind = 'handling'")
    assert str(handling["due_day"]) == "2026-03-11", "both days are off"
    await assert_chains_hold(house)


async def test_sweeps_filings_and_an_approval_at_once_neither_deadlock_nor_break_a_chain(house: House) -> None:
    for _ in range(10):
        await house.file()
    publication = await proposed(house, NEW)
    house.go_to("2026-03-06")
    filings = [house.ask("enterprise", "POST", "/appeals", FILING) for _ in range(5)]
    done = await asyncio.gather(house.sweep(), *filings, approve(house, publication), return_exceptions=True)
    assert [one.status_code for one in done if isinstance(one, httpx.Response)] == [201] * 5 + [200]
    assert [type(one) for one in done if isinstance(one, BaseException)] in ([], [CalendarSuperseded])
    await house.sweep()
    assert await outdated(house) == []
    await assert_chains_hold(house)


async def test_a_transaction_that_was_left_open_holds_an_approval_up_for_a_while_only(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "LOCK_SECONDS", 1)
    await house.file()
    at_once, later = await proposed(house, NEW), amendment(2, "2026-03-06", issued_on="2026-03-02")
    waiting = await proposed(house, later | {"effective_at": "2026-03-03T09:00:00+08:00"})
    assert (await approve(house, waiting)).status_code == 200
    house.go_to("2026-03-06")
    async with house.office.work() as forgotten:
        await forgotten.connection.execute(text("SELECT 1 FROM appeal FOR UPDATE"))
        assert (await approve(house, at_once)).status_code == 503
        await house.sweep()
    assert await house.rows("SELECT 1 FROM event WHERE action = 'recount'") == []
    states = "SELECT state FROM calendar_publication ORDER BY proposed_at, id"
    assert {row["state"] for row in await house.rows(states)} == {"proposed", "approved"}
    await house.sweep()
    assert (await approve(house, at_once)).status_code == 200
    assert {row["state"] for row in await house.rows(states)} == {"applied"}
    assert await outdated(house) == []


# Killed in the middle ------------------------------------------------------------------------------------------------

EVERYTHING = ("clock", "appeal", "assignment", "event", "outbox", "supervision", "calendar", "calendar_publication")
LAST_CLOCK = (
    "SELECT 1 FROM clock WHERE id = (SELECT max(id::text)::uuid FROM clock WHERE provisional AND state <> 'stopped') "
    "FOR UPDATE"
)
AT_ONCE: dict[str, Any] = {**NOTICE, "effective_at": "2026-01-01T00:00:00Z"}


async def everything(house: House) -> dict[str, Any]:
    """Return a digest of every table that a recount writes."""
    query = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest FROM {} t"
    return {table: (await house.rows(query.format(table)))[0]["digest"] for table in EVERYTHING}


async def test_an_approval_whose_process_is_killed_in_the_middle_leaves_nothing_and_works_again(
    house: House, database_url: str
) -> None:
    await random_lives(house, 11, 200)
    publication = await proposed(house, AT_ONCE, "administrator")
    before = await everything(house)
    async with held(database_url, LAST_CLOCK):
        command = (sys.executable, "-m", "app.cli", "calendar", "approve", publication, "--by", "leader")
        environment = {**os.environ, "BIHUAN_DATABASE_URL": database_url}
        process = await asyncio.create_subprocess_exec(*command, env=environment)
        await waiting(house, IN_THE_MIDDLE)
        process.kill()
        assert await process.wait() == -signal.SIGKILL
    await nobody_left(house)
    assert await everything(house) == before
    await assert_approved_whole(house, publication)


async def test_an_approval_whose_connection_is_cut_in_the_middle_leaves_nothing_and_works_again(
    house: House, database_url: str
) -> None:
    await random_lives(house, 12, 200)
    publication = await proposed(house, AT_ONCE, "administrator")
    before = await everything(house)
    async with held(database_url, LAST_CLOCK):
        approval = asyncio.create_task(approve(house, publication))
        (process,) = await waiting(house, IN_THE_MIDDLE)
        await house.rows("SELECT pg_terminate_backend(:process)", process=process)
        answer = await approval
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert await everything(house) == before
    await assert_approved_whole(house, publication)


async def nobody_left(house: House) -> None:
    """Wait until the database has noticed that its caller is gone."""
    for _ in range(200):
        if not await house.rows(
            "SELECT 1 FROM pg_locks WHERE relation = 'appeal'::regclass AND mode = 'ExclusiveLock'"
        ):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the lock of a dead process stays")


async def assert_approved_whole(house: House, publication: str) -> None:
    answer = await approve(house, publication)
    assert answer.status_code == 200, answer.text
    assert answer.json()["totals"]["clocks"] > 50, "or there was nothing to do"
    assert await outdated(house) == []
    assert await house.rows("SELECT 1 FROM clock WHERE provisional AND state <> 'stopped'") == []
    await assert_chains_hold(house)
