"""What a unit of work notes goes to the database in one statement, whole and in an order that keys allow."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.domain.clock_kind import ClockKind
from app.storage import make_engine
from app.storage.changes import Changes
from app.storage.reach import THE_OFFICE, stand
from app.storage.records import appeal_values, clock_of, clock_values
from tests.domain.cases import APPEAL, ENTERPRISE, a_clock, an_appeal, at

NOW = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)
POLICY = UUID(int=5)
FIRM = {"name": "葛店“一”公司", "uscc": None, "uscc_checked": False, "created_at": NOW}
RULES = {
    "id": POLICY, "jurisdiction": "gedian", "version": "1", "effective_on": date(2026, 1, 1), "digest": "0" * 64,
    "content": {"limit": {"handling": "5 WD"}}, "published_at": NOW,
}  # fmt: skip


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(database_url, pool_size=1)
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.connect() as connection:
        await stand(connection, THE_OFFICE)
        yield connection


@pytest.fixture
def statements(engine: AsyncEngine) -> list[str]:
    """Every statement that reaches the database, as it is sent."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    return sent


async def rows(connection: AsyncConnection, query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in (await connection.execute(text(query))).mappings()]


def filing() -> Changes:
    """Note an appeal with one clock and one event, children first."""
    changes = Changes()
    content = {"appeal_id": APPEAL, "sequence": 1, "action": "file", "announces": "appeal.received",
               "actor_id": uuid4(), "actor_name": "某人", "actor_roles": "clerk", "from_status": None,
               "to_status": "received", "at": NOW, "recorded_at": NOW, "reason": "", "digest": "0" * 64}  # fmt: skip
    changes.insert("event", {**content, "payload": {"文": ["一", None, 1.5], "q": 'it\'s "quoted" \\ :p0'}})
    changes.insert("clock", clock_values(a_clock(ClockKind.HANDLING)))
    changes.insert(
        "appeal", {**appeal_values(an_appeal()), "text": "全文", "contact_name": None, "contact_phone": None}
    )
    changes.insert("policy", RULES)
    changes.insert("enterprise", {"id": ENTERPRISE, **FIRM})
    return changes


async def test_rows_of_many_tables_go_in_one_statement_whatever_order_they_were_noted_in(
    connection: AsyncConnection, statements: list[str]
) -> None:
    await filing().flush(connection)
    assert len(statements) == 1
    found = await rows(connection, "SELECT a.number, e.name, c.kind, v.payload FROM appeal a JOIN event v "
                       "ON v.appeal_id = a.id JOIN clock c ON c.appeal_id = a.id "
                       "JOIN enterprise e ON e.id = a.enterprise_id")  # fmt: skip
    assert found == [{
        "number": "GD-20260302-000001", "name": "葛店“一”公司", "kind": "handling",
        "payload": {"文": ["一", None, 1.5], "q": "it's \"quoted\" \\ :p0"},
    }]  # fmt: skip


async def test_what_is_written_is_read_back_the_same(connection: AsyncConnection) -> None:
    await filing().flush(connection)
    ((found,),) = (await connection.execute(text("SELECT to_jsonb(c) FROM clock c"))).all()
    assert clock_of(found) == a_clock(ClockKind.HANDLING)
    (appeal,) = await rows(connection, "SELECT received_at, due_at, text, overdue FROM appeal")
    assert appeal == {"received_at": at("2026-03-02 09:30"), "due_at": None, "text": "全文", "overdue": False}
    (firm,) = await rows(connection, "SELECT created_at FROM enterprise")
    assert firm == {"created_at": NOW}


async def test_columns_that_are_left_out_take_their_default(connection: AsyncConnection) -> None:
    await filing().flush(connection)
    (found,) = await rows(connection, 'SELECT id, "transaction" = pg_current_xact_id() AS own FROM event')
    assert found["id"] > 0
    assert found["own"]


async def test_a_new_row_that_is_changed_before_the_flush_is_inserted_as_changed(
    connection: AsyncConnection, statements: list[str]
) -> None:
    changes, firm = Changes(), uuid4()
    changes.insert("enterprise", {"id": firm, **FIRM})
    changes.update("enterprise", firm, {"name": "新名"})
    await changes.flush(connection)
    assert "UPDATE" not in statements[0]
    assert await rows(connection, "SELECT id, name FROM enterprise") == [{"id": firm, "name": "新名"}]


async def test_the_caller_may_go_on_using_its_own_values(connection: AsyncConnection) -> None:
    changes, firm, values = Changes(), uuid4(), dict(FIRM)
    row = {"id": firm, **values}
    changes.insert("enterprise", row)
    changes.update("enterprise", firm, {"name": "新名"})
    assert row == {"id": firm, **FIRM}


async def test_changes_of_one_row_add_up_and_the_last_value_counts(
    connection: AsyncConnection, statements: list[str]
) -> None:
    changes = filing()
    await changes.flush(connection)
    statements.clear()
    changes.update("appeal", APPEAL, {"status": "assigned", "overdue": True})
    changes.update("appeal", APPEAL, {"status": "resolved", "due_at": NOW})
    await changes.flush(connection)
    assert len(statements) == 1
    (found,) = await rows(connection, "SELECT status, overdue, due_at, title FROM appeal")
    assert found == {"status": "resolved", "overdue": True, "due_at": NOW, "title": "补贴未到账"}


async def test_a_column_can_be_emptied(connection: AsyncConnection) -> None:
    changes = filing()
    changes.update("appeal", APPEAL, {"due_at": NOW, "lead_department": "economy"})
    await changes.flush(connection)
    changes.update("appeal", APPEAL, {"due_at": None, "lead_department": None})
    await changes.flush(connection)
    assert await rows(connection, "SELECT due_at, lead_department FROM appeal") == [
        {"due_at": None, "lead_department": None}
    ]


async def test_updates_touch_no_row_but_their_own(connection: AsyncConnection) -> None:
    changes, (one, two, three) = Changes(), (uuid4(), uuid4(), uuid4())
    for firm in (one, two, three):
        changes.insert("enterprise", {"id": firm, **FIRM})
    await changes.flush(connection)
    changes.update("enterprise", one, {"name": "甲"})
    changes.update("enterprise", two, {"name": "乙"})
    changes.update("enterprise", uuid4(), {"name": "没有这一家"})
    await changes.flush(connection)
    found = {row["id"]: row["name"] for row in await rows(connection, "SELECT id, name FROM enterprise")}
    assert found == {one: "甲", two: "乙", three: FIRM["name"]}


async def test_exact_numbers_arrays_and_pauses_survive(connection: AsyncConnection) -> None:
    changes = filing()
    clock = a_clock(ClockKind.SIGN, "0.5 WD")
    changes.insert("clock", {**clock_values(clock), "id": uuid4()})
    await changes.flush(connection)
    changes.update("clock", a_clock().id, {"pauses": [[NOW, None]], "extensions": ["5 WD", "1 WD"]})
    await changes.flush(connection)
    found = await rows(connection, "SELECT limit_amount, pauses, extensions, switches FROM clock ORDER BY kind")
    assert [row["limit_amount"] for row in found] == [Decimal(5), Decimal("0.5")]
    assert found[0]["extensions"] == ["5 WD", "1 WD"]
    assert found[0]["switches"] == []
    assert [[datetime.fromisoformat(start), end] for start, end in found[0]["pauses"]] == [[NOW, None]]


async def test_nothing_noted_sends_nothing(connection: AsyncConnection, statements: list[str]) -> None:
    await Changes().flush(connection)
    assert statements == []


async def test_what_was_written_is_forgotten(connection: AsyncConnection, statements: list[str]) -> None:
    changes = filing()
    await changes.flush(connection)
    await changes.flush(connection)
    assert len(statements) == 1
    changes.update("enterprise", ENTERPRISE, {"name": "改了"})
    await changes.flush(connection)
    assert "INSERT" not in statements[1]


async def test_the_statement_depends_on_tables_and_columns_alone(
    connection: AsyncConnection, statements: list[str]
) -> None:
    changes = Changes()
    for name in ("甲", "乙"):
        changes.insert("enterprise", {"id": uuid4(), **FIRM, "name": name})
        await changes.flush(connection)
    changes.insert("enterprise", {"id": uuid4(), **FIRM})
    changes.insert("enterprise", {"id": uuid4(), **FIRM})
    await changes.flush(connection)
    assert len(statements) == 3
    assert len(set(statements)) == 1


async def test_one_bad_row_leaves_nothing_of_the_rest(connection: AsyncConnection) -> None:
    changes = filing()
    changes.insert("clock", {**clock_values(a_clock()), "id": uuid4(), "appeal_id": uuid4()})
    with pytest.raises(IntegrityError):
        await changes.flush(connection)
    await connection.rollback()
    assert await rows(connection, "SELECT id FROM appeal") == []
