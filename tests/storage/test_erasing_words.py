"""Words can be erased in one way only, and nothing else can be changed on that way."""

import psycopg
import pytest

from app.domain.timeline import ERASED, event_digest, words_digest
from app.storage.queries.events import erase_words
from app.storage.queries.retention import mark_erased
from tests.database import connect
from tests.house import MONDAY, House

OWN_WAY = "SET bihuan.erasing_words = 'on'"


async def erase(house: House, number: str) -> int:
    (found,) = await house.rows("SELECT id FROM appeal WHERE number = :number", number=number)
    async with house.as_owner() as connection:
        await mark_erased(connection, [found["id"]], MONDAY)
        return await erase_words(connection, [found["id"]])


async def test_words_of_one_appeal_are_erased_and_its_chain_still_holds(house: House) -> None:
    number, _ = await house.assigned()
    other = (await house.file())["number"]
    before = await house.rows("SELECT * FROM event ORDER BY id")
    assert await erase(house, number) == 2
    after = await house.rows("SELECT * FROM event ORDER BY id")
    assert after == [row | (ERASED if row["appeal_id"] == before[0]["appeal_id"] else {}) for row in before]
    assert {row["payload"]["title"] for row in after if "title" in row["payload"]} != set(), other
    head = ""
    for row in after[:2]:
        head = event_digest(head, row)
        assert head == row["digest"]
        assert words_digest(row) != row["words_digest"]


async def test_an_event_from_before_words_had_a_digest_keeps_them(house: House, database_url: str) -> None:
    number = (await house.file())["number"]
    with connect(database_url) as connection:
        connection.execute("ALTER TABLE event DISABLE TRIGGER USER")
        connection.execute("UPDATE event SET words_digest = NULL")
    before = await house.rows("SELECT * FROM event")
    assert await erase(house, number) == 0
    assert await house.rows("SELECT * FROM event") == before


@pytest.mark.parametrize(
    "change",
    [
        "action = 'assign'",
        "digest = 'x'",
        "at = at + interval '1 second'",
        "payload = '{}'",
        "payload = '{\"erased\": true}', reason = 'x'",
        "payload = '{\"erased\": true}', reason = '', sequence = 7",
    ],
)
async def test_even_whoever_takes_that_way_changes_nothing_but_words(
    house: House, database_url: str, change: str
) -> None:
    await house.file()
    with connect(database_url) as connection:
        connection.execute(OWN_WAY)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"UPDATE event SET {change}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM event")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("TRUNCATE event")
    (row,) = await house.rows("SELECT * FROM event")
    assert event_digest("", row) == row["digest"]


async def test_the_way_leads_to_appeals_that_are_marked_as_erased_only(house: House, database_url: str) -> None:
    await house.file()
    before = await house.rows("SELECT * FROM event")
    with connect(database_url) as connection:
        connection.execute("SET ROLE bihuan_app")
        connection.execute("SET bihuan.everything = 'on'")
        assert connection.execute("SELECT erase_words_of_events(id) FROM appeal").fetchall() == [(0,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE event SET reason = ''")
    assert await house.rows("SELECT * FROM event") == before


@pytest.mark.parametrize("table", ["anchor", "act", "access"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET {} = {} WHERE false"])
def test_the_other_records_are_append_only_as_well(database_url: str, table: str, statement: str) -> None:
    column = "recorded_at" if table == "anchor" else "at"
    with connect(database_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.format(table, column, column))
