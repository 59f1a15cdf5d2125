"""Log lines: one object each, with the request's id, without secrets, without the words that were sent."""

import json
import logging
import sys
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.contextvars import bound_contextvars

from app.cli.logs import json_formatter


def line(message: str, error: BaseException | None = None) -> str:
    info = None if error is None else (type(error), error, error.__traceback__)
    return json_formatter().format(logging.LogRecord("bihuan.api", logging.INFO, "", 0, message, (), info))


def told(message: str, error: BaseException | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line(message, error))
    return found


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        ("key bh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA used", "AAAA"),
        ("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.x.y", "eyJ"),
        ("Authorization: Basic dXNlcjpwYXNz", "dXNl"),
        ("POST /api/v1/ratings/tttttttttttttttttttttttttttttttttttttttt", "tttt"),
        ("connecting to postgresql+psycopg://bihuan:hunter2@db/bihuan", "hunter2"),
    ],
)
def test_secrets_are_taken_out(message: str, secret: str) -> None:
    assert secret in message
    assert secret not in line(message)
    assert "…" in line(message)


def test_an_address_with_a_port_is_no_secret() -> None:
    assert told("http://127.0.0.1:8000/api/v1/docs")["event"] == "http://127.0.0.1:8000/api/v1/docs"


@pytest.mark.parametrize("odd", ["\n", "\r", "\x1b", "\x00", "\x7f", "\x85", "\x9b", "\u2028", "\u202e", "\ud800"])
def test_what_could_break_or_disguise_a_line_is_escaped(odd: str) -> None:
    written = line(f"before{odd}2026 forged line")
    assert odd not in written
    assert json.loads(written)["event"] == f"before{odd}2026 forged line"
    written.encode("utf-8")


def test_a_line_carries_the_id_of_the_request() -> None:
    with bound_contextvars(request_id="abc-1"):
        assert told("x")["request_id"] == "abc-1"
    assert "request_id" not in told("x")


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException:
        found = sys.exc_info()[1]
        assert found is not None
        return found


def test_an_exception_is_told_by_kind_and_place_and_not_by_its_words() -> None:
    cause = raised(ValueError("Key (contact_phone)=(13900000000)"))
    error = raised(IntegrityError("INSERT", {"phone": "13900000000"}, Exception("13900000000")), cause)
    written = line("unexpected error", error)
    assert "13900000000" not in written
    assert "IntegrityError" in written
    assert "builtins.ValueError" in written
    assert "test_logs.py" in written


def test_what_an_operator_must_know_of_a_server_that_is_away_is_told() -> None:
    error = raised(OperationalError("SELECT 1", {}, Exception("connection refused"), hide_parameters=True))
    assert "connection refused" in line("database unavailable", error)
    assert "Permission denied" in line("x", raised(PermissionError(13, "Permission denied")))
