import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.gateways.embedded_postgres import EmbeddedPostgres, server_url
from app.gateways.postgres_data import Postmaster, read_pid_file
from app.gateways.postgres_programs import DatabaseUnavailable, programs_folder, reachable_home, server_user

as_root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to turn into another user")
PROJECT = Path(__file__).parents[1]
SMALL = {"shared_buffers": "16MB", "max_connections": "20"}
START_AND_DIE = """
import os, sys, pathlib
from app.gateways.embedded_postgres import EmbeddedPostgres
EmbeddedPostgres(pathlib.Path(sys.argv[1]), settings={"shared_buffers": "16MB"}).start()
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder for data that the server's user can reach, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-trial-"))
    folder.chmod(0o711)
    yield folder / "postgres"
    EmbeddedPostgres(folder / "postgres").stop()
    shutil.rmtree(folder)


def small(home: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(home, settings=SMALL)


def ask(url: str, question: str) -> str:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        row = cursor.fetchone() if cursor.description else None
    return str(row[0]) if row else ""


def running(server: EmbeddedPostgres) -> Postmaster:
    found = read_pid_file(server.data)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server_encoding", "UTF8"),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
    ],
)
def test_data_are_safe_and_no_port_is_open(resting_server: str, setting: str, value: str) -> None:
    assert ask(resting_server, f"SHOW {setting}") == value


@pytest.fixture(scope="module")
def resting_server() -> Iterator[str]:
    """One server for the tests that only look."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-trial-"))
    folder.chmod(0o711)
    with small(folder / "postgres") as url:
        yield url
    shutil.rmtree(folder)


def test_chinese_text_is_compared_by_code_point_everywhere(resting_server: str) -> None:
    assert ask(resting_server, "SELECT datcollate FROM pg_database WHERE datname = current_database()") == "C.UTF-8"


def test_the_second_start_takes_less_than_two_seconds_and_finds_what_was_written(home: Path) -> None:
    with small(home) as url:
        ask(url, "CREATE TABLE kept AS SELECT 7 AS n")
    started = time.monotonic()
    with small(home) as url:
        assert time.monotonic() - started < 2
        assert ask(url, "SELECT n FROM kept") == "7"


def test_a_server_that_was_killed_again_and_again_starts_with_every_committed_row(home: Path) -> None:
    with small(home) as url:
        ask(url, "CREATE TABLE kept (n int)")
    for kill in range(4):
        with small(home) as url:
            ask(url, f"INSERT INTO kept VALUES ({kill})")
            os.kill(running(small(home)).pid, signal.SIGKILL)
    with small(home) as url:
        assert ask(url, "SELECT count(*) FROM kept") == "4"


def test_a_server_that_was_killed_under_its_user_starts_again_for_that_user(home: Path) -> None:
    server = small(home)
    server.start()
    os.kill(running(server).pid, signal.SIGKILL)
    assert ask(server.start(), "SELECT 1") == "1"
    server.stop()


def test_a_server_that_survived_its_owner_is_taken_over_and_stopped(home: Path) -> None:
    subprocess.run([sys.executable, "-c", START_AND_DIE, str(home)], cwd=PROJECT, check=False)
    server = small(home)
    survivor = running(server).pid
    server.start()
    assert running(server).pid == survivor
    server.stop()
    assert read_pid_file(server.data) is None


def test_the_last_user_of_a_server_stops_it(home: Path) -> None:
    first, second = small(home), small(home)
    assert first.start() == second.start()
    first.stop()
    assert ask(second.start(), "SELECT 1") == "1"
    second.stop()
    assert read_pid_file(second.data) is None


def test_two_that_start_at_once_share_one_server(home: Path) -> None:
    program = "import sys, pathlib; from app.gateways.embedded_postgres import EmbeddedPostgres as E; "
    program += (
        "s = E(pathlib.Path(sys.argv[1])); s.start(); print(s.data.joinpath('postmaster.pid').read_text().split()[0])"
    )
    program += "; sys.stdout.flush(); sys.stdin.read(); s.stop()"
    command = [sys.executable, "-c", program, str(home)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    starters = [subprocess.Popen(command, cwd=PROJECT, text=True, **pipes) for _ in range(2)]
    pids = {starter.stdout.readline() for starter in starters if starter.stdout}
    for starter in starters:
        starter.communicate(timeout=60)
    assert len(pids) == 1


def test_a_pid_file_whose_number_went_to_a_stranger_does_not_hinder_the_start(home: Path) -> None:
    server = small(home)
    server.start()
    pid_file = server.data / "postmaster.pid"
    left_behind = pid_file.read_text().splitlines()
    server.stop()
    user = server_user(home)
    with subprocess.Popen(["sleep", "60"], user=user.uid, group=user.gid, extra_groups=user.groups) as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *left_behind[1:], ""]))
        shutil.chown(pid_file, server.data.stat().st_uid, server.data.stat().st_gid)
        assert ask(server.start(), "SELECT 1") == "1"
        assert running(server).pid != stranger.pid
        server.stop()
        assert stranger.poll() is None
        stranger.kill()


def test_a_first_start_that_was_cut_short_is_begun_anew(home: Path) -> None:
    (home / "data.making").mkdir(parents=True)
    (home / "data.making" / "PG_VERSION").write_text("18\n")
    with small(home) as url:
        assert ask(url, "SELECT 1") == "1"


def test_a_path_too_long_for_a_socket_is_no_hindrance(home: Path) -> None:
    with small(home / ("很长的目录名" * 6)) as url:
        assert ask(url, "SELECT 1") == "1"


def test_data_of_another_major_version_are_refused_untouched(home: Path) -> None:
    server = small(home)
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(DatabaseUnavailable, match=r"PostgreSQL 14.*pg_dumpall"):
        server.start()
    assert (server.data / "PG_VERSION").read_text() == "14\n"


def test_a_server_that_cannot_start_says_why_at_once(home: Path) -> None:
    started = time.monotonic()
    with pytest.raises(DatabaseUnavailable, match="shared_buffers"):
        EmbeddedPostgres(home, settings={"shared_buffers": "plenty"}).start()
    assert time.monotonic() - started < 10


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else_is_refused_with_the_way_out(home: Path) -> None:
    home.parent.chmod(0o500)
    with pytest.raises(DatabaseUnavailable, match="BIHUAN_HOME"):
        small(home).start()
    home.parent.chmod(0o700)


@as_root_only
def test_root_does_not_run_the_server_as_root(resting_server: str) -> None:
    folder = Path(ask(resting_server, "SHOW data_directory"))
    found = read_pid_file(folder)
    assert found is not None
    assert Path(f"/proc/{found.pid}").stat().st_uid == folder.stat().st_uid != 0


@as_root_only
def test_a_home_that_the_server_cannot_reach_is_moved_and_no_mode_is_loosened(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    moved = reachable_home(tmp_path / "postgres")
    assert moved.parent == Path("/var/lib")
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_the_programs_are_where_everybody_may_run_them() -> None:
    folders = [programs_folder(), *programs_folder().parents]
    assert os.geteuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in folders)


@pytest.mark.parametrize(
    ("url", "database", "expected"),
    [
        (
            "postgresql+psycopg://u@/one?host=%2Frun%2Fpg&port=5432",
            "two",
            "postgresql+psycopg://u@/two?host=%2Frun%2Fpg&port=5432",
        ),
        ("postgresql+psycopg://u:p%40@db.example:5433/one", "two", "postgresql+psycopg://u:p%40@db.example:5433/two"),
        ("postgresql+psycopg://u@h/one", "a b/c", "postgresql+psycopg://u@h/a%20b%2Fc"),
    ],
)
def test_another_database_of_the_same_server(url: str, database: str, expected: str) -> None:
    assert server_url(url, database) == expected
