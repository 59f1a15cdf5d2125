"""The set-up script, tried on a small project of its own that needs no network."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PROGRAM = """
import os, signal, sys, time
if "wait" in sys.argv:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
    print("ready", flush=True)
    time.sleep(30)
print(os.getpid(), *sys.argv[1:])
sys.exit(3)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with nothing to install, set up once."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(PROJECT / "run", folder)
    (folder / "requirements.lock").touch()
    (folder / "app" / "cli").mkdir(parents=True)
    (folder / "app" / "__init__.py").touch()
    (folder / "app" / "cli" / "__main__.py").write_text(PROGRAM)
    assert run(folder, "setup").returncode == 0
    return folder


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, folder / "run", *arguments], capture_output=True, text=True, check=False)


def start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, folder / "run", *arguments], stdout=subprocess.PIPE, text=True)


def test_a_second_set_up_does_nothing_and_takes_no_time(made: Path) -> None:
    installed = (made / ".venv" / "installed").stat().st_mtime_ns
    started = time.monotonic()
    assert run(made, "setup").stderr == ""
    assert time.monotonic() - started < 2
    assert (made / ".venv" / "installed").stat().st_mtime_ns == installed


def test_arguments_and_exit_codes_pass_through(made: Path) -> None:
    done = run(made, "bihuan", "sweep", "--now", "2026-11-22")
    assert done.stdout.split()[1:] == ["sweep", "--now", "2026-11-22"]
    assert done.returncode == 3


def test_serve_is_the_command_serve(made: Path) -> None:
    assert run(made, "serve", "--port", "8000").stdout.split()[1:] == ["serve", "--port", "8000"]


def test_the_command_takes_the_place_of_the_script_so_that_signals_reach_it(made: Path) -> None:
    with start(made, "bihuan", "wait") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 5


def test_the_project_is_importable_from_any_folder(made: Path, tmp_path: Path) -> None:
    python = made / ".venv" / "bin" / "python"
    found = subprocess.run(
        [python, "-c", "import app; print(*app.__path__)"], cwd=tmp_path, capture_output=True, text=True
    )
    assert found.stdout.strip() == str(made / "app")


def test_a_set_up_that_was_cut_short_is_begun_anew(made: Path) -> None:
    leftover = made / ".venv" / "leftover"
    leftover.touch()
    (made / ".venv" / "unfinished").touch()
    assert run(made, "bihuan").returncode == 3
    assert not leftover.exists()


def test_a_changed_lock_file_is_installed_into_the_environment_that_is_there(made: Path) -> None:
    kept = made / ".venv" / "kept"
    kept.touch()
    (made / "requirements.lock").write_text("# changed\n")
    assert "installing" in run(made, "setup").stderr
    assert kept.exists()


def test_two_set_ups_at_once_take_turns(made: Path) -> None:
    (made / "requirements.lock").write_text("# changed for two\n")
    both = [start(made, "setup") for _ in range(2)]
    outcomes = [process.communicate(timeout=60) and process.returncode for process in both]
    assert outcomes == [0, 0]


def test_packages_that_cannot_be_installed_leave_no_environment_that_looks_ready(made: Path) -> None:
    lock = made / "requirements.lock"
    lock.write_text("no-hash==1.0\n")
    failed = run(made, "setup")
    assert failed.returncode == 1
    assert "./run setup" in failed.stderr
    lock.write_text("")
    assert run(made, "setup").returncode == 0


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["help"], 0), (["--help"], 0), (["dance"], 2)])
def test_help_names_every_command(made: Path, arguments: list[str], code: int) -> None:
    shown = run(made, *arguments)
    assert all(f"./run {command}" in shown.stdout for command in ("setup", "serve", "test", "check", "bench", "bihuan"))
    assert shown.returncode == code


def test_a_python_that_is_too_old_is_refused_in_two_languages(made: Path) -> None:
    program = "import runpy, sys; runpy.run_path('run')['refuse_unfit_python']((3, 10, 13), ['serve'])"
    refused = subprocess.run([sys.executable, "-c", program], cwd=made, capture_output=True, text=True)
    assert refused.returncode == 1
    assert "需要 Python 3.11" in refused.stderr
    assert "python3.11 run serve" in refused.stderr


def test_the_locks_name_no_host_and_pin_every_package_by_hash() -> None:
    for name in ("requirements.lock", "requirements-server.lock"):
        lock = (PROJECT / name).read_text()
        entries = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]
        assert "://" not in lock
        assert entries
        assert all("==" in entry and entry.endswith("\\") for entry in entries)


def test_the_script_can_be_run_as_it_is() -> None:
    assert os.access(PROJECT / "run", os.X_OK)
    assert os.access(PROJECT / ".ci" / "run", os.X_OK)
