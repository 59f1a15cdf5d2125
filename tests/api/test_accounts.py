"""Accounts by an administrator, who gives itself nothing; and who one is."""

from typing import Any

from app.domain.roles import Role
from app.services.accounts import NewAccount
from tests.house import LEAD, House

OFFICER = {"name": "新经办人", "roles": ["officer"], "jurisdictions": ["gedian"], "department": LEAD}
NOBODY = "019abc00-0000-7000-8000-00000000dead"


async def opened(house: House, **account: Any) -> dict[str, Any]:
    """Open an account as the administrator."""
    return await house.do("administrator", "/accounts", OFFICER | account)


async def me(house: House, who: str) -> dict[str, Any]:
    """Return what somebody is told of itself."""
    answer = await house.ask(who, "GET", "/me")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def put(house: House, who: str, account_id: str, **authority: Any) -> tuple[int, dict[str, Any]]:
    """Change what an account may do."""
    body = {name: value for name, value in (OFFICER | authority).items() if name != "name"}
    answer = await house.ask(who, "PUT", f"/accounts/{account_id}/authority", body)
    return answer.status_code, answer.json()


async def test_an_administrator_opens_changes_disables_and_enables_an_account(house: House) -> None:
    person = await opened(house)
    assert (person["key"], person["role_names"]) == (None, ["承办单位经办人"])
    machine = await opened(house, name="热线", roles=["connector"], department=None, channel="hotline-2")
    house.keys["machine"] = machine["key"]
    assert (await me(house, "machine"))["channel"] == "hotline-2"
    status, changed = await put(
        house, "administrator", machine["id"], roles=["connector"], channel="hotline-3", department=None
    )
    assert (status, changed["channel"]) == (200, "hotline-3")
    house.pass_time(seconds=6)
    assert (await me(house, "machine"))["channel"] == "hotline-3"
    await house.do("administrator", f"/accounts/{machine['id']}/disablement")
    house.pass_time(seconds=6)
    await house.refuse("machine", "/me", status=401, code="not-signed-in", method="GET")
    await house.refuse("administrator", f"/accounts/{machine['id']}/disablement", status=409, code="account-disabled")
    await house.do("administrator", f"/accounts/{machine['id']}/enablement")
    assert (await me(house, "machine"))["id"] == machine["id"]
    await house.refuse("administrator", f"/accounts/{machine['id']}/enablement", status=409, code="account-enabled")
    await house.do("administrator", f"/accounts/{machine['id']}/credential-revocation")
    house.pass_time(seconds=6)
    await house.refuse("machine", "/me", status=401, code="not-signed-in", method="GET")


async def test_an_administrator_can_do_nothing_to_its_own_account(house: House) -> None:
    own = (await me(house, "administrator"))["id"]
    before = await house.rows("SELECT * FROM account ORDER BY id")
    assert (await put(house, "administrator", own))[0] == 403
    for act in ("disablement", "enablement", "credential-revocation"):
        await house.refuse("administrator", f"/accounts/{own}/{act}", status=403, code="own-account")
    assert await house.rows("SELECT * FROM account ORDER BY id") == before
    await house.admit("second", NewAccount("second", frozenset({Role.ADMINISTRATOR})))
    await house.do("second", f"/accounts/{own}/disablement")


async def test_what_does_not_fit_together_is_refused_and_leaves_nothing(house: House) -> None:
    before = len(await house.rows("SELECT id FROM account"))
    wrong = {
        "duties-not-separate": [
            {"roles": ["officer", "head"]},
            {"roles": ["officer", "dispatcher"]},
            {"roles": ["administrator", "auditor"], "department": None},
            {"roles": ["administrator", "leader"]},
        ],
        "invalid": [
            {"roles": []},
            {"roles": ["system"]},
            {"roles": ["king"]},
            {"jurisdictions": ["nowhere"]},
            {"jurisdictions": []},
            {"department": "nowhere"},
            {"roles": ["enterprise"], "department": None},
            {"roles": ["enterprise"], "department": None, "enterprise_id": NOBODY},
            {"name": ""},
            {"key": "bh_mine"},
        ],
    }
    for code, accounts in wrong.items():
        for account in accounts:
            problem = await house.refuse("administrator", "/accounts", OFFICER | account, status=422, code=code)
            assert "nowhere" not in str(problem)
    assert len(await house.rows("SELECT id FROM account")) == before
    person = await opened(house)
    for authority in ({"roles": ["officer", "head"]}, {"jurisdictions": ["nowhere"]}):
        assert (await put(house, "administrator", person["id"], **authority))[0] == 422


async def test_only_administrators_keep_accounts(house: House) -> None:
    person = await opened(house)
    for who in ("auditor", "leader", "enterprise", "officer"):
        await house.refuse(who, "/accounts", OFFICER, status=403, code="role-not-allowed")
        assert (await put(house, who, person["id"]))[0] == 403
        for act in ("disablement", "enablement", "credential-revocation"):
            for account_id in (person["id"], NOBODY):
                await house.refuse(who, f"/accounts/{account_id}/{act}", status=403, code="role-not-allowed")
        listed = await house.ask(who, "GET", "/accounts")
        assert listed.status_code == (200 if who == "auditor" else 403)
    for path in ("disablement", "enablement", "credential-revocation"):
        await house.refuse("administrator", f"/accounts/{NOBODY}/{path}", status=404, code="not-found")
    await house.refuse("administrator", f"/accounts/{NOBODY}", status=404, code="not-found", method="GET")


async def test_pages_of_accounts_hold_everybody_once(house: House) -> None:
    seen: list[str] = []
    path: str | None = "/accounts?limit=7"
    while path:
        page = (await house.ask("administrator", "GET", path)).json()
        seen += [one["id"] for one in page["items"]]
        path = page["next"] and f"/accounts?limit=7&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == len(house.keys)


async def test_everybody_is_told_who_it_is(house: House) -> None:
    told = await me(house, "officer")
    assert (told["role_names"], told["department"], told["means"]) == (["承办单位经办人"], LEAD, "key")
    assert told["scopes"] == ["read", "file", "move", "manage"]
    assert (await me(house, "enterprise"))["enterprise_id"] == str(house.enterprises["enterprise"])
