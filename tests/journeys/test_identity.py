"""Accounts, keys, sessions and enterprises from their beginning to their end; each step is one act."""

from typing import Any

import pyotp

from app.domain.act import ActChain
from tests.house import LEAD, House
from tests.people import PASSWORD, account_id, change, first_password, identity, person, sign_in

OFFICER = {"roles": ["officer"], "jurisdictions": ["gedian"], "department": LEAD}
LETTER = {"document_number": "授字1号", "issued_on": "2026-03-01", "valid_until": "2026-03-31", "authorised": "李会计"}
SUBJECT = {"issuer": "https://login.example.cn/realms/gov", "subject": "42010219800101001X"}


async def done(house: House, who: str | None, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """Do something that must succeed; return the answer."""
    answer = await house.ask(who, method, path, body)
    assert answer.is_success, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def acts(house: House) -> list[dict[str, Any]]:
    """Return the acts since the house was made ready, and find their chain whole."""
    rows, chain = await house.rows("SELECT * FROM act ORDER BY id"), ActChain()
    assert [fault for row in rows for fault in chain.verify(row)] == []
    return rows[2:]


async def kinds(house: House) -> list[tuple[str, str]]:
    """Return who did what, act by act."""
    return [(row["actor_name"], row["action"]) for row in await acts(house)]


async def test_an_account_is_opened_changed_stopped_and_linked_act_by_act(house: House) -> None:
    identity(house)
    made = (await done(house, "administrator", "POST", "/accounts", OFFICER | {"name": "新人"}))["id"]
    path = f"/accounts/{made}"
    await done(house, "administrator", "PUT", f"{path}/authority", OFFICER | {"roles": ["head"]})
    given = await done(house, "administrator", "POST", f"{path}/password", {"login": "xin.li"})
    linked = await done(house, "administrator", "POST", f"{path}/identities", SUBJECT)
    await done(house, "administrator", "DELETE", f"{path}/identities/{linked['id']}")
    for step in ("disablement", "enablement"):
        await done(house, "administrator", "POST", f"{path}/{step}")
    await sign_in(house, "xin", given["password"])
    await done(house, "administrator", "POST", f"{path}/credential-revocation")
    rows = await acts(house)
    assert [row["action"] for row in rows] == [
        "account.created",
        "account.authority_changed",
        "password.given",
        "identity.linked",
        "identity.unlinked",
        "account.disabled",
        "account.enabled",
        "session.opened",
        "account.credentials_revoked",
    ]
    assert [row["actor_name"] for row in rows] == [*["administrator"] * 7, "新人", "administrator"]
    assert {row["subject"] for row in rows} == {made}
    assert [rows[1]["payload"][side]["roles"] for side in ("before", "after")] == [["officer"], ["head"]]
    assert SUBJECT["subject"] not in str(rows), "what a provider calls somebody may be a number of a person"


async def test_a_person_signs_in_protects_the_account_and_leaves_act_by_act(house: House) -> None:
    session = await person(house)
    totp = pyotp.TOTP((await done(house, session, "POST", "/me/second-factor"))["secret"])
    await done(house, session, "POST", "/me/second-factor/confirmation", {"code": totp.at(house.now)})
    house.pass_time(minutes=1)
    await sign_in(house, "clerk", PASSWORD, totp.at(house.now), key="second")
    other = (await house.items("/sessions", session))[0]["id"]
    for _ in range(2):
        ended = await house.ask(session, "DELETE", f"/sessions/{other}")
        assert ended.status_code == 200
    house.pass_time(minutes=1)
    right = {"password": PASSWORD, "code": totp.at(house.now)}
    await done(house, session, "POST", "/me/second-factor/removal", right)
    await done(house, session, "DELETE", "/sessions/current")
    own = [action for who, action in await kinds(house) if who == "clerk"]
    assert own == [
        "session.opened",
        "password.changed",
        "second_factor.begun",
        "second_factor.enabled",
        "session.opened",
        "session.revoked",
        "second_factor.disabled",
        "session.closed",
    ]
    assert {row["subject"] for row in await acts(house)} == {await account_id(house, "clerk")}


async def test_a_key_is_made_rotated_and_ended_act_by_act(house: House) -> None:
    made = await done(house, "clerk", "POST", "/keys", {"label": "对接", "scopes": ["read"]})
    turned = await done(house, "clerk", "POST", f"/keys/{made['id']}/rotation", {"overlap_hours": 2})
    for _ in range(2):
        await done(house, "clerk", "DELETE", f"/keys/{turned['id']}")
    rows = await acts(house)
    assert [(row["action"], row["subject"]) for row in rows] == [
        ("key.created", made["id"]),
        ("key.rotated", turned["id"]),
        ("key.revoked", turned["id"]),
    ]
    assert rows[1]["payload"]["replaces"] == made["id"]
    assert rows[0]["payload"]["scopes"] == ["read"]


async def test_an_enterprise_is_registered_verified_and_doubted_act_by_act(house: House) -> None:
    new = {"name": "厦门老企业", "uscc": "91350203M0001QAY9B", "override_reason": "早期试点代码"}
    made = (await done(house, "clerk", "POST", "/enterprises", new))["id"]
    await done(house, "clerk", "POST", f"/enterprises/{made}/verification", LETTER)
    withdrawal = {"reason": "经办人离职"}
    await done(house, "dispatcher", "POST", f"/enterprises/{made}/verification-withdrawal", withdrawal)
    rows = await acts(house)
    assert [(row["actor_name"], row["action"]) for row in rows] == [
        ("clerk", "enterprise.registered"),
        ("clerk", "enterprise.verified"),
        ("dispatcher", "enterprise.verification_withdrawn"),
    ]
    assert {row["subject"] for row in rows} == {made}
    assert [row["payload"].get("reason") for row in rows] == ["早期试点代码", None, "经办人离职"]
    assert LETTER["authorised"] not in str(rows)


async def test_what_is_refused_is_no_act_and_guessing_fills_no_record(house: House) -> None:
    first = await first_password(house, "clerk")
    before = await acts(house)
    for password in ("wrong", "wronger", "wrongest", "still wrong", first):
        body = {"login": "clerk.li", "password": password, "code": ""}
        assert (await house.ask(None, "POST", "/sessions", body)).status_code == 401
    await house.refuse("clerk", "/keys", {"label": "x", "scopes": []}, status=422, code="invalid")
    await house.refuse("clerk", "/accounts", OFFICER | {"name": "x"}, status=403, code="role-not-allowed")
    assert await acts(house) == before
    counted = await house.rows("SELECT failures FROM sign_in_failure")
    assert [row["failures"] for row in counted] == [4]


async def test_no_act_tells_a_secret_or_what_was_made_of_one(house: House) -> None:
    session = await person(house)
    begun = await done(house, session, "POST", "/me/second-factor")
    code = pyotp.TOTP(begun["secret"]).at(house.now)
    codes = (await done(house, session, "POST", "/me/second-factor/confirmation", {"code": code}))["recovery_codes"]
    made = await done(house, session, "POST", "/keys", {"label": "对接", "scopes": ["read"]})
    machine = OFFICER | {"name": "热线", "roles": ["connector"], "department": None, "channel": "hotline-2"}
    key = (await done(house, "administrator", "POST", "/accounts", machine))["key"]
    assert (await change(house, session, PASSWORD, PASSWORD + "！")).status_code == 200
    held = await house.rows(
        "SELECT password_hash, totp_sealed, array_to_string(recovery_digests, ' ') AS codes FROM credential "
        "UNION ALL SELECT digest, prefix, '' FROM api_key UNION ALL SELECT digest, address, '' FROM session"
    )
    secrets = {PASSWORD, begun["secret"], code, made["key"], key, house.keys[session], *codes}
    secrets |= {word for row in held for value in row.values() if value for word in value.split()}
    assert len(secrets) > 20
    told = str([{**row, "digest": ""} for row in await acts(house)])
    assert [secret for secret in secrets if secret in told] == []
