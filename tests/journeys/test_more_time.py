"""More time: an extension asked for in time, and a harder level counted from the original start."""

from datetime import datetime
from typing import Any

import pytest

from tests.house import House, at, clock_of

LENGTH = {"length": "5 WD", "reason": "须等待银行退汇信息。", "progress": "已核对公示名单。"}
GRANT = {"grant": True, "reason": "情况属实。"}
DENY = {"grant": False, "reason": "应按期办结。"}
HARDER = {"level": "difficult", "reason": "涉及三个部门，须现场核查。"}


async def asked(house: House, written: str = "2026-03-06 17:00") -> tuple[str, str]:
    """Ask for an extension of what is due on Monday 2026-03-09; return number and assignment."""
    number, assignment = await house.assigned()
    house.go_to(written)
    await house.do("officer", f"/assignments/{assignment}/extension-request", LENGTH)
    return number, assignment


async def test_an_extension_counts_from_the_old_due_day_which_is_kept(house: House) -> None:
    number, _ = await asked(house)
    case = await house.do("supervisor", f"/appeals/{number}/extension-ruling", GRANT)
    handling = clock_of(case, "handling")
    assert handling["due_day"] == "2026-03-16"  # 10, 11, 12, 13, 16
    assert (handling["original_due_at"], handling["extensions"]) == ("2026-03-09T16:00:00Z", ["5 WD"])
    assert case["assignments"][0]["due_at"] == case["due_at"], "the order shows the new date too"
    assert datetime.fromisoformat(case["due_at"]) == at("2026-03-17"), "late from the midnight that ends the due day"


async def test_the_enterprise_is_told_of_an_extension(house: House) -> None:
    number, _ = await asked(house)
    await house.do("supervisor", f"/appeals/{number}/extension-ruling", GRANT)
    event = (await house.items(f"/appeals/{number}/timeline", "enterprise"))[-1]
    assert (event["reason"], event["payload"]["length"]) == (GRANT["reason"], "5 WD")
    assert event["payload"]["new_due_at"].startswith("2026-03-16T16:00")


@pytest.mark.parametrize(
    ("written", "working_days_before"),
    [("2026-03-06 23:59:59.999999", 1), ("2026-03-08 12:00", 1), ("2026-03-09 00:00", 0), ("2026-03-10 09:00", -1)],
)
async def test_an_extension_is_asked_for_at_least_one_working_day_before_due(
    house: House, written: str, working_days_before: int
) -> None:
    _, assignment = await house.assigned()
    house.go_to(written)
    path = f"/assignments/{assignment}/extension-request"
    if working_days_before >= 1:
        assert (await house.do("officer", path, LENGTH))["due_day"] == "2026-03-09", "asking changes no date"
    else:
        await house.refuse("officer", path, LENGTH, status=409, code="extension-too-late")


async def test_an_extension_is_granted_once(house: House) -> None:
    number, assignment = await asked(house)
    path = f"/assignments/{assignment}/extension-request"
    await house.refuse("officer", path, LENGTH, status=409, code="extension-pending")
    await house.do("supervisor", f"/appeals/{number}/extension-ruling", GRANT)
    await house.refuse("officer", path, LENGTH, status=409, code="no-extension-left")


@pytest.mark.parametrize("length", ["6 WD", "1 m", "5 d"])
async def test_an_extension_is_capped_by_the_policy(house: House, length: str) -> None:
    _, assignment = await house.assigned()
    path = f"/assignments/{assignment}/extension-request"
    problem = await house.refuse("officer", path, LENGTH | {"length": length}, status=422, code="invalid")
    assert "5个工作日" in problem["faults"][0]["reason"]


async def test_a_denied_extension_leaves_the_due_date_and_may_be_asked_for_anew(house: House) -> None:
    number, assignment = await asked(house)
    case = await house.do("supervisor", f"/appeals/{number}/extension-ruling", DENY)
    assert (case["due_day"], clock_of(case, "handling")["extensions"]) == ("2026-03-09", [])
    again = await house.do("officer", f"/assignments/{assignment}/extension-request", LENGTH)
    assert again["due_day"] == "2026-03-09"


async def test_an_extension_is_not_granted_once_the_appeal_is_late(house: House) -> None:
    number, _ = await asked(house)
    house.go_to("2026-03-10")
    await house.refuse("supervisor", f"/appeals/{number}/extension-ruling", GRANT, status=409, code="already-due")
    case = await house.do("supervisor", f"/appeals/{number}/extension-ruling", DENY)
    assert case["late"] is True


async def test_without_a_request_there_is_nothing_to_rule_on(house: House) -> None:
    number, _ = await house.assigned()
    await house.refuse(
        "supervisor", f"/appeals/{number}/extension-ruling", GRANT, status=409, code="no-extension-pending"
    )


async def test_a_support_does_not_ask_for_time(house: House) -> None:
    number, _ = await house.assigned(supports=["finance"])
    (support,) = [one["id"] for one in (await house.read(number))["assignments"] if one["part"] == "support"]
    path = f"/assignments/{support}/extension-request"
    await house.refuse("officer_other", path, LENGTH, status=409, code="not-the-lead")


async def test_the_extended_clock_is_warned_about_and_breached_by_its_new_date(house: House) -> None:
    number, assignment = await asked(house)
    await house.do("supervisor", f"/appeals/{number}/extension-ruling", GRANT)
    house.go_to("2026-03-16 23:59:59.999999")
    await house.sweep()
    assert not await handling_acts(house, number, "clock_breached")
    house.go_to("2026-03-17")
    await house.sweep()
    assert len(await handling_acts(house, number, "clock_breached")) == 1


async def handling_acts(house: House, number: str, action: str) -> list[dict[str, Any]]:
    """Return what the sweep announced of the handling clock."""
    events = await house.items(f"/appeals/{number}/timeline")
    return [one for one in events if one["action"] == action and one["payload"]["clock"] == "handling"]


@pytest.mark.parametrize("status", ["received", "assigned"])
async def test_a_raised_level_counts_from_the_original_start(house: House, status: str) -> None:
    number = (await house.file())["number"] if status == "received" else (await house.assigned())[0]
    house.go_to("2026-03-09 23:59:59.999999")
    case = await house.do("dispatcher", f"/appeals/{number}/regrade", HARDER)
    handling = clock_of(case, "handling")
    assert (case["level"], handling["limit"], handling["started_at"]) == ("difficult", "15 WD", "2026-03-02T01:30:00Z")
    assert (handling["due_day"], handling["original_due_at"]) == ("2026-03-23", "2026-03-09T16:00:00Z")


async def test_what_is_late_is_not_regraded(house: House) -> None:
    number, _ = await house.assigned()
    house.go_to("2026-03-10")
    await house.refuse("dispatcher", f"/appeals/{number}/regrade", HARDER, status=409, code="already-due")


async def test_what_is_late_is_not_made_difficult_on_dispatch_either(house: House) -> None:
    number = (await house.file())["number"]
    house.go_to("2026-03-10")
    path = f"/appeals/{number}/assignment"
    await house.refuse("dispatcher", path, {"lead": "economy", "level": "difficult"}, status=409, code="already-due")
    assert (await house.do("dispatcher", path, {"lead": "economy"}))["late"] is True


async def test_a_level_chosen_on_dispatch_counts_from_the_receipt(house: House) -> None:
    number = (await house.file())["number"]
    house.go_to("2026-03-04 10:00")
    body = {"lead": "economy", "level": "difficult"}
    assert (await house.do("dispatcher", f"/appeals/{number}/assignment", body))["due_day"] == "2026-03-23"


async def test_a_level_is_never_lowered(house: House) -> None:
    number, _ = await house.assigned()
    await house.do("dispatcher", f"/appeals/{number}/regrade", HARDER)
    for level in ("ordinary", "difficult"):
        body = HARDER | {"level": level}
        await house.refuse("dispatcher", f"/appeals/{number}/regrade", body, status=422, code="invalid")


async def test_a_dispatch_order_does_not_lower_a_level(house: House) -> None:
    number = (await house.file())["number"]
    await house.do("dispatcher", f"/appeals/{number}/regrade", HARDER)
    body = {"lead": "economy", "level": "ordinary"}
    await house.refuse("dispatcher", f"/appeals/{number}/assignment", body, status=422, code="invalid")


async def test_a_difficult_appeal_may_be_extended_by_ten_working_days(house: House) -> None:
    number, assignment = await house.assigned(level="difficult")
    body = LENGTH | {"length": "10 WD"}
    await house.do("officer", f"/assignments/{assignment}/extension-request", body)
    case = await house.do("supervisor", f"/appeals/{number}/extension-ruling", GRANT)
    # After 03-23: 24 25 26 27 30 31 04-01 02 03, [04-04 to 04-06 off], 04-07.
    assert case["due_day"] == "2026-04-07"
