"""Databases for the tests: one PostgreSQL per run, one migrated template, a fresh copy of it for each test.

`python -m tests.database COMMAND …` runs a command with BIHUAN_DATABASE_URL set to a fresh migrated database.
With BIHUAN_DATABASE_URL set beforehand that server is used, for databases with names of our own that are dropped.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import IO
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Connection, NullPool, create_engine

from app.gateways.embedded_postgres import EmbeddedPostgres, server_url

PROJECT = Path(__file__).parents[1]
# Set by the first process of a run; its workers inherit it.
RUN_FOLDER = "BIHUAN_TEST_RUN"
FOLDER_PREFIX = "bihuan-tests-"
# What the tests write need not survive a power failure.
QUICK: Mapping[str, str] = MappingProxyType({"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})


# The run: a folder that its workers share ----------------------------------------------------------------------------


@contextmanager
def run_of_tests() -> Iterator[None]:
    """Have a folder for this run; what runs that were killed left behind is cleared away first."""
    _clear_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    # The unprivileged user who runs the server for root must pass through.
    folder.chmod(0o711)
    os.environ[RUN_FOLDER] = str(folder)
    try:
        with _locked(folder / "run.lock"):
            yield
    finally:
        _drop_databases_of_run()
        _clear(folder)
        del os.environ[RUN_FOLDER]


def _clear_abandoned() -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        # Another run that ends at this moment clears its own folder.
        with suppress(FileNotFoundError):
            if left.stat().st_uid == os.geteuid() and _is_abandoned(left / "run.lock"):
                _clear(left)


def _is_abandoned(lock: Path) -> bool:
    """Whether the process that held the lock of a run is no more."""
    if not lock.exists():
        return False
    try:
        with _locked(lock, wait=False):
            return True
    except BlockingIOError:
        return False


def _clear(folder: Path) -> None:
    """End the server of a run and remove its files."""
    server = EmbeddedPostgres(folder / "postgres")
    server.stop()
    shutil.rmtree(server.home, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[IO[str]]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file


def run_folder() -> Path:
    """Return the folder of this run."""
    return Path(os.environ[RUN_FOLDER])


# Servers and databases -----------------------------------------------------------------------------------------------


@contextmanager
def server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server in which databases may be made."""
    if given := os.environ.get("BIHUAN_DATABASE_URL"):
        yield given
    else:
        with EmbeddedPostgres(run_folder() / "postgres", settings=QUICK) as url:
            yield server_url(url, "postgres")


def connect(url: str) -> psycopg.Connection:
    """Open a plain connection outside any transaction."""
    return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)


@contextmanager
def fresh_database(server: str, *, template: str = "template1") -> Iterator[str]:
    """Yield the URL of a new database, which is dropped afterwards whoever still uses it."""
    name = f"{_prefix()}_{uuid4().hex[:12]}"
    run_sql(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield server_url(server, name)
    finally:
        run_sql(server, "DROP DATABASE {} WITH (FORCE)", name)


def run_sql(url: str, statement: str, *names: str) -> None:
    """Run one statement with quoted names in its places."""
    with connect(url) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def migrated_template(server: str) -> str:
    """Return the name of this run's migrated database; whoever comes first makes it."""
    name = f"{_prefix()}_template"
    with _locked(run_folder() / "template.lock"):
        if name not in _databases(server):
            _make_template(server, name)
    return name


def _make_template(server: str, name: str) -> None:
    """Migrate under another name, so that a template with this one is whole."""
    making = f"{name}_making"
    run_sql(server, "CREATE DATABASE {}", making)
    migrate(server_url(server, making))
    run_sql(server, "ALTER DATABASE {} RENAME TO {}", making, name)


def _prefix() -> str:
    return f"bihuan_test_{run_folder().name.removeprefix(FOLDER_PREFIX)}"


def _databases(server: str) -> list[str]:
    with connect(server) as connection:
        return [row[0] for row in connection.execute("SELECT datname FROM pg_database")]


def _drop_databases_of_run() -> None:
    """Drop what is left on a server that is not ours; our own goes with its folder."""
    if given := os.environ.get("BIHUAN_DATABASE_URL"):
        for name in _databases(given):
            if name.startswith(_prefix()):
                run_sql(given, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


# Migrations ----------------------------------------------------------------------------------------------------------


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings, to work on a connection that is outside any transaction."""
    config = Config(PROJECT / "alembic.ini")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


@contextmanager
def alembic_on(url: str) -> Iterator[Config]:
    """Yield Alembic's settings for the database at `url`."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        yield alembic_config(connection)


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to a revision."""
    with alembic_on(url) as config:
        command.upgrade(config, revision)


# Hooks and fixtures --------------------------------------------------------------------------------------------------

_run = ExitStack()


def pytest_configure() -> None:
    """Begin the run in its first process; its workers find the folder in their environment."""
    if RUN_FOLDER not in os.environ:
        _run.enter_context(run_of_tests())


def pytest_unconfigure() -> None:
    """End the run in the process that began it."""
    _run.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of the server of this run."""
    with server() as url:
        yield url


@pytest.fixture(scope="session")
def template_database(postgres_server: str) -> str:
    """The name of a migrated database that nobody connects to."""
    return migrated_template(postgres_server)


@pytest.fixture
def database_url(postgres_server: str, template_database: str) -> Iterator[str]:
    """The URL of a migrated database of this test alone."""
    with fresh_database(postgres_server, template=template_database) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty database of this test alone."""
    with fresh_database(postgres_server) as url:
        yield url


def main(arguments: list[str]) -> int:
    """Run a command on a fresh migrated database; return its exit code."""
    with run_of_tests(), server() as postgres, fresh_database(postgres) as url:
        migrate(url)
        return subprocess.run(arguments, env={**os.environ, "BIHUAN_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
