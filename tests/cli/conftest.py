"""A database of its own for every test of a command."""

from collections.abc import Callable

import pytest

from app.cli import main

Run = Callable[..., int]


@pytest.fixture
def bihuan(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a migrated database; return its exit code."""
    monkeypatch.setenv("BIHUAN_DATABASE_URL", database_url)

    def run(*arguments: str) -> int:
        try:
            return main(arguments)
        except SystemExit as end:
            return int(end.code or 0)

    return run
