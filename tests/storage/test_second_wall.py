"""The second wall: what PostgreSQL lets through when a question has lost its filter."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.domain.roles import Actor
from app.services.accounts import Doorkeeper
from app.storage import unit_of_work
from app.storage.reach import NOBODY, REACH, Standing, reach_of, standing_of
from tests.database import connect
from tests.house import FILING, OTHER, House

PUBLIC = {
    "account", "alembic_version", "anchor", "api_key", "calendar", "calendar_publication", "credential", "identity",
    "policy", "session", "sign_in_failure",
}  # fmt: skip
"""Tables without a wall: what everybody may know, and what signing in needs before anybody is known."""
PARTS = ("assignment", "clock", "event", "reply", "visit", "rating", "supervision", "citation")
OWNER = "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {}"


async def lives(house: House) -> list[str]:
    """File appeals of two enterprises, in two jurisdictions, with departments, replies, visits and links."""
    first, assignment = await house.assigned(supports=[OTHER])
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    second, _ = await house.reviewed()
    await house.do("callback", f"/appeals/{second}/visits", {"way": "电话", "contacted": False, "note": "无人接听"})
    third = (await house.file("rival"))["number"]
    await house.admit_everywhere("everywhere")
    elsewhere = {
        **FILING,
        "jurisdiction": "jingzhou",
        "enterprise_name": "荆州某公司",
        "category": "02",
    }
    fourth = (await house.do("everywhere", "/appeals", elsewhere))["number"]
    return [first, second, third, fourth]


async def actors(house: House) -> dict[str, Actor]:
    """Return everybody with an account, as the doorkeeper admits them."""
    async with house.office.look() as work:
        keeper = Doorkeeper()
        return {who: await keeper.admit(work.connection, key, now=house.now) for who, key in house.keys.items()}


async def seen(house: House, standing: Standing, query: str, **parameters: object) -> set[str]:
    """Return the one column that a question finds for somebody who stands there."""
    async with unit_of_work(house.office.engine, standing) as unit:
        return {str(value) for value in (await unit.connection.execute(text(query), parameters)).scalars()}


async def test_every_table_has_a_wall_or_a_reason(house: House) -> None:
    walled = await house.rows(OWNER.format("nspname = 'public' AND relkind = 'r' AND relrowsecurity"))
    open_ = await house.rows(OWNER.format("nspname = 'public' AND relkind = 'r' AND NOT relrowsecurity"))
    assert {row["relname"] for row in open_} == PUBLIC
    assert {row["relname"] for row in walled} >= {"appeal", *PARTS, "enterprise", "idempotency", "outbox"}


async def test_the_application_owns_nothing_and_may_grant_nothing(house: House) -> None:
    assert await house.rows(OWNER.format("c.relowner = 'bihuan_app'::regrole")) == []
    (role,) = await house.rows(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolcanlogin FROM pg_roles "
        "WHERE rolname = 'bihuan_app'"
    )
    assert set(role.values()) == {False}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET reason = ''",
        "DELETE FROM event",
        "TRUNCATE event",
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "DELETE FROM appeal",
        "DELETE FROM clock",
        "DELETE FROM account",
        "ALTER TABLE appeal DISABLE ROW LEVEL SECURITY",
        "DROP POLICY seen ON appeal",
        "CREATE TABLE public.loot AS SELECT 1",
    ],
)
async def test_the_application_may_not(house: House, statement: str) -> None:
    async with house.office.work() as work:
        with pytest.raises(ProgrammingError) as refused:
            await work.connection.execute(text(statement))
        assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege), refused.value


async def test_a_question_without_its_filter_finds_what_the_filter_would_have_let_through(house: House) -> None:
    await lives(house)
    sizes = {}
    for who, actor in (await actors(house)).items():
        filtered = await seen(house, standing_of(actor), f"SELECT a.id FROM appeal a WHERE {REACH}", **reach_of(actor))
        assert await seen(house, standing_of(actor), "SELECT id FROM appeal") == filtered, who
        for table in PARTS:
            hanging = await seen(house, standing_of(actor), f"SELECT appeal_id FROM {table}")
            assert hanging <= filtered, (who, table)
        sizes[who] = len(filtered)
    assert sizes["leader"] == 3
    assert sizes["enterprise"] == sizes["officer"] == 2
    assert sizes["rival"] == sizes["officer_other"] == sizes["foreign_dispatcher"] == 1
    assert {sizes[who] for who in ("administrator", "auditor", "observer", "officer_third")} == {0}


async def test_without_the_wall_such_a_question_finds_everything(house: House, database_url: str) -> None:
    await lives(house)
    with connect(database_url) as owner:
        owner.execute("ALTER TABLE appeal DISABLE ROW LEVEL SECURITY")
    assert len(await seen(house, NOBODY, "SELECT id FROM appeal")) == 4


async def test_who_has_not_signed_in_finds_nothing(house: House) -> None:
    await lives(house)
    for table in ("appeal", *PARTS, "enterprise", "outbox"):
        assert await seen(house, NOBODY, f"SELECT 1 FROM {table}") == set(), table


async def test_what_a_connection_was_told_before_is_not_left_over(house: House) -> None:
    await lives(house)
    leader = standing_of((await actors(house))["leader"])
    for _ in range(8):
        assert len(await seen(house, leader, "SELECT id FROM appeal")) == 3
        assert await seen(house, NOBODY, "SELECT id FROM appeal") == set()


async def test_a_foreign_row_cannot_be_changed_or_added(house: House) -> None:
    await lives(house)
    rival = standing_of((await actors(house))["rival"])
    async with unit_of_work(house.office.engine, rival) as unit:
        changed = await unit.connection.execute(text("UPDATE appeal SET title = '改'"))
        assert changed.rowcount == 1
        stopped = await unit.connection.execute(
            text("UPDATE clock SET state = 'stopped' WHERE appeal_id NOT IN (SELECT id FROM appeal)")
        )
        assert stopped.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            await unit.connection.execute(
                text(
                    "INSERT INTO appeal SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), "
                    "'number', 'X-1', 'enterprise_id', CAST(:other AS uuid)))).* FROM appeal a"
                ),
                {"other": house.enterprises["enterprise"]},
            )


async def test_a_department_that_handed_its_charge_back_is_let_in_no_more(house: House) -> None:
    number, assignment = await house.assigned()
    officer = standing_of((await actors(house))["officer"])
    assert len(await seen(house, officer, "SELECT id FROM appeal")) == 1
    reasons = {"reason": "本单位无此项职责。", "basis": "三定规定第三条", "department": OTHER}
    await house.do("officer", f"/assignments/{assignment}/return", reasons)
    ruling = {"uphold": True, "department": OTHER, "reason": "同意改派。"}
    await house.do("dispatcher", f"/assignments/{assignment}/return-ruling", ruling)
    assert await seen(house, officer, "SELECT id FROM appeal") == set()
    other = standing_of((await actors(house))["officer_other"])
    assert await seen(house, other, "SELECT number FROM appeal") == {number}
