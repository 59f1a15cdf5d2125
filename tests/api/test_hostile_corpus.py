"""Every hostile value in every place of every operation: refused or taken in order, never repeated or in the way."""

import re
from collections.abc import Callable, Iterator

import pytest

from app.api import hardening
from app.domain.readable import is_readable
from app.domain.roles import DEPARTMENT_ROLES, OFFICE_ROLES
from app.services.accounts import NewAccount
from tests.api import hostile_places
from tests.api.edges import NoGate, entrance
from tests.api.promises import Operation, one_of_everything, operations
from tests.hostile_values import ESCAPES, MARK, RAW, TEXTS
from tests.house import LEAD, OFFICE, PROBLEM, House, lead_of
from tests.mailbox import posted

ALL = "everybody"
"""Somebody with every role that looks at appeals, so that values get beyond the door."""
FILER = {"file_appeal": "enterprise"}
STRIDES = {"bodies": 31, "queries": 11, "paths": 11, "headers": 61}
"""In the usual run each place is tried with every so manieth value; neighbours share them out."""
KINDS: dict[str, Callable[[Operation], Iterator[tuple[str, list[hostile_places.Sent]]]]] = {
    "bodies": hostile_places.bodies,
    "queries": hostile_places.queries,
    "paths": hostile_places.paths,
    "headers": hostile_places.headers,
}
PARTS = 3
ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\u00")
"""A control character in JSON; behind one more backslash it is only the spelling of one, which people may write."""
NOT_FOR_ALL = {
    "list_audit_events", "list_audit_acts", "list_accounts", "read_account", "list_identities", "read_enterprise",
    "read_copy", "read_subscription", "list_deliveries", "list_attempts",
}  # fmt: skip
"""For auditors and administrators, or about something that nobody has made here."""


def test_there_are_many_and_no_two_are_the_same() -> None:
    assert len(RAW) + len(ESCAPES) >= 250
    assert len(set(RAW)) == len(RAW)
    assert len(set(TEXTS)) == len(TEXTS) >= 150


async def prepared(house: House) -> dict[str, str]:
    """Admit somebody who may do all, and bring an appeal so far that every operation has something to be about."""
    roles = frozenset(OFFICE_ROLES | DEPARTMENT_ROLES)
    await house.admit(ALL, NewAccount(ALL, roles, department=LEAD, **OFFICE))
    ids = await one_of_everything(house)
    posted(house)
    return ids | {"token": "t" * 43, "jurisdiction": "gedian"}


def chosen(values: list[hostile_places.Sent], turn: int, stride: int) -> list[hostile_places.Sent]:
    return values[turn % stride :: stride]


async def faults_of(
    house: House, operation: Operation, ids: dict[str, str], tried: list[hostile_places.Sent]
) -> list[str]:
    """Send values and return what was wrong with the answers."""
    faults = []
    for name, what in tried:
        answer = await hostile_places.send(house, FILER.get(operation.name, ALL), operation, ids, what)
        told = answer.text + str([one for one in answer.headers.multi_items() if one[0] != "x-request-id"])
        if answer.status_code >= 500:
            faults.append(f"{answer.status_code} {name}")
        if answer.status_code >= 400 and answer.headers["content-type"] != PROBLEM:
            faults.append(f"no problem: {name}")
        if answer.status_code >= 400 and MARK in told:
            faults.append(f"repeated: {name}")
    return faults


async def unreadable(house: House) -> list[str]:
    """Return every row of every table that holds text which nobody can read."""
    tables = await house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    found = []
    for table in (one["tablename"] for one in tables):
        rows = await house.rows(f'SELECT t::text AS whole, to_jsonb(t)::text AS parts FROM "{table}" t')
        found += [f"{table}: {row['whole'][:200]!r}" for row in rows if not is_readable(row["whole"])]
        found += [f"{table}: {row['parts'][:200]!r}" for row in rows if ESCAPED.search(row["parts"])]
    return found


async def everything_is_read(house: House, ids: dict[str, str]) -> None:
    """Assert that every list and every reading still answers."""
    for one in await operations(house):
        if one.method == "GET" and "publication_id" not in one.path:
            query = "?received=2026-03-02T09:00%2B08:00&limit=5%20WD" if one.name == "calculate_due" else ""
            answer = await house.ask(ALL, "GET", one.at(ids) + query)
            answered = {403, 404, 409} if one.name in NOT_FOR_ALL else {200}
            assert answer.status_code in answered, (one.name, answer.text)
    for path in ("/appeals?limit=200", "/appeals?order=due_at&limit=200", "/feed?limit=500", "/assignments?limit=200"):
        answer = await house.ask(ALL, "GET", path)
        assert answer.status_code == 200, (path, answer.text)
    assert (await house.file())["status"] == "received"


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", KINDS)
async def test_no_value_in_any_place_breaks_anything(
    house: House, kind: str, part: int, request: pytest.FixtureRequest
) -> None:
    stride = 1 if request.config.getoption("--full") else STRIDES[kind]
    ids = await prepared(house)
    faults: list[str] = []
    turn = sent = 0
    for one in (await operations(house))[part::PARTS]:
        # What an earlier value has moved on is replaced, so that the next operation finds its appeal as it was.
        number, assignment = await house.assigned()
        fresh = ids | {"number": number, "assignment_id": assignment}
        for _, values in KINDS[kind](one):
            turn += 7
            tried = chosen(values, turn, stride)
            faults += await faults_of(house, one, fresh, tried)
            sent += len(tried)
    assert faults == []
    assert sent > 100, sent
    assert await unreadable(house) == []
    await everything_is_read(house, ids)


async def test_with_the_gates_for_text_taken_away_it_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (filing,) = [one for one in await operations(house) if one.name == "file_appeal"]
    ids = await prepared(house)
    monkeypatch.setattr(hardening, "BodyGate", NoGate)
    monkeypatch.setattr("app.api.schemas.base.is_readable", lambda _text: True)
    async with entrance(house) as ungated:
        faults = []
        for name, values in hostile_places.bodies(filing):
            if name.endswith(("title", "text")):
                faults += await faults_of(ungated, filing, ids, values)
    assert faults + await unreadable(house) != []


async def test_an_answer_that_repeats_a_value_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (listing,) = [one for one in await operations(house) if one.name == "list_appeals"]
    ids = await prepared(house)
    monkeypatch.setattr("app.api.faults.UNNAMED", MARK)
    tried = [("an unknown name", {"query": f"%20{MARK}=1"})]
    assert await faults_of(house, listing, ids, tried) == ["repeated: an unknown name"]


async def test_what_reaches_the_database_from_a_filing_is_readable(house: House) -> None:
    await prepared(house)
    number = (await house.file(title=f"{MARK}\U0001f3ed", text=f"{MARK}\t\n\u202e"))["number"]
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD, "opinion": MARK})
    await house.do("officer", f"/assignments/{lead_of(case)}/contact", {"way": MARK, "note": f"{MARK}\ufeff"})
    assert await unreadable(house) == []
