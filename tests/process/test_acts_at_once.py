"""Acts wait for one chain; what they are about is locked so that no two of them wait for each other."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from sqlalchemy import text

from app.domain.act import ActChain
from app.storage.queries import accounts, enterprises
from tests.house import House, open_house
from tests.people import account_id, first_password, identity, try_to_sign_in

LETTER = {"document_number": "授字1号", "issued_on": "2026-03-01", "valid_until": "2026-03-31", "authorised": "李会计"}


async def crowd(house: House) -> Sequence[httpx.Response]:
    """Let many act at once on one account and one enterprise, each while others refer to them."""
    enterprise, clerk = str(house.enterprises["enterprise"]), await account_id(house, "clerk")
    password = await first_password(house, "clerk")
    account = {"name": "再一人", "roles": ["enterprise"], "enterprise_id": enterprise}
    authority = {"roles": ["clerk"], "jurisdictions": ["gedian"]}
    calls = [
        step
        for _ in range(3)
        for step in (
            try_to_sign_in(house, "clerk.li", password),
            house.ask("administrator", "PUT", f"/accounts/{clerk}/authority", authority),
            house.ask("administrator", "POST", "/accounts", account),
            house.ask("clerk", "POST", f"/enterprises/{enterprise}/verification", LETTER),
            house.ask("clerk", "POST", "/keys", {"label": "对接", "scopes": ["read"]}),
        )
    ]
    return await asyncio.gather(*calls)


async def test_many_who_act_on_one_account_at_once_all_come_through(database_url: str) -> None:
    async with open_house(database_url, pool_size=8) as house:
        await house.file("clerk", enterprise_name="葛店enterprise公司", uscc="91421003MA00000152")
        identity(house)
        answers = await crowd(house)
        assert {answer.status_code for answer in answers} <= {200, 201}
        rows, chain = await house.rows("SELECT * FROM act ORDER BY id"), ActChain()
        assert [fault for row in rows for fault in chain.verify(row)] == []


async def test_a_stronger_lock_would_let_them_wait_for_each_other(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: rows that others refer to are locked as if they were to be deleted."""
    for module, name in ((accounts, "_LOCK_ACCOUNT"), (enterprises, "_LOCK")):
        monkeypatch.setattr(module, name, text(str(getattr(module, name)).replace("NO KEY UPDATE", "UPDATE")))
    async with open_house(database_url, pool_size=8) as house:
        await house.file("clerk", enterprise_name="葛店enterprise公司", uscc="91421003MA00000152")
        identity(house)
        assert {answer.status_code for answer in await crowd(house)} & {500, 503, 409}
