"""A worker at work: on a real job queue, with real interruptions."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from procrastinate import App, PsycopgConnector

from app.domain.anchor import Algorithm
from app.gateways.embedded_postgres import EmbeddedPostgres
from app.gateways.signing_key import load_or_make_key
from app.services.anchors import Notary
from app.services.office import Office
from app.worker import run_worker
from tests.database import connect, migrate
from tests.worker.filing import FILED, LONG_AFTER, announced, file_in, office_on

ENOUGH_SECONDS = 45


class Hands:
    """A time that the test moves on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def read(self) -> datetime:
        return self.now


@asynccontextmanager
async def working(
    office: Office, url: str, time: Hands, *, sweep_seconds: int = 1
) -> AsyncIterator[asyncio.Task[None]]:
    """Have a worker at work in the block; it must end by being cancelled and no other way."""
    task = asyncio.create_task(run_worker(office, url, read_time=time.read, sweep_seconds=sweep_seconds))
    try:
        yield task
        assert not task.done()
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, ENOUGH_SECONDS)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, or fail."""
    async with asyncio.timeout(ENOUGH_SECONDS):
        while not holds():
            await asyncio.sleep(0.05)


def jobs(url: str) -> list[tuple[str, str]]:
    with connect(url) as connection:
        return connection.execute("SELECT task_name, status::text FROM procrastinate.procrastinate_jobs").fetchall()


def workers(url: str) -> int:
    with connect(url) as connection:
        (count,) = connection.execute("SELECT count(*) FROM procrastinate.procrastinate_workers").fetchone() or (0,)
    return int(count)


async def test_what_came_due_while_no_worker_ran_is_announced_at_once(database_url: str) -> None:
    async with office_on(database_url) as office:
        await file_in(office)
        async with working(office, database_url, Hands(LONG_AFTER), sweep_seconds=3600):
            await until(lambda: bool(announced(database_url)))


async def test_what_comes_due_while_a_worker_runs_is_announced_within_seconds(database_url: str) -> None:
    time = Hands(FILED)
    async with office_on(database_url) as office:
        await file_in(office)
        async with working(office, database_url, time):
            await until(lambda: workers(database_url) == 1)
            assert announced(database_url) == []
            time.now = LONG_AFTER
            await until(lambda: bool(announced(database_url)))


async def test_two_workers_at_once_announce_everything_once(database_url: str) -> None:
    time = Hands(FILED)
    async with office_on(database_url) as one, office_on(database_url) as other:
        for _ in range(8):
            await file_in(one)
        async with working(one, database_url, time), working(other, database_url, time):
            await until(lambda: workers(database_url) == 2)
            time.now = LONG_AFTER
            await until(lambda: bool(announced(database_url)))
            await asyncio.sleep(3)
    found = [entry for entry in announced(database_url) if entry[0] == "clock_breached"]
    assert len(found) == len(set(found))
    assert len(found) >= 8


async def test_a_worker_with_a_key_seals_the_days_that_are_over_at_once(database_url: str, tmp_path: Path) -> None:
    notary = Notary(load_or_make_key(tmp_path / "key.pem"), Algorithm.SHA256)
    async with office_on(database_url) as office:
        await file_in(office)
        time = Hands(FILED + timedelta(days=2))
        task = asyncio.create_task(
            run_worker(office, database_url, read_time=time.read, sweep_seconds=3600, notary=notary)
        )
        await until(lambda: len(anchored(database_url)) == 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, ENOUGH_SECONDS)
    assert anchored(database_url) == [FILED.date(), FILED.date() + timedelta(days=1)]


def anchored(url: str) -> list[date]:
    with connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT day FROM anchor ORDER BY day")]


async def test_a_stopped_worker_leaves_neither_jobs_nor_itself_behind(database_url: str) -> None:
    async with office_on(database_url) as office, working(office, database_url, Hands(FILED)):
        await until(lambda: workers(database_url) == 1)
        await asyncio.sleep(2)
    assert workers(database_url) == 0
    assert [status for _, status in jobs(database_url) if status == "doing"] == []


async def test_a_worker_outlives_the_loss_of_every_connection(database_url: str) -> None:
    time = Hands(FILED)
    async with office_on(database_url) as office:
        await file_in(office)
        async with working(office, database_url, time):
            await until(lambda: workers(database_url) == 1)
            cut_connections(database_url)
            time.now = LONG_AFTER
            await until(lambda: bool(announced(database_url)))


@pytest.fixture
def restartable() -> Iterator[EmbeddedPostgres]:
    """A database server of this test alone, to be stopped and started again."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-worker-"))
    folder.chmod(0o711)
    server = EmbeddedPostgres(folder / "postgres", settings={"shared_buffers": "16MB"})
    migrate(server.start())
    yield server
    server.stop()
    shutil.rmtree(folder)


async def test_a_worker_goes_on_when_the_database_comes_back(restartable: EmbeddedPostgres) -> None:
    time, url = Hands(FILED), restartable.start()
    async with office_on(url) as office:
        await file_in(office)
        async with working(office, url, time):
            await until(lambda: workers(url) == 1)
            await asyncio.to_thread(restartable.stop)
            time.now = LONG_AFTER
            await asyncio.sleep(3)
            await asyncio.to_thread(restartable.start)
            await until(lambda: bool(announced(url)))


async def test_a_worker_whose_database_does_not_answer_can_still_be_stopped(database_url: str) -> None:
    nowhere = "postgresql+psycopg://bihuan@127.0.0.1:1/bihuan"
    async with office_on(nowhere) as office, working(office, nowhere, Hands(FILED)):
        await asyncio.sleep(2.5)


async def test_the_job_of_a_dead_worker_is_done_by_the_next(database_url: str) -> None:
    await abandon_job(database_url, "sweep_clocks")
    assert jobs(database_url) == [("sweep_clocks", "doing")]
    async with office_on(database_url) as office, working(office, database_url, Hands(FILED)):
        await defer(database_url, "rescue_stalled_jobs")
        await until(lambda: ("sweep_clocks", "doing") not in jobs(database_url))


def cut_connections(url: str) -> None:
    """End every other session of the database, as a restart of the server would."""
    with connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [urlsplit(url).path.removeprefix("/")],
        )


async def abandon_job(url: str, name: str) -> None:
    """Leave a job as a worker leaves it that was killed an hour ago."""
    await defer(url, name)
    with connect(url) as connection:
        connection.execute("SET search_path = procrastinate")
        connection.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') "
            "RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
        )


async def defer(url: str, name: str) -> None:
    connector = PsycopgConnector(
        conninfo=url.replace("+psycopg", "", 1), kwargs={"options": "-c search_path=procrastinate"}
    )
    app = App(connector=connector)
    async with app.open_async():
        await app.configure_task(name, queueing_lock=name).defer_async(timestamp=0)
