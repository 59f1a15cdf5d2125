"""Enterprises: registered by their code, verified by a letter, seen by whom they concern."""

from typing import Any

from tests.house import LEAD, House

NEW = {"name": "葛店新企业", "uscc": "91421003MABCDE12X0"}
PILOT = {"name": "厦门老企业", "uscc": "91350203M0001QAY9B"}
LETTER = {"document_number": "授字1号", "issued_on": "2026-03-01", "valid_until": "2026-03-31", "authorised": "李会计"}
WRONG: list[dict[str, Any]] = [
    {"valid_until": "2026-03-01"},
    {"issued_on": "2026-03-03"},
    {"valid_until": "2099-01-01"},
    {"authorised": ""},
    {"issued_on": 20260301},
]
NOBODY = "019abc00-0000-7000-8000-00000000dead"


async def seen(house: House, who: str, enterprise_id: Any) -> tuple[int, str | None]:
    """Return how somebody sees an enterprise: status of the answer and of the verification."""
    answer = await house.ask(who, "GET", f"/enterprises/{enterprise_id}")
    return answer.status_code, answer.json().get("verification", {}).get("status")


async def test_an_enterprise_is_registered_once_by_the_office(house: House) -> None:
    made = await house.do("clerk", "/enterprises", NEW)
    assert (made["uscc_checked"], made["override_reason"], made["verification"]["status_name"]) == (
        True,
        None,
        "未核验",
    )
    await house.refuse("dispatcher", "/enterprises", NEW, status=409, code="enterprise-taken")
    for who in ("officer", "leader", "enterprise", "auditor", "hotline"):
        await house.refuse(who, "/enterprises", PILOT, status=403, code="role-not-allowed")
    for wrong in ({"uscc": "7"}, {"uscc": None}, {"name": ""}, {"uscc": "91421003MABCDE12XO"}, {"uscc_checked": True}):
        await house.refuse("clerk", "/enterprises", NEW | wrong, status=422, code="invalid")
    problem = await house.refuse("clerk", "/enterprises", PILOT, status=422, code="uscc-check-failed")
    assert [fault["field"] for fault in problem["faults"]] == ["override_reason"]
    assert PILOT["uscc"] not in str(problem)
    pilot = await house.do("administrator", "/enterprises", PILOT | {"override_reason": "早期试点代码"})
    assert (pilot["uscc_checked"], pilot["override_reason"]) == (False, "早期试点代码")
    account = {"name": "新企业", "roles": ["enterprise"], "enterprise_id": made["id"]}
    assert (await house.do("administrator", "/accounts", account))["enterprise_id"] == made["id"]


async def test_only_whom_it_concerns_sees_an_enterprise(house: House) -> None:
    known, made = house.enterprises["enterprise"], (await house.do("clerk", "/enterprises", NEW))["id"]
    everybody = (
        "enterprise",
        "rival",
        "clerk",
        "dispatcher",
        "leader",
        "foreign_dispatcher",
        "officer",
        "administrator",
        "auditor",
    )
    told = {who: [(await seen(house, who, one))[0] for one in (known, made, NOBODY)] for who in everybody}
    assert told.pop("enterprise") == [200, 404, 404]
    assert {who for who, (_, new, _) in told.items() if new == 200} == {"clerk", "dispatcher", "leader"}
    assert {who for who, (filed, _, _) in told.items() if filed == 200} == set(), "it has not filed anywhere yet"
    assigned, _ = await house.assigned()
    told = {who: [(await seen(house, who, known))[0]] for who in everybody}
    assert {who for who, (one,) in told.items() if one == 200} == {"enterprise", "clerk", "dispatcher", "leader"}
    for path in ("verification", "verification-withdrawal"):
        body = LETTER if path == "verification" else {"reason": "授权终止"}
        for one in (known, NOBODY):
            await house.refuse("foreign_dispatcher", f"/enterprises/{one}/{path}", body, status=404, code="not-found")
            await house.refuse("enterprise", f"/enterprises/{one}/{path}", body, status=403, code="role-not-allowed")


async def test_a_letter_verifies_until_its_last_day_or_its_withdrawal_and_the_dispatcher_is_told(house: House) -> None:
    number, _ = await house.assigned()
    enterprise = house.enterprises["enterprise"]

    async def flags(*people: str) -> list[str | None]:
        return [(await house.read(number, who))["enterprise_verification"] for who in people]

    assert await flags("dispatcher", "enterprise", "officer") == ["unverified", "unverified", None]
    for wrong in WRONG:
        path = f"/enterprises/{enterprise}/verification"
        await house.refuse("clerk", path, LETTER | wrong, status=422, code="invalid")
    verified = await house.do("clerk", f"/enterprises/{enterprise}/verification", LETTER)
    assert {name: verified["verification"][name] for name in LETTER} == LETTER
    assert await flags("dispatcher", "enterprise", "officer") == ["verified", "verified", None]
    house.go_to("2026-03-31 23:59:59")
    assert await flags("dispatcher") == ["verified"]
    house.go_to("2026-04-01")
    assert (await flags("dispatcher"), await seen(house, "clerk", enterprise)) == (["expired"], (200, "expired"))
    newer = LETTER | {"issued_on": "2026-04-01", "valid_until": "2026-12-31"}
    await house.do("dispatcher", f"/enterprises/{enterprise}/verification", newer)
    withdrawn = await house.do("clerk", f"/enterprises/{enterprise}/verification-withdrawal", {"reason": "经办人离职"})
    assert withdrawn["verification"]["withdrawal_reason"] == "经办人离职"
    assert await flags("dispatcher") == ["withdrawn"]
    again = {"reason": "再撤"}
    path = f"/enterprises/{enterprise}/verification-withdrawal"
    await house.refuse("clerk", path, again, status=409, code="nothing-to-withdraw")
    filed = await house.file()
    assert filed["status"] == "received", "an unverified enterprise files like any other"
    await house.do("dispatcher", f"/appeals/{filed['number']}/assignment", {"lead": LEAD})
