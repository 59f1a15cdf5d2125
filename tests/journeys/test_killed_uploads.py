"""A process that is killed while files arrive leaves no row without its file, and no file that stays."""

import asyncio
import multiprocessing
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import pytest
import uvicorn

from app.gateways.file_store_local import LocalStore
from app.main import create_app
from app.services.attachment_care import GRACE, check_attachments, remove_orphans
from app.services.office import Office
from app.services.shelf import Shelf
from app.storage import make_engine
from app.system_time import utc_now
from tests.api.test_uploads import FILE, PURPOSE
from tests.house import JURISDICTION, MONDAY, House
from tests.journeys.test_attachments import files

CHUNKS, CHUNK = 12, b"a" * 150_000
KILLS, KILLS_IN_FULL = 10, 100
WAITS = (0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)
"""Seconds between the last byte and the kill, about what it takes to attach a file."""


def shelf_at(folder: str) -> Shelf:
    """Return the shelf that every process of the test uses."""
    return Shelf(LocalStore(Path(folder)), Path(folder) / "arriving")


def mother(url: str, folder: str, pipe: Connection) -> None:
    """Make the program once; whenever told to, fork a process that serves it and tell its id and port."""
    office = Office(make_engine(url, pool_size=2), shelf=shelf_at(folder))
    app = create_app(office, read_time=utc_now, max_body_bytes=1 << 20)
    asyncio.run(learn(office))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while pipe.recv():
        with socket.create_server(("127.0.0.1", 0)) as listener:
            child = os.fork()
            if child == 0:
                uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off")).run([listener])
                os._exit(0)
            pipe.send((child, listener.getsockname()[1]))


async def learn(office: Office) -> None:
    """Let the office know calendars and rules, so that no child has to learn them; no connection is inherited."""
    async with office.look() as work:
        await office.rules.current(work.connection, JURISDICTION, received_at=MONDAY, now=MONDAY)
    await office.engine.dispose()


class Served:
    """One process that serves."""

    def __init__(self, pipe: Connection) -> None:
        pipe.send(True)
        self.process, self.port = pipe.recv()

    def kill(self) -> None:
        """Kill it; twice is once."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)


@pytest.fixture
def pipe(database_url: str, tmp_path: Path) -> Iterator[Connection]:
    """A line to the mother of all processes that serve."""
    processes = multiprocessing.get_context("spawn")
    mine, theirs = processes.Pipe()
    process = processes.Process(target=mother, args=(database_url, str(tmp_path), theirs))
    process.start()
    yield mine
    mine.send(False)
    process.join()


def has_begun(folder: Path, before: set[Path]) -> None:
    """Wait until another file arrives: what is sent earlier than that only waits in the system's buffers."""
    for _ in range(1_000):
        if set(folder.glob("*.part")) - before:
            return
        time.sleep(0.005)
    raise TimeoutError(folder)


def upload(served: Served, number: str, key: str, arriving: Path, *, kill_after: int, wait: float) -> int | None:
    """Upload, and kill the process after so many chunks; return the status if there was an answer."""
    before = set(arriving.glob("*.part"))

    def body() -> Iterator[bytes]:
        yield b"--b\r\n" + FILE.replace(b"a.pdf", b"a.txt").split(b"\r\n\r\n")[0] + b"\r\n\r\n"
        has_begun(arriving, before)
        for place in range(CHUNKS):
            if place == kill_after:
                served.kill()
            yield CHUNK
        yield b"\r\n--b\r\n" + PURPOSE + b"\r\n--b--\r\n"
        if kill_after == CHUNKS:
            threading.Timer(wait, served.kill).start()

    headers = {"Content-Type": "multipart/form-data; boundary=b", "Authorization": f"Bearer {key}"}
    try:
        url = f"http://127.0.0.1:{served.port}/api/v1/appeals/{number}/attachments"
        return httpx.post(url, content=body(), headers=headers, trust_env=False, timeout=10).status_code
    except httpx.TransportError:
        return None


@pytest.mark.timeout(600)
async def test_kills_at_any_moment_leave_rows_and_files_together(
    house: House, pipe: Connection, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kills = KILLS_IN_FULL if request.config.getoption("--full") else KILLS
    shelf, chance = shelf_at(str(tmp_path)), random.Random(20261122)
    house.office.shelf = shelf
    statuses = []
    for round_ in range(kills):
        number = (await house.file())["number"]
        served = Served(pipe)
        kill_after = CHUNKS if round_ % 2 else chance.randrange(CHUNKS)
        statuses.append(
            upload(
                served,
                number,
                house.keys["enterprise"],
                shelf.arriving,
                kill_after=kill_after,
                wait=chance.choice(WAITS),
            )
        )
        served.kill()
    served = Served(pipe)
    statuses.append(upload(served, number, house.keys["enterprise"], shelf.arriving, kill_after=-1, wait=0))
    served.kill()
    await check_that_they_fit(house, shelf, statuses)


async def check_that_they_fit(house: House, shelf: Shelf, statuses: list[int | None]) -> None:
    """Reconcile: every row has its file with its digest, whatever was answered 201 is there, and the rest goes."""
    later = datetime.now(UTC) + GRACE + timedelta(minutes=1)
    report = await check_attachments(house.office, shelf, now=later, hashes=True)
    assert (report.lost, report.damaged) == ([], [])
    assert statuses[-1] == 201
    assert report.rows >= statuses.count(201)
    left = len(files(house)) - report.rows
    assert left > 0, "the kills came in time"
    assert await remove_orphans(house.office, shelf, now=later) == left
    assert len(files(house)) == report.rows
