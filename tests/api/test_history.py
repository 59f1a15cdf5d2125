"""The history is appended to and never changed, and whoever holds it can check that."""

from typing import Any

import psycopg
import pytest

from app.domain.timeline import CHAINED, WORDS, event_digest, words_digest
from tests.database import connect
from tests.house import House, clock_of

CONTENT = ", ".join((*CHAINED, *WORDS))


async def full_life(house: House) -> str:
    """Lead an appeal through a supplement, a return, a sweep, an answer, a rating and a rework; return its number."""
    number = (await house.file(petition=True))["number"]
    gaps = {"gaps": ["缺少公示截图 \u2028 🏭 \"'\\"]}
    await house.do("dispatcher", f"/appeals/{number}/supplement-request", gaps)
    await house.do("enterprise", f"/appeals/{number}/supplement", {"text": "已补。"})
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": "economy"})
    assignment = case["assignments"][0]["id"]
    await house.do("officer", f"/assignments/{assignment}/replies", {"kind": "procedural", "text": "已登记。"})
    house.go_to("2026-03-11")
    await house.sweep()
    await house.resolve(assignment)
    await house.do("reviewer", f"/appeals/{number}/review", {"verdict": "pass"})
    token = (await house.do("enterprise", f"/appeals/{number}/rating-link"))["token"]
    await house.do(None, f"/ratings/{token}", {"solved": False, "satisfied": False, "comment": "未到账"})
    return str(number)


async def stored(house: House, number: str) -> list[dict[str, Any]]:
    """Return the history of an appeal as the database holds it, with the digests."""
    query = (
        f"SELECT {CONTENT}, digest FROM event WHERE appeal_id = (SELECT id FROM appeal WHERE number = :number) "
        "ORDER BY sequence"
    )
    return await house.rows(query, number=number)


def broken_at(rows: list[dict[str, Any]]) -> list[int]:
    """Return the sequence numbers whose digest is not that of their content and the digest before."""
    previous, broken = "", []
    for row in rows:
        if (event_digest(previous, row), words_digest(row)) != (row["digest"], row["words_digest"]):
            broken.append(row["sequence"])
        previous = row["digest"]
    return broken


async def test_every_digest_is_that_of_its_content_and_the_digest_before(house: House) -> None:
    number = await full_life(house)
    rows = await stored(house, number)
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= 18
    assert broken_at(rows) == []


async def test_the_appeal_names_the_head_and_the_length_of_its_chain(house: House) -> None:
    number = await full_life(house)
    rows = await stored(house, number)
    (appeal,) = await house.rows("SELECT chain_head, event_count, version FROM appeal")
    assert (appeal["chain_head"], appeal["event_count"]) == (rows[-1]["digest"], len(rows))
    assert [one["digest"] for one in await house.items(f"/appeals/{number}/timeline")] == [
        row["digest"] for row in rows
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [("reason", "另一个理由"), ("actor_name", "别人"), ("to_status", "closed"), ("payload", {}), ("sequence", 99)],
)
async def test_a_changed_line_is_found(house: House, field: str, value: object) -> None:
    rows = await stored(house, await full_life(house))
    rows[4] = {**rows[4], field: value}
    assert broken_at(rows) == [rows[4]["sequence"]]


async def test_a_line_that_is_taken_out_is_found(house: House) -> None:
    rows = await stored(house, await full_life(house))
    assert broken_at(rows[:4] + rows[5:]) == [6]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET reason = 'x'",
        "UPDATE event SET reason = 'x' WHERE false",
        "DELETE FROM event",
        "TRUNCATE event",
        "TRUNCATE appeal CASCADE",
        "INSERT INTO event SELECT * FROM event",
    ],
)
async def test_the_database_refuses_to_change_what_was_written(house: House, database_url: str, statement: str) -> None:
    number = (await house.file())["number"]
    with connect(database_url) as connection, pytest.raises(psycopg.Error):
        connection.execute(statement)
    assert broken_at(await stored(house, number)) == []
    assert len(await stored(house, number)) == 1


async def test_an_event_is_written_once_for_each_place_in_the_chain(house: House, database_url: str) -> None:
    await house.file()
    doubled = "INSERT INTO event ({columns}) SELECT {columns} FROM event"
    columns = f"{CONTENT}, digest"
    with connect(database_url) as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(doubled.format(columns=columns))


async def test_a_refused_move_leaves_no_line(house: House) -> None:
    number = (await house.file())["number"]
    before = await stored(house, number)
    await house.refuse("dispatcher", f"/appeals/{number}/closure", {"note": ""}, status=409, code="action-not-possible")
    assert await stored(house, number) == before


async def test_every_announcement_of_an_appeal_has_its_event(house: House) -> None:
    await full_life(house)
    events = await house.rows("SELECT sequence, announces AS type FROM event ORDER BY sequence")
    assert await house.rows("SELECT sequence, type FROM outbox ORDER BY sequence") == events


async def test_the_due_date_of_every_clock_follows_from_what_is_kept_with_it(house: House) -> None:
    number = await full_life(house)
    for clock in (await house.read(number))["clocks"]:
        answer = await house.ask("leader", "GET", f"/clocks/{clock['id']}/explanation")
        explained = answer.json()
        assert answer.status_code == 200, answer.text
        assert (explained["due_day"], explained["due_at"]) == (clock["due_day"], clock["due_at"]), clock["kind"]


async def test_the_enterprise_reads_the_history_without_internal_notes(house: House) -> None:
    number, assignment = await house.assigned(opinion="内部意见：注意舆情。")
    note = {"way": "电话", "note": "内部记录：对方情绪激动。"}
    case = await house.do("officer", f"/assignments/{assignment}/contact", note)
    assert clock_of(case, "contact")["state"] == "stopped"
    seen = str(await house.items(f"/appeals/{number}/timeline", "enterprise"))
    inside = str(await house.items(f"/appeals/{number}/timeline", "leader"))
    for secret in ("注意舆情", "情绪激动"):
        assert secret not in seen
        assert secret in inside
