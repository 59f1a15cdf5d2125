"""A department may say that it is the wrong one; the enterprise does not wait for that."""

from typing import Any

import pytest

from tests.house import LEAD, OTHER, THIRD, House, clock_of, lead_of


def asks(department: str) -> dict[str, Any]:
    """Return a request for return that proposes a department."""
    return {"reason": "本单位无此项职责。", "basis": "三定规定第三条", "department": department}


def upheld(department: str | None = None) -> dict[str, Any]:
    """Return a ruling that agrees."""
    return {"uphold": True, "department": department, "reason": "同意改派。"}


DENIED = {"uphold": False, "reason": "属本单位职责。"}


async def returned(house: House, assignment: str, *, who: str, to: str) -> dict[str, Any]:
    """Return an assignment and have the return agreed to."""
    await house.do(who, f"/assignments/{assignment}/return", asks(to))
    return await house.do("dispatcher", f"/assignments/{assignment}/return-ruling", upheld())


async def test_after_two_returns_the_department_is_designated_and_may_not_return(house: House) -> None:
    number, first = await house.assigned()
    case = await returned(house, first, who="officer", to=OTHER)
    assert (case["lead_department"], case["assignments"][-1]["designated"]) == (OTHER, False)
    case = await returned(house, lead_of(case), who="officer_other", to=THIRD)
    assert (case["lead_department"], case["assignments"][-1]["designated"]) == (THIRD, True)
    third = f"/assignments/{lead_of(case)}/return"
    await house.refuse("officer_third", third, asks(LEAD), status=409, code="designated")


async def test_the_clock_of_the_enterprise_never_stops_for_a_return(house: House) -> None:
    number, assignment = await house.assigned()
    before = clock_of(await house.read(number), "handling")
    house.pass_time(hours=5)
    asked = await house.do("officer", f"/assignments/{assignment}/return", asks(OTHER))
    assert clock_of(asked, "handling") == before
    house.go_to("2026-03-03 16:00")
    ruled = await house.do("dispatcher", f"/assignments/{assignment}/return-ruling", upheld())
    assert {**clock_of(ruled, "handling"), "owner_department": LEAD} == before
    assert ruled["due_day"] == "2026-03-09"


async def test_the_new_department_gets_its_own_clocks_and_the_old_due_date(house: House) -> None:
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/return", asks(OTHER))
    house.go_to("2026-03-03 16:00")
    case = await house.do("dispatcher", f"/assignments/{assignment}/return-ruling", upheld())
    owed = {(one["kind"], one["due_day"], one["owner_department"]) for one in case["owed"]}
    assert owed == {
        ("sign", "2026-03-04", OTHER),
        ("contact", "2026-03-04", OTHER),
        ("handling", "2026-03-09", OTHER),
        ("department_answer", "2026-03-24", OTHER),
    }
    assert case["assignments"][-1]["due_at"] == case["due_at"]


async def test_a_ruling_is_owed_within_one_working_day(house: House) -> None:
    number, assignment = await house.assigned()
    house.go_to("2026-03-03 10:00")
    case = await house.do("officer", f"/assignments/{assignment}/return", asks(OTHER))
    ruling = clock_of(case, "return_ruling")
    assert (ruling["due_day"], ruling["owner"]) == ("2026-03-04", "dispatcher")


async def test_the_dispatcher_may_choose_another_department_than_proposed(house: House) -> None:
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/return", asks(OTHER))
    case = await house.do("dispatcher", f"/assignments/{assignment}/return-ruling", upheld(THIRD))
    assert case["lead_department"] == THIRD


async def test_a_denied_return_designates_the_department(house: House) -> None:
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/return", asks(OTHER))
    case = await house.do("dispatcher", f"/assignments/{assignment}/return-ruling", DENIED)
    assert (case["lead_department"], case["assignments"][0]["designated"]) == (LEAD, True)
    await house.refuse("officer", f"/assignments/{assignment}/return", asks(OTHER), status=409, code="designated")


async def test_while_a_return_is_ruled_on_nobody_answers_and_nobody_returns_again(house: House) -> None:
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/return", asks(OTHER))
    path = f"/assignments/{assignment}/return"
    await house.refuse("officer", path, asks(THIRD), status=409, code="return-pending")
    reply = {"kind": "substantive", "text": "已办结。", "result_type": "solved", "evidence": ["凭证"]}
    await house.refuse("officer", f"/assignments/{assignment}/replies", reply, status=409, code="return-pending")


@pytest.mark.parametrize(("written", "in_time"), [("2026-03-03 23:59:59.999999", True), ("2026-03-04", False)])
async def test_a_return_is_asked_for_within_one_working_day(house: House, written: str, in_time: bool) -> None:
    _, assignment = await house.assigned()
    path = f"/assignments/{assignment}/return"
    house.go_to(written)
    if in_time:
        assert (await house.do("officer", path, asks(OTHER)))["assignments"][0]["return_pending"] is True
    else:
        await house.refuse("officer", path, asks(OTHER), status=409, code="return-window-over")


async def test_a_department_that_has_handed_an_appeal_on_sees_it_no_more(house: House) -> None:
    number, assignment = await house.assigned()
    await returned(house, assignment, who="officer", to=OTHER)
    assert (await house.ask("officer", "GET", f"/appeals/{number}")).status_code == 404
    assert (await house.ask("officer_other", "GET", f"/appeals/{number}")).status_code == 200


async def test_a_return_to_the_same_department_is_refused(house: House) -> None:
    _, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/return", asks(LEAD))
    await house.refuse("dispatcher", f"/assignments/{assignment}/return-ruling", upheld(), status=422, code="invalid")


async def test_a_transfer_moves_the_charge_and_leaves_the_due_date(house: House) -> None:
    number, assignment = await house.assigned()
    house.go_to("2026-03-05 10:00")
    body = {"department": OTHER, "reason": "职责调整。"}
    case = await house.do("dispatcher", f"/assignments/{assignment}/transfer", body)
    assert (case["lead_department"], case["due_day"]) == (OTHER, "2026-03-09")
    assert clock_of(case, "handling")["started_at"] == "2026-03-02T01:30:00Z"
    assert clock_of(case, "sign")["due_day"] == "2026-03-06"


async def test_a_transfer_does_not_count_as_a_return(house: House) -> None:
    number, assignment = await house.assigned()
    case = await house.do("dispatcher", f"/assignments/{assignment}/transfer", {"department": OTHER, "reason": "调整"})
    case = await returned(house, lead_of(case), who="officer_other", to=THIRD)
    assert case["assignments"][-1]["designated"] is False


async def test_a_transfer_to_a_department_that_holds_it_already_is_refused(house: House) -> None:
    _, assignment = await house.assigned(supports=[OTHER])
    for department in (LEAD, OTHER):
        body = {"department": department, "reason": "职责调整。"}
        await house.refuse("dispatcher", f"/assignments/{assignment}/transfer", body, status=422, code="invalid")


async def test_a_support_returns_its_part_and_the_lead_keeps_its_own(house: House) -> None:
    number, lead = await house.assigned(supports=[OTHER])
    (support,) = [one["id"] for one in (await house.read(number))["assignments"] if one["part"] == "support"]
    case = await returned(house, support, who="officer_other", to=THIRD)
    assert (case["lead_department"], lead_of(case)) == (LEAD, lead)
    active = [(one["department"], one["part"]) for one in case["assignments"] if one["ended_at"] is None]
    assert active == [(LEAD, "lead"), (THIRD, "support")]


async def test_the_department_does_not_rule_on_its_own_return(house: House) -> None:
    _, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/return", asks(OTHER))
    for who in ("officer", "head"):
        path = f"/assignments/{assignment}/return-ruling"
        await house.refuse(who, path, upheld(), status=403, code="role-not-allowed")
