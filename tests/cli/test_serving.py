"""`bihuan serve` and `bihuan worker` as processes: started, asked, stopped, started again."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.gateways.embedded_postgres import EmbeddedPostgres

PROJECT = Path(__file__).parents[2]
READY_SECONDS, STOP_SECONDS = 60, 30
KEYS = {
    *("enterprise", "clerk", "dispatcher", "reviewer", "callback", "supervisor", "leader", "administrator"),
    *("officer", "head", "officer_party_office", "head_party_office"),
}


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the database's user can reach, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-serve-"))
    folder.chmod(0o711)
    yield folder / "home"
    EmbeddedPostgres(folder / "home" / "postgres").stop()
    shutil.rmtree(folder)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def running(home: Path, *arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Have a command at work in the block, its lines in files below `home`; it is stopped in any case."""
    home.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_DATABASE")}
    command = [sys.executable, "-m", "app.cli", *arguments]
    with (home / "out").open("w") as out, (home / "err").open("w") as err:
        environment = {**kept, "BIHUAN_HOME": str(home), **variables}
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=out, stderr=err, text=True)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def wait_for_line(process: "subprocess.Popen[str]", home: Path, text: str) -> str:
    """Wait until the command has printed something; return everything that it has printed."""
    deadline = time.monotonic() + READY_SECONDS
    while text not in (printed := (home / "out").read_text()):
        assert process.poll() is None, (home / "err").read_text()
        assert time.monotonic() < deadline, printed
        time.sleep(0.05)
    return printed


def get(port: int, path: str, key: str = "") -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.get(f"http://127.0.0.1:{port}/api/v1{path}", headers=headers, timeout=30)


def ask_to_stop(process: "subprocess.Popen[str]", number: signal.Signals = signal.SIGTERM) -> int:
    process.send_signal(number)
    return process.wait(STOP_SECONDS)


def database_runs(home: Path) -> bool:
    return (home / "postgres" / "data" / "postmaster.pid").exists()


def test_one_command_serves_and_stops_cleanly_and_the_second_start_finds_everything(home: Path) -> None:
    port = free_port()
    with running(home, "serve", "--port", str(port)) as process:
        printed = wait_for_line(process, home, "Ctrl-C")
        assert f"http://127.0.0.1:{port}/api/v1/docs" in printed
        assert str(home / "keys.json") in printed
        assert get(port, "/health").json()["status"] == "ok"
        assert get(port, "/docs").status_code == 200
        keys = json.loads((home / "keys.json").read_text())
        assert set(keys) == KEYS
        assert all(get(port, "/appeals", entry["key"]).status_code == 200 for entry in keys.values())
        assert ask_to_stop(process) == 0
        assert not database_runs(home)
        told = (home / "err").read_text().splitlines()
        assert [line for line in told if "已新建密钥环" not in line] == []
    started = time.monotonic()
    with running(home, "serve", "--port", str(port), "--no-worker") as process:
        wait_for_line(process, home, "Ctrl-C")
        assert time.monotonic() - started < 15
        assert json.loads((home / "keys.json").read_text()) == keys
        assert get(port, "/appeals", keys["leader"]["key"]).status_code == 200
        assert ask_to_stop(process, signal.SIGINT) == 0
    assert not database_runs(home)


def test_keys_are_for_the_owner_only_and_can_be_read_by_a_shell(home: Path) -> None:
    port = free_port()
    with running(home, "serve", "--port", str(port), "--no-worker") as process:
        wait_for_line(process, home, "Ctrl-C")
    assert {(home / name).stat().st_mode & 0o777 for name in ("keys.json", "keys.sh")} == {0o600}
    said = subprocess.run(
        ["sh", "-c", '. "$0" && printenv KEY_LEADER', home / "keys.sh"], capture_output=True, text=True
    )
    assert said.stdout.strip() == json.loads((home / "keys.json").read_text())["leader"]["key"]


def test_a_port_in_use_is_refused_before_anything_is_started(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        with running(home, "serve", "--port", port) as process:
            assert process.wait(READY_SECONDS) == 2
    assert f"不能在 127.0.0.1:{port} 上监听" in (home / "err").read_text()
    assert not (home / "postgres").exists()


def test_on_a_server_no_demonstration_account_is_made(home: Path, empty_database_url: str) -> None:
    port = free_port()
    arguments = ("serve", "--port", str(port))
    with running(home, *arguments, BIHUAN_DATABASE_URL=empty_database_url) as process:
        assert "account create" in wait_for_line(process, home, "Ctrl-C")
        assert get(port, "/health").status_code == 200
    assert not (home / "keys.json").exists()


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_part_alone_runs_on_a_prepared_database_and_stops_when_told(
    command: str, home: Path, database_url: str
) -> None:
    arguments = ("web", "--port", str(free_port())) if command == "web" else ("worker",)
    with running(home, *arguments, BIHUAN_DATABASE_URL=database_url) as process:
        wait_for_line(process, home, "Ctrl-C")
        assert ask_to_stop(process) == 0
    assert (home / "err").read_text() == ""


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_part_alone_refuses_a_database_without_schema(command: str, home: Path, empty_database_url: str) -> None:
    arguments = ("web", "--port", str(free_port())) if command == "web" else ("worker",)
    with running(home, *arguments, BIHUAN_DATABASE_URL=empty_database_url) as process:
        assert process.wait(READY_SECONDS) == 2
    assert "migrate" in (home / "err").read_text()
