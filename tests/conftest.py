"""What every test has: databases, a house to test in, and no way to the outside."""

import os

import pytest

pytest_plugins = ["tests.database", "tests.socket_guard", "tests.house"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a nightly run ask for its sizes."""
    parser.addoption("--full", action="store_true", help="nightly sizes")


@pytest.fixture(autouse=True)
def _keyring_apart(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the keys of tests away from those of this machine."""
    monkeypatch.setenv("BIHUAN_KEYRING", str(tmp_path_factory.getbasetemp() / "keyring.json"))


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the proxies of the environment, which would lead out of this machine."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
