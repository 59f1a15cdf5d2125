"""Every operation, tried by everybody, on what is theirs, on what is not, and on what does not exist or is gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.api.authorisation_table import FILE, LETTER, TABLE
from tests.api.principals import ANONYMOUS, ELSEWHERE, EVERYBODY, NOBODIES, Ids, Neighbourhood, fall_overdue, settle
from tests.api.promises import PREFIX, UNKNOWN, Operation, operations
from tests.files import PDF
from tests.house import LEAD, OTHER, House
from tests.journeys.test_calendars import NOTICE
from tests.mailbox import posted, subscribed

REFUSED = {401, 403, 404}
TABLES = ("appeal", "assignment", "clock", "event", "outbox", "reply", "visit", "rating", "supervision", "idempotency",
          "citation", "enterprise", "account", "api_key", "calendar", "calendar_publication", "attachment", "act",
          "credential", "identity", "session", "enterprise_verification", "supplement_link")  # fmt: skip


async def tried(around: Neighbourhood, who: str, one: Operation, ids: Ids) -> httpx.Response:
    """Try an operation as the table says."""
    line = TABLE[one.name]
    body = NOTICE if line.body == "NOTICE" else line.body
    if isinstance(body, dict) and body.get("into") == "{received}":
        body = {**body, "into": around.own["received"]["number"]}
    path = one.at({"jurisdiction": "gedian", **ids}) + line.query
    if body == FILE:
        return await uploaded(around.house, who, path)
    version = None if one.method == "GET" else "*"
    return await around.house.ask(None if who == ANONYMOUS else who, one.method, path, body, version=version)


async def uploaded(house: House, who: str, path: str) -> httpx.Response:
    """Send a form with a file."""
    headers = {} if who == ANONYMOUS else {"Authorization": f"Bearer {house.keys[who]}"}
    files = {"file": ("凭证017.pdf", PDF, "application/pdf")}
    return await house.client.post(PREFIX + path, files=files, data={"purpose": "evidence"}, headers=headers)


@contextmanager
def nothing_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Roll back what requests write meanwhile, right where they would commit it."""

    async def roll_back(connection: AsyncConnection) -> None:
        await connection.rollback()

    with monkeypatch.context() as patch:
        patch.setattr(AsyncConnection, "commit", roll_back)
        yield


async def neighbourhood(house: House) -> Neighbourhood:
    around = await settle(house)
    notice = await house.do("administrator", "/calendars/publications", NOTICE)
    around.own["notice"] = {"publication_id": notice["id"]}
    await add_files(around)
    await add_people(around)
    return around


async def add_files(around: Neighbourhood) -> None:
    """Attach a file of the enterprise to some appeals, one of them filed in confidence."""
    house = around.house
    number = (await house.file(confidential=True, accused_department=OTHER))["number"]
    await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD, "reason": "由其承办。"})
    around.own["confidential"] = {"number": number}
    for stage in ("received", "assigned", "confidential"):
        answer = await uploaded(house, "enterprise", f"/appeals/{around.own[stage]['number']}/attachments")
        around.own[stage]["attachment_id"] = answer.json()["id"]
    answer = await uploaded(house, "foreign_officer", f"/appeals/{around.foreign['number']}/attachments")
    around.foreign["attachment_id"] = answer.json()["id"]
    link = await house.do("dispatcher", f"/appeals/{around.own['supplement']['number']}/supplement-link")
    around.own["supplement"]["token"] = link["token"]


async def add_people(around: Neighbourhood) -> None:
    """Name an enterprise with a letter, an account with an identity, and a key of the enterprise."""
    house = around.house
    posted(house)
    enterprise, account = str(house.enterprises["enterprise"]), (await house.rows(ACCOUNT))[0]["id"]
    await house.do("clerk", f"/enterprises/{enterprise}/verification", LETTER)
    identity = {"issuer": "https://sso.example.gov.cn/realms/gedian", "subject": "f:0"}
    linked = await house.do("administrator", f"/accounts/{account}/identities", identity)
    (key,) = await house.rows(
        "SELECT k.id FROM api_key k JOIN account a ON a.id = account_id WHERE a.name = 'enterprise'"
    )
    around.own["people"] = around.own["verified"] = {
        "enterprise_id": enterprise,
        "account_id": str(account),
        "identity_id": linked["id"],
        "key_id": str(key["id"]),
    }
    for stage, tail in (("subscribed", ""), ("paused", "/pause")):
        path, _ = await subscribed(house, "enterprise")
        around.own[stage] = {"subscription_id": path.rpartition("/")[2]}
        if tail:
            await house.do("enterprise", f"{path}{tail}")
    (disabled,) = await house.rows("SELECT id FROM account WHERE name = 'disabled'")
    around.own["disabled"] = {"account_id": str(disabled["id"])}


ACCOUNT = "SELECT id FROM account WHERE name = 'officer_third'"


async def digests(house: House) -> dict[str, str]:
    """Return what every table holds, in short."""
    query = "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS digest FROM {} t"
    return {table: (await house.rows(query.format(table)))[0]["digest"] for table in TABLES}


def told(answer: httpx.Response) -> tuple[Any, ...]:
    """Return all that an answer tells, but for what makes every answer different."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, sorted(headers.items()), answer.content


def is_wrong(answer: httpx.Response, *, allowed: bool) -> bool:
    return not answer.is_success if allowed else answer.status_code not in REFUSED


async def test_the_table_names_every_operation_and_no_other(house: House) -> None:
    assert {one.name for one in await operations(house)} == set(TABLE)
    assert len(EVERYBODY) >= 12
    assert {who for line in TABLE.values() for who in line.by.split()} <= set(EVERYBODY)


@pytest.mark.parametrize("later", [False, True])
async def test_what_is_tried_on_ones_own_succeeds_for_those_of_the_table_and_nobody_else(
    house: House, monkeypatch: pytest.MonkeyPatch, later: bool
) -> None:
    around = await neighbourhood(house)
    if later:
        await fall_overdue(around)
    known = {one.name: one for one in await operations(house)}
    before, wrong = await digests(house), {}
    tries = [(name, line, who) for name, line in TABLE.items() if line.later == later for who in EVERYBODY]
    with nothing_stays(monkeypatch):
        for name, line, who in tries:
            answer = await tried(around, who, known[name], around.own.get(line.stage, {}))
            if is_wrong(answer, allowed=who in line.by.split()):
                wrong[name, who] = answer.status_code
    assert wrong == {}
    assert await digests(house) == before, "whatever was tried has been rolled back"


async def test_what_is_foreign_is_answered_like_what_does_not_exist(house: House) -> None:
    around = await neighbourhood(house)
    await fall_overdue(around)
    about = [one for one in await operations(house) if set(one.parameters("path")) & set(UNKNOWN)]
    before, wrong = await digests(house), {}
    for one, who in product(about, [who for who in EVERYBODY if who not in ELSEWHERE]):
        foreign, unknown = [await tried(around, who, one, ids) for ids in (around.foreign, UNKNOWN)]
        if told(foreign) != told(unknown) or is_wrong(foreign, allowed=False):
            wrong[one.name, who] = foreign.status_code, unknown.status_code
    assert wrong == {}
    assert await digests(house) == before, "and nothing came of it"


async def test_what_is_gone_is_answered_like_what_never_was(house: House) -> None:
    around = await neighbourhood(house)
    voided = around.own["reviewed"]["token"]
    await house.do("enterprise", f"/appeals/{around.own['reviewed']['number']}/rating-link")
    rating = {"solved": True, "satisfied": True}
    answers = [await house.ask(None, "POST", f"/ratings/{token}", rating) for token in (voided, "x" * 43)]
    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code == 404


LISTS = ("/appeals", "/appeals?order=due_at", "/appeals?order=received_at", "/appeals?limit=200", "/appeals?late=true",
         "/appeals?status=assigned", "/feed?limit=100")  # fmt: skip
SEE_NOTHING = ("rival", "officer_third", "observer", "administrator", "auditor", "evaluator", "discipline")


async def test_lists_show_what_may_be_read_and_nothing_else(house: House) -> None:
    around = await neighbourhood(house)
    everything = {row["number"] for row in await house.rows("SELECT number FROM appeal")}
    near = {number for number in everything if number.startswith("GD")}
    expected = dict.fromkeys(("leader", "clerk", "enterprise"), near)
    expected |= dict.fromkeys(ELSEWHERE, {around.foreign["number"]}) | dict.fromkeys(SEE_NOTHING, set())
    for who in EVERYBODY:
        if who in NOBODIES:
            continue
        readable = {number for number in everything if (await house.ask(who, "GET", f"/appeals/{number}")).is_success}
        assert readable == expected.get(who, readable), who
        shown = {path: {one["number"] for one in await house.items(path, who)} for path in LISTS}
        assert {path for path, numbers in shown.items() if not numbers <= readable} == set(), who
        assert shown["/appeals?limit=200"] == expected.get(who, shown["/appeals?limit=200"]), who
