"""How many statements an operation sends: a promise that no change breaks unseen.

Beside these, every opening of a connection sends one that tells PostgreSQL who asks; it is counted on its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import event

from app.storage import AsyncConnection
from app.storage.reach import Standing, stand
from tests.house import FILING, LEAD, SUBSTANTIVE, House, lead_of


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """Collect the statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    engine = house.office.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def known(house: House) -> None:
    """Let the process meet everybody once, and learn the policy."""
    await house.file()
    for who in house.keys:
        await house.ask(who, "GET", "/appeals")


async def test_filing_sends_at_most_three(house: House) -> None:
    await known(house)
    for key in (None, "a-key"):
        headers = {} if key is None else {"Idempotency-Key": key}
        with statements(house) as sent:
            assert (await house.ask("enterprise", "POST", "/appeals", FILING, headers=headers)).status_code == 201
        assert 1 <= len(sent) <= 3, sent


async def test_a_filing_for_another_enterprise_sends_at_most_three(house: House) -> None:
    await known(house)
    with statements(house) as sent:
        await house.file("clerk", enterprise_name="葛店某光电有限公司", uscc="91421003MA1234569F")
    assert 1 <= len(sent) <= 3, sent


async def test_no_move_of_the_loop_sends_more_than_four(house: House) -> None:
    await known(house)
    number = (await house.file())["number"]
    counts: dict[str, int] = {}

    async def move(who: str | None, path: str, body: Any = None) -> dict[str, Any]:
        with statements(house) as sent:
            answer = await house.do(who, path, body)
        counts[path.rsplit("/", 1)[-1] if who else "rating"] = len(sent)
        return answer

    case = await move("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD, "supports": ["finance"]})
    assignment = lead_of(case)
    (support,) = [one["id"] for one in case["assignments"] if one["part"] == "support"]
    await move("officer", f"/assignments/{assignment}/signature")
    await move("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    await move("officer_other", f"/assignments/{support}/completion", {"note": "已办"})
    reply = (await move("officer", f"/assignments/{assignment}/replies", SUBSTANTIVE))["reply_id"]
    await move("head", f"/replies/{reply}/approval")
    await move("reviewer", f"/appeals/{number}/review", {"verdict": "pass"})
    token = (await move("enterprise", f"/appeals/{number}/rating-link"))["token"]
    await move(None, f"/ratings/{token}", {"solved": False, "satisfied": False})
    assert len(counts) == 9
    assert {name: count for name, count in counts.items() if not 1 <= count <= 4} == {}


async def test_a_closure_and_a_reopening_send_at_most_five(house: House) -> None:
    number, token = await house.reviewed()
    await house.do(None, f"/ratings/{token}", {"solved": True, "satisfied": True})
    for who, tail, body in (
        ("dispatcher", "closure", {"note": ""}),
        ("enterprise", "reopening", {"reason": "退回", "text": "又被退回。"}),
    ):
        with statements(house) as sent:
            await house.do(who, f"/appeals/{number}/{tail}", body)
        assert 1 <= len(sent) <= 5, sent


LISTS = ("/appeals", "/appeals?order=due_at", "/appeals?late=true&category=02", "/appeals?limit=200", "/feed")


async def test_a_list_sends_one_however_long_it_is(house: House) -> None:
    await known(house)
    for more in (1, 12):
        for _ in range(more):
            await house.assigned()
        for path in LISTS:
            with statements(house) as sent:
                assert (await house.ask("leader", "GET", path)).status_code == 200
            assert len(sent) == 1, (path, sent)


@pytest.mark.parametrize(("method", "path", "body"), [("GET", "/appeals", None), ("POST", "/appeals", FILING)])
async def test_a_request_tells_the_database_once_who_asks(
    house: House, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: Any
) -> None:
    await known(house)
    told = []

    async def noted(connection: AsyncConnection, standing: Standing) -> None:
        told.append(standing)
        await stand(connection, standing)

    # The package exports a function by the name of the module.
    monkeypatch.setattr(import_module("app.storage.unit_of_work"), "stand", noted)
    assert (await house.ask("enterprise", method, path, body)).is_success
    assert [bool(standing.enterprise) for standing in told] == [True]


async def test_a_queue_sends_one(house: House) -> None:
    await known(house)
    for _ in range(3):
        await house.assigned()
    with statements(house) as sent:
        assert len(await house.items("/assignments", "officer")) == 3
    assert len(sent) == 1, sent


async def test_a_reading_sends_at_most_two(house: House) -> None:
    await known(house)
    number, _ = await house.assigned()
    for tail in ("", "/clocks", "/timeline", "/replies", "/supervisions", "/attachments"):
        with statements(house) as sent:
            assert (await house.ask("leader", "GET", f"/appeals/{number}{tail}")).status_code == 200
        assert 1 <= len(sent) <= 2, (tail, sent)


async def test_a_lists_statements_name_no_long_text(house: House) -> None:
    await known(house)
    with statements(house) as sent:
        await house.items("/appeals")
    assert "a.text" not in sent[0]


@pytest.mark.parametrize("appeals", [1, 15])
async def test_a_batch_of_the_sweep_sends_at_most_four_however_many_clocks_come_due(house: House, appeals: int) -> None:
    for _ in range(appeals):
        await house.assigned()
    house.go_to("2026-03-11")
    with statements(house) as sent:
        count = await house.sweep()
    assert count.total >= 4 * appeals
    assert 1 <= len(sent) <= 4 + 1, sent  # one batch, and the look that finds nothing more


async def test_a_first_meeting_costs_one_more(house: House) -> None:
    number = (await house.file())["number"]
    with statements(house) as first:
        await house.read(number, "supervisor")
    with statements(house) as again:
        await house.read(number, "supervisor")
    assert len(first) == len(again) + 1
