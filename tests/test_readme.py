"""The tutorial works word for word, and both languages have the same commands."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

PROJECT = Path(__file__).parents[1]
README, CHINESE = PROJECT / "README.md", PROJECT / "README.zh-CN.md"
BLOCK = re.compile(r"```bash.*?\n(.*?)```", re.DOTALL)
TUTORIAL = re.compile(r"```bash tutorial\n(.*?)```", re.DOTALL)
COMMENT = re.compile(r"\s*#.*")


def commands(path: Path) -> list[str]:
    lines = "\n".join(BLOCK.findall(path.read_text(encoding="utf-8"))).splitlines()
    return [
        line for line in (COMMENT.sub("", line) if line.startswith(("./", "#")) else line for line in lines) if line
    ]


@pytest.fixture
def passable_folder() -> Iterator[Path]:
    """A folder that the unprivileged user who runs the server for root can pass through."""
    with tempfile.TemporaryDirectory(prefix="bihuan-readme-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.fixture
def served(passable_folder: Path) -> Iterator[tuple[int, Path]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = passable_folder / ".bihuan"
    environment = {**os.environ, "BIHUAN_HOME": str(home)}
    environment.pop("BIHUAN_DATABASE_URL", None)
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/v1/health", process)
            yield port, passable_folder
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None
        try:
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(url)


def test_the_tutorial_works_word_for_word(served: tuple[int, Path]) -> None:
    port, folder = served
    (script,) = TUTORIAL.findall(README.read_text(encoding="utf-8"))
    script = "set -euo pipefail\n" + script.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    assert printed[-2] == "已销号"
    assert "工作日历版本" in printed[-1]


def test_both_languages_give_the_same_commands() -> None:
    assert commands(README) == commands(CHINESE) != []
