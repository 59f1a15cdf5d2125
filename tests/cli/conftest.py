"""A database of its own for every test of a command."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main

Run = Callable[..., int]


@pytest.fixture
def bihuan(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command on a migrated database with a keyring of its own; return its exit code."""
    monkeypatch.setenv("BIHUAN_DATABASE_URL", database_url)
    monkeypatch.setenv("BIHUAN_KEYRING", str(tmp_path / "keyring.json"))

    def run(*arguments: str) -> int:
        try:
            return main(arguments)
        except SystemExit as end:
            return int(end.code or 0)

    return run
