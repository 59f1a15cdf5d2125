"""Contacts: sealed at rest, masked for offices, found by blind index, laid open for a purpose, deleted at a wish."""

import json
from itertools import product
from typing import Any

from app.gateways.keyring import SealCipher, new_key, new_keyring
from app.gateways.sealing import Sealer
from app.services.resealing import ResealCount, reseal
from tests.house import LEAD, MONDAY, House, lead_of

PERSON = {"contact_name": "王建国", "contact_phone": "139 1234 5678"}
REASON = "核对申报材料原件，需电话联系企业。"
ASKED = {"purpose": "contact", "reason": REASON}


async def stored(house: House, number: str) -> dict[str, Any]:
    """Return the row of an appeal."""
    (row,) = await house.rows("SELECT * FROM appeal WHERE number = :number", number=number)
    return row


async def everywhere(house: House) -> str:
    """Return every row of every table as text, as whoever reads the disk finds it."""
    tables = await house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = [row for one in tables for row in await house.rows(f"SELECT t::text AS row FROM {one['tablename']} t")]
    return "\n".join(row["row"] for row in rows)


async def test_no_table_holds_a_contact_in_clear(house: House) -> None:
    headers = {"Idempotency-Key": "k"}
    filing = {"jurisdiction": "gedian", "title": "补贴", "text": "未到账。", "category": "02", **PERSON}
    filed = await house.ask("enterprise", "POST", "/appeals", filing, headers=headers)
    assert filed.status_code == 201
    await house.do("clerk", f"/appeals/{filed.json()['number']}/unmaskings", ASKED)
    await house.ask("clerk", "POST", "/contact-searches", PERSON, headers=headers)
    found = await everywhere(house)
    assert "未到账" in found, "the rest is there"
    secrets = ("王建国", "139 1234 5678", "13912345678")
    assert [secret for secret in secrets if secret in found] == []
    await in_clear(house, filed.json()["number"])
    assert "王建国" in await everywhere(house), "it would have been found"


async def test_who_sees_what_of_a_contact(house: House) -> None:
    number = (await house.file(**PERSON))["number"]
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    seen = {who: await house.read(number, who) for who in ("enterprise", "clerk", "leader", "officer")}
    shown = {who: (one["contact_name"], one["contact_phone"]) for who, one in seen.items()}
    clear, masked = ("王建国", "139 1234 5678"), ("王**", "139****5678")
    assert shown == {"enterprise": clear, "clerk": masked, "leader": masked, "officer": clear}
    await house.resolve(lead_of(case))
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})
    after = await house.read(number, "officer")
    assert (after["contact_name"], after["contact_phone"]) == masked, "the department has no charge any more"


# Laying open ---------------------------------------------------------------------------------------------------------


MAY_ASK = {
    ("clerk", "contact"), ("clerk", "verification"), ("dispatcher", "contact"), ("dispatcher", "verification"),
    ("callback", "contact"), ("callback", "visit"), ("supervisor", "investigation"),
}  # fmt: skip
PURPOSES = ("contact", "verification", "visit", "investigation")
WITHIN_REACH = (
    "clerk", "dispatcher", "callback", "supervisor", "leader", "reviewer", "officer", "head", "enterprise",
)  # fmt: skip
BEYOND_REACH = ("officer_third", "rival", "foreign_dispatcher", "administrator", "auditor", "observer", "hotline")


async def test_whoever_needs_it_sees_the_contact_once_and_nobody_else(house: House) -> None:
    number = (await house.file(confidential=True, **PERSON))["number"]
    await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    path = f"/appeals/{number}/unmaskings"
    for who, purpose in product(WITHIN_REACH, PURPOSES):
        answer = await house.ask(who, "POST", path, {"purpose": purpose, "reason": REASON}, version="*")
        assert answer.headers["cache-control"] == "no-store" if answer.status_code == 200 else True
        if (who, purpose) in MAY_ASK:
            assert answer.status_code == 200, answer.text
            shown = answer.json()
            assert (shown["contact_name"], shown["contact_phone"]) == ("王建国", "139 1234 5678")
            assert (shown["enterprise_name"], shown["uscc"]) == ("葛店enterprise公司", "91421003MA00000152")
            assert answer.headers["etag"] == f'"{shown["version"]}"'
        else:
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role-not-allowed"), (who, purpose)
            assert "王" not in answer.text
    for who in BEYOND_REACH:
        await house.refuse(who, path, ASKED, status=404, code="not-found")
    told = [one for one in await house.items(f"/appeals/{number}/timeline", "enterprise") if one["action"] == "unmask"]
    assert {(one["actor_roles"], one["payload"]["purpose"]) for one in told} == MAY_ASK
    assert {(one["reason"], one["payload"]["office"]) for one in told} == {(REASON, "葛店开发区")}
    assert len(told) == len(MAY_ASK)
    assert (await house.read(number, "clerk"))["contact_phone"] == "139****5678", "and masked again"
    assert REASON not in json.dumps(await house.items(f"/appeals/{number}/timeline", "officer"), ensure_ascii=False)
    assert REASON in json.dumps(await house.items(f"/appeals/{number}/timeline", "leader"), ensure_ascii=False)


async def test_the_answer_is_not_given_again_for_the_same_key(house: House) -> None:
    number = (await house.file(**PERSON))["number"]
    path, headers = f"/appeals/{number}/unmaskings", {"Idempotency-Key": "k"}
    first = await house.ask("clerk", "POST", path, ASKED, version="*", headers=headers)
    again = await house.ask("clerk", "POST", path, ASKED, version="*", headers=headers)
    assert (first.status_code, again.status_code) == (200, 409)
    assert again.json()["type"] == "/problems/shown-once"
    assert "换一个 Idempotency-Key" in again.json()["detail"]
    assert "王建国" not in again.text
    (kept,) = await house.rows("SELECT body, fingerprint FROM idempotency")
    assert (json.loads(kept["body"])["type"], kept["fingerprint"]) == ("/problems/shown-once", "")
    acts = [one["action"] for one in await house.items(f"/appeals/{number}/timeline")]
    assert acts.count("unmask") == 1


async def test_a_bare_reason_or_no_contact_is_refused(house: House) -> None:
    number, without = (await house.file(**PERSON))["number"], (await house.file())["number"]
    for reason in ("看一下", "看 一 下 看 一 下 看"):
        body = {"purpose": "contact", "reason": reason}
        await house.refuse("clerk", f"/appeals/{number}/unmaskings", body, status=422, code="invalid")
    await house.refuse("clerk", f"/appeals/{without}/unmaskings", ASKED, status=409, code="no-contact")
    assert [one["action"] for one in await house.items(f"/appeals/{without}/timeline")] == ["file"]


# Keys ----------------------------------------------------------------------------------------------------------------


async def in_clear(house: House, number: str) -> None:
    """Put the contact of an appeal back as an older program wrote it."""
    async with house.office.work() as work:
        values = {"contact_sealed": None, "contact_phone_index": None, "contact_name_index": None, **PERSON}
        work.changes.update("appeal", (await stored(house, number))["id"], values)


async def test_without_the_key_the_appeal_goes_on(house: House) -> None:
    number = (await house.file(**PERSON))["number"]
    lost = new_keyring(now=MONDAY)
    house.office.seals = Sealer(lambda: lost)
    read = await house.read(number, "enterprise")
    assert (read["contact_name"], read["contact_phone"]) == ("联系信息无法解密", None)
    await house.refuse("clerk", f"/appeals/{number}/unmaskings", ASKED, status=409, code="seal-broken")
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    assert (await house.resolve(lead_of(case)))["status"] == "resolved"


async def test_a_contact_moved_to_another_appeal_does_not_open(house: House) -> None:
    one, other = [(await house.file(**PERSON))["number"] for _ in range(2)]
    async with house.office.work() as work:
        values = {"contact_sealed": (await stored(house, one))["contact_sealed"]}
        work.changes.update("appeal", (await stored(house, other))["id"], values)
    assert (await house.read(other, "enterprise"))["contact_name"] == "联系信息无法解密"
    assert (await house.read(one, "enterprise"))["contact_name"] == "王建国"


async def test_what_lies_in_clear_is_read_and_then_sealed(house: House) -> None:
    numbers = [(await house.file(**PERSON))["number"] for _ in range(5)]
    for number in numbers:
        await in_clear(house, number)
    assert (await house.read(numbers[0], "enterprise"))["contact_name"] == "王建国"
    assert await reseal(house.office, batch=2) == ResealCount(sealed=5)
    assert await reseal(house.office, batch=2) == ResealCount()
    row = await stored(house, numbers[4])
    assert (row["contact_name"], row["contact_phone"]) == (None, None)
    assert (await house.read(numbers[4], "enterprise"))["contact_phone"] == "139 1234 5678"
    found = await house.ask("clerk", "POST", "/contact-searches", {"contact_phone": "13912345678"})
    assert len(found.json()["items"]) == 5


async def test_after_a_rotation_everything_is_sealed_anew(house: House) -> None:
    ring = new_keyring(now=MONDAY)
    house.office.seals = Sealer(lambda: ring)
    numbers = [(await house.file(**PERSON))["number"] for _ in range(3)]
    key = new_key(SealCipher.SM4, now=MONDAY)
    rotated = ring.with_key(key).using(key.id, now=MONDAY)
    house.office.seals = Sealer(lambda: rotated)
    numbers.append((await house.file(**PERSON))["number"])
    assert await reseal(house.office, batch=2) == ResealCount(resealed=3)
    alone = rotated.without(frozenset({ring.active}))
    house.office.seals = Sealer(lambda: alone)
    assert {(await house.read(number, "enterprise"))["contact_name"] for number in numbers} == {"王建国"}


async def test_what_no_key_opens_is_left_as_it_is(house: House) -> None:
    number = (await house.file(**PERSON))["number"]
    before = (await stored(house, number))["contact_sealed"]
    other = new_keyring(now=MONDAY)
    house.office.seals = Sealer(lambda: other)
    assert await reseal(house.office) == ResealCount(unreadable=1)
    assert (await stored(house, number))["contact_sealed"] == before


# Looking for a person ------------------------------------------------------------------------------------------------


SOUGHT = (
    {"contact_phone": "+86 139-1234-5678"},
    {"contact_phone": "１３９１２３４５６７８"},
    {"contact_name": " 王 建国"},
    {"contact_name": "王建国", "contact_phone": "13912345678"},
    {"external_number": "WO-1", "contact_name": "王建国"},
)
NOTHING = ({}, {"contact_phone": "没有"}, {"contact_phone": "+"})


async def test_offices_alone_find_appeals_by_contact(house: House) -> None:
    number = (await house.file(external_number="WO-1", **PERSON))["number"]
    await house.file(contact_name="李四", contact_phone="13800000000")
    for sought in SOUGHT:
        answer = await house.ask("clerk", "POST", "/contact-searches", sought)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.text
        assert [one["number"] for one in answer.json()["items"]] == [number], sought
    for sought in NOTHING:
        await house.refuse("clerk", "/contact-searches", sought, status=422, code="invalid", version=None)
    for who in ("officer", "head", "enterprise", "hotline", "auditor", "administrator"):
        body = {"contact_phone": "13912345678"}
        await house.refuse(who, "/contact-searches", body, status=403, code="role-not-allowed", version=None)


async def test_a_search_stays_within_reach_and_is_on_record(house: House) -> None:
    await house.file(**PERSON)
    sought = {"contact_phone": "13912345678"}
    found = await house.ask("foreign_dispatcher", "POST", "/contact-searches", sought)
    assert (found.status_code, found.json()["items"]) == (200, [])
    house.pass_time(seconds=1)
    await house.ask("clerk", "POST", "/contact-searches", sought)
    acts = await house.rows(
        "SELECT actor_name, subject, payload FROM act WHERE action = 'contacts.searched' ORDER BY id"
    )
    assert acts == [
        {"actor_name": "foreign_dispatcher", "subject": "jingzhou", "payload": {"by": ["contact_phone"], "found": 0}},
        {"actor_name": "clerk", "subject": "gedian", "payload": {"by": ["contact_phone"], "found": 1}},
    ]


# Deleting ------------------------------------------------------------------------------------------------------------


async def test_the_enterprise_alone_has_its_contact_deleted_and_only_after_closing(house: House) -> None:
    number = (await house.file(**PERSON))["number"]
    path = f"/appeals/{number}/contact"
    await house.refuse("enterprise", path, method="DELETE", status=409, code="appeal-open")
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已自行解决。"})
    for who, status in (("clerk", 403), ("leader", 403), ("rival", 404), ("administrator", 404)):
        code = "role-not-allowed" if status == 403 else "not-found"
        await house.refuse(who, path, method="DELETE", status=status, code=code)
    assert (await house.read(number, "enterprise"))["contact_name"] == "王建国"
    answer = await house.ask("enterprise", "DELETE", path, version="*")
    assert answer.status_code == 200, answer.text
    row = await stored(house, number)
    assert {name: row[name] for name in row if name.startswith("contact_")} == dict.fromkeys(
        ("contact_name", "contact_phone", "contact_sealed", "contact_phone_index", "contact_name_index")
    )
    assert (await house.items(f"/appeals/{number}/timeline"))[-1]["action"] == "delete_contact"
    await house.refuse("clerk", f"/appeals/{number}/unmaskings", ASKED, status=409, code="no-contact")
