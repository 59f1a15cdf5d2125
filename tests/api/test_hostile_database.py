"""What the database cannot hold is a 422 even if it gets past every gate; what it cannot do is not."""

import pytest

from app.services.accounts import Doorkeeper
from tests.house import PROBLEM, House

UNSTORABLE = {
    "22021": "SELECT convert_from('\\xff'::bytea, 'UTF8')",
    "22P05": "SELECT '\"\\u0000\"'::jsonb ->> 0",
    "22003": "SELECT 9223372036854775807::bigint + 1",
    "22008": "SELECT timestamptz '9999-12-31 00:00:00+00' + interval '300000 years'",
    "54000": "CREATE TEMP TABLE wide (n text); CREATE INDEX ON wide (n); "
    "INSERT INTO wide SELECT string_agg(md5(i::text), '') FROM generate_series(1, 2000) i",
}


def raising(monkeypatch: pytest.MonkeyPatch, house: House, statement: str) -> None:
    """Let signing in run into a statement."""

    async def admit(*_args: object, **_named: object) -> None:
        async with house.office.look() as work:
            for one in statement.split("; "):
                await work.connection.exec_driver_sql(one)

    monkeypatch.setattr(Doorkeeper, "admit", admit)


@pytest.mark.parametrize("state", UNSTORABLE)
async def test_what_it_cannot_hold_is_told_as_such(
    house: House, state: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    raising(monkeypatch, house, UNSTORABLE[state])
    answer = await house.ask("leader", "GET", "/appeals")
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM), answer.text
    assert answer.json()["type"] == "/problems/unstorable"
    (record,) = [one for one in caplog.records if one.exc_info and one.name == "bihuan.api"]
    assert record.exc_info is not None
    assert getattr(getattr(record.exc_info[1], "orig", None), "sqlstate", None) == state


@pytest.mark.parametrize(
    ("statement", "status"),
    [("SELECT 1 FROM nowhere", 500), ("SET statement_timeout = 1; SELECT pg_sleep(1)", 503)],
)
async def test_a_bug_and_a_slow_database_are_not_the_callers_fault(
    house: House, statement: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising(monkeypatch, house, statement)
    assert (await house.ask("leader", "GET", "/appeals")).status_code == status


async def test_half_a_character_that_gets_past_every_gate_is_told_as_such(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def admit(*_args: object, **_named: object) -> None:
        "\ud800".encode()

    monkeypatch.setattr(Doorkeeper, "admit", admit)
    answer = await house.ask("leader", "GET", "/appeals")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unstorable")
