"""A PostgreSQL of the benchmark's own, set as in production, with a migrated template and people to sign in."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql

from app.cli.preparing import migrate
from app.domain.roles import Role
from app.gateways.embedded_postgres import EmbeddedPostgres, server_url
from app.gateways.postgres_data import read_pid_file
from app.policies import packaged
from app.services.accounts import NewAccount, create_account
from app.services.appeals import add_enterprise
from app.services.calendars import seed_calendar
from app.services.office import Office
from app.services.policies import publish_packs
from app.storage import make_engine
from app.system_time import utc_now
from benchmarks.machine import memory_gigabytes
from benchmarks.processes import cpu_seconds

JURISDICTION = "gedian"
DEPARTMENT = "economy"
CHANNEL = "hotline-12345"
TEMPLATE = "bihuan_template"
ROOMY_GIGABYTES = 4

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class People:
    """Who signs in: an API key by role, and the enterprise that one of them acts for."""

    keys: dict[str, str]
    enterprise_id: UUID


@dataclass(frozen=True, slots=True)
class Cluster:
    """The server, its process and its people, who are the same in every database."""

    url: str
    folder: Path
    pid: int
    people: People

    def database(self, name: str) -> str:
        """Return the URL of a new database: migrated, with policies and accounts and nothing else."""
        run_sql(server_url(self.url, "postgres"), "CREATE DATABASE {} TEMPLATE {}", name, TEMPLATE)
        return server_url(self.url, name)

    def cpu_seconds(self) -> float:
        """Return what every process of the server has used so far."""
        return cpu_seconds(self.pid)


@contextmanager
def open_cluster() -> Iterator[Cluster]:
    """Start the server in a temporary folder; end it and remove the folder afterwards, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-bench-"))
    # The unprivileged user who runs the server for root must pass through.
    folder.chmod(0o711)
    server = EmbeddedPostgres(folder / "postgres", settings=_settings())
    try:
        url = server.start()
        found = read_pid_file(server.data)
        assert found is not None
        yield Cluster(url, folder, found.pid, _prepare(url))
    finally:
        server.stop()
        shutil.rmtree(server.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def plain_url(url: str) -> str:
    """Return a URL as libpq reads it."""
    return url.replace("+psycopg", "", 1)


def connect(url: str) -> Connection:
    """Open a plain connection outside any transaction."""
    return psycopg.connect(plain_url(url), autocommit=True)


def run_sql(url: str, statement: str, *names: str) -> None:
    """Run one statement with quoted names in its places."""
    with connect(url) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _settings() -> dict[str, str]:
    """Commits wait for the disk as in production; only the memory follows the machine."""
    buffers = "1GB" if memory_gigabytes() >= ROOMY_GIGABYTES else "256MB"
    return {"shared_buffers": buffers, "max_wal_size": "8GB"}


def _prepare(url: str) -> People:
    run_sql(server_url(url, "postgres"), "CREATE DATABASE {}", TEMPLATE)
    migrate(server_url(url, TEMPLATE))
    return asyncio.run(_move_in(server_url(url, TEMPLATE)))


async def _move_in(url: str) -> People:
    office, now = Office(make_engine(url)), utc_now()
    async with office.work() as work:
        await seed_calendar(work, now=now)
        await publish_packs(work, packaged().packs.values(), now=now)
        enterprise_id = add_enterprise(work, name="葛店光电有限公司", uscc="91421003MA00000152", now=now)
        keys = {one.name: create_account(work, one, now=now)[1] for one in _accounts(enterprise_id)}
    await office.engine.dispose()
    return People(keys, enterprise_id)


def _accounts(enterprise_id: UUID) -> tuple[NewAccount, ...]:
    return (
        NewAccount("enterprise", frozenset({Role.ENTERPRISE}), enterprise_id=enterprise_id),
        NewAccount("leader", frozenset({Role.LEADER}), jurisdictions=(JURISDICTION,)),
        NewAccount("officer", frozenset({Role.OFFICER}), jurisdictions=(JURISDICTION,), department=DEPARTMENT),
    )
