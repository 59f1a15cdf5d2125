"""Suspending and shelving: an appeal waits for a listed cause or on a plan, and its days are not lost."""

from typing import Any

import pytest

from tests.house import House, clock_of

SUSPEND = {"cause": "statutory_step", "evidence": "专家评审通知〔2026〕12号"}
RESUME = {"reason": "评审意见已于3月12日收到。"}
SHELVE = {"plan": "3月20日前完成权属核查。", "milestone_on": "2026-03-20", "reason": "历史遗留问题。"}


async def suspended(house: House) -> str:
    """Suspend on Wednesday 2026-03-04 what was filed on Monday; return its number."""
    number, _ = await house.assigned()
    house.go_to("2026-03-04 10:00")
    await house.do("supervisor", f"/appeals/{number}/suspension", SUSPEND)
    return number


async def test_the_rest_of_the_limit_counts_from_the_day_of_resumption(house: House) -> None:
    number = await suspended(house)
    house.go_to("2026-03-12 15:00")
    case = await house.do("supervisor", f"/appeals/{number}/resumption", RESUME)
    # Used up: 03-03. Day 0 anew: 03-12. Four of five left: 13, 16, 17, 18. Fourteen of fifteen left: until 04-01.
    assert clock_of(case, "handling")["due_day"] == case["due_day"] == "2026-03-18"
    assert clock_of(case, "department_answer")["due_day"] == "2026-04-01"
    assert clock_of(case, "handling")["original_due_at"] == "2026-03-09T16:00:00Z"


async def test_what_is_suspended_is_neither_late_nor_warned_about(house: House) -> None:
    number = await suspended(house)
    house.go_to("2026-04-20")
    await house.sweep()
    case = await house.read(number)
    handling = clock_of(case, "handling")
    assert (case["late"], case["overdue"], handling["lamp"]) == (False, False, "grey")
    events = await house.items(f"/appeals/{number}/timeline")
    announced = {one["payload"]["clock"] for one in events if one["action"].startswith("clock_")}
    assert announced == {"sign", "contact"}, "what the department owes in its own house goes on"


async def test_pauses_twice_use_up_days_once_each(house: House) -> None:
    number = await suspended(house)
    house.go_to("2026-03-12 15:00")
    await house.do("supervisor", f"/appeals/{number}/resumption", RESUME)
    house.go_to("2026-03-17 09:00")  # used up since: 13, 16
    await house.do("supervisor", f"/appeals/{number}/suspension", SUSPEND)
    house.go_to("2026-03-23 09:00")
    case = await house.do("supervisor", f"/appeals/{number}/resumption", RESUME)
    assert case["due_day"] == "2026-03-25"  # two of five left: 24, 25
    assert len(clock_of(case, "handling")["pauses"]) == 2


@pytest.mark.parametrize(("change", "field"), [({"cause": "too_busy"}, "cause"), ({"evidence": "  "}, "evidence")])
async def test_a_suspension_needs_a_listed_cause_and_evidence(house: House, change: dict[str, str], field: str) -> None:
    number, _ = await house.assigned()
    path = f"/appeals/{number}/suspension"
    problem = await house.refuse("supervisor", path, SUSPEND | change, status=422, code="invalid")
    assert [fault["field"] for fault in problem["faults"]] == [field]
    assert (await house.read(number))["hold"] == "none"


async def test_what_is_late_is_not_suspended(house: House) -> None:
    number, _ = await house.assigned()
    house.go_to("2026-03-10")
    await house.refuse("supervisor", f"/appeals/{number}/suspension", SUSPEND, status=409, code="already-due")


@pytest.mark.parametrize("who", ["officer", "head", "dispatcher", "leader"])
async def test_only_the_supervisor_suspends_and_resumes(house: House, who: str) -> None:
    number, _ = await house.assigned()
    path = f"/appeals/{number}"
    await house.refuse(who, f"{path}/suspension", SUSPEND, status=403, code="role-not-allowed")
    await house.do("supervisor", f"{path}/suspension", SUSPEND)
    await house.refuse(who, f"{path}/resumption", RESUME, status=403, code="role-not-allowed")


async def test_the_cause_is_told_to_the_enterprise(house: House) -> None:
    number = await suspended(house)
    event = (await house.items(f"/appeals/{number}/timeline", "enterprise"))[-1]
    assert event["payload"]["cause_name"] == "法定听证、招标、检验、检测、鉴定或专家评审"


async def test_an_appeal_terminated_while_suspended_was_never_late(house: House) -> None:
    number = await suspended(house)
    house.go_to("2026-03-20 10:00")
    body = {"reason_code": "settled", "notice": "企业已和解撤回。"}
    case = await house.do("dispatcher", f"/appeals/{number}/termination", body)
    assert (clock_of(case, "handling")["late"], case["overdue"]) == (False, False)


async def shelved(house: House, **changes: Any) -> str:
    """Shelve on Wednesday 2026-03-04 what was filed on Monday; return its number."""
    number, _ = await house.assigned()
    house.go_to("2026-03-04 10:00")
    await house.do("leader", f"/appeals/{number}/shelving", SHELVE | changes)
    return number


async def test_a_shelved_appeal_pauses_and_its_leader_owes_the_milestone(house: House) -> None:
    case = await house.read(await shelved(house))
    assert (case["hold"], clock_of(case, "handling")["state"]) == ("shelved", "paused")
    assert (clock_of(case, "milestone")["state"], clock_of(case, "milestone")["owner"]) == ("running", "leader")


async def test_the_first_milestone_is_due_on_the_day_that_the_plan_names(house: House) -> None:
    case = await house.read(await shelved(house))
    assert clock_of(case, "milestone")["due_day"] == "2026-03-20"


async def test_a_first_milestone_lies_no_more_than_a_month_ahead(house: House) -> None:
    number, _ = await house.assigned()
    body = SHELVE | {"milestone_on": "2026-09-01"}
    await house.refuse("leader", f"/appeals/{number}/shelving", body, status=422, code="invalid")


@pytest.mark.parametrize("day", ["2026-03-02", "2026-02-27"])
async def test_a_milestone_lies_ahead(house: House, day: str) -> None:
    number, _ = await house.assigned()
    body = SHELVE | {"milestone_on": day}
    problem = await house.refuse("leader", f"/appeals/{number}/shelving", body, status=422, code="invalid")
    assert problem["faults"][0]["field"] == "milestone_on"


async def test_a_shelved_appeal_stays_in_every_list(house: House) -> None:
    number = await shelved(house)
    assert [one["number"] for one in await house.items("/appeals")] == [number]
    assert [one["number"] for one in await house.items("/appeals?order=due_at")] == [number]
    assert [(one["number"], one["lamp"]) for one in await house.items("/assignments", "officer")] == [(number, "grey")]


async def test_off_the_shelf_the_rest_of_the_limit_counts_from_that_day(house: House) -> None:
    number = await shelved(house)
    house.go_to("2026-03-12 15:00")
    case = await house.do("leader", f"/appeals/{number}/unshelving", {"reason": "政策已明确。"})
    assert (case["hold"], case["due_day"]) == ("none", "2026-03-18")
    assert clock_of(case, "milestone")["state"] == "stopped"


async def test_only_a_leader_shelves(house: House) -> None:
    number, _ = await house.assigned()
    for who in ("supervisor", "dispatcher", "officer", "enterprise"):
        await house.refuse(who, f"/appeals/{number}/shelving", SHELVE, status=403, code="role-not-allowed")


async def test_a_missed_milestone_is_announced(house: House) -> None:
    number = await shelved(house)
    house.go_to("2026-05-06")
    await house.sweep()
    events = await house.items(f"/appeals/{number}/timeline")
    breached = {one["payload"]["clock"] for one in events if one["action"] == "clock_breached"}
    assert "milestone" in breached
    assert "handling" not in breached
