"""What is missing is asked for once; the clocks wait for it, but not for ever."""

import pytest

from tests.house import House, clock_of

GAPS = {"gaps": ["缺少公示截图", "缺少开户行信息"]}
SUPPLY = {"text": "公示截图和开户许可证已补交。"}


async def asked(house: House, **request: object) -> str:
    """File on Monday 2026-03-02 and ask for a supplement on Wednesday; return the number."""
    house.go_to("2026-03-02 09:30")
    number = str((await house.file())["number"])
    house.go_to("2026-03-04 10:00")
    await house.do("dispatcher", f"/appeals/{number}/supplement-request", GAPS | request)
    return number


async def test_days_used_up_before_the_pause_stay_used_and_the_rest_counts_from_the_supply(house: House) -> None:
    number = await asked(house)
    waiting = await house.read(number)
    assert (waiting["hold"], clock_of(waiting, "handling")["state"]) == ("supplement", "paused")
    assert clock_of(waiting, "supplement")["due_day"] == "2026-03-11"
    house.go_to("2026-03-09 11:00")
    case = await house.do("enterprise", f"/appeals/{number}/supplement", SUPPLY)
    # Used up: 03-03. Day 0 anew: 03-09. Left 4 of 5, and 2 of 3 working days.
    assert case["hold"] == "none"
    assert (clock_of(case, "handling")["due_day"], clock_of(case, "acceptance")["due_day"]) == (
        "2026-03-13",
        "2026-03-11",
    )
    assert clock_of(case, "handling")["original_due_at"] == "2026-03-09T16:00:00Z"
    assert clock_of(case, "supplement")["state"] == "stopped"


async def test_the_request_may_state_its_own_date(house: House) -> None:
    number = await asked(house, limit="10 WD")
    assert clock_of(await house.read(number), "supplement")["due_day"] == "2026-03-18"


async def test_every_gap_is_told_to_the_enterprise(house: House) -> None:
    number = await asked(house)
    event = (await house.items(f"/appeals/{number}/timeline", "enterprise"))[-1]
    assert event["payload"]["gaps"] == GAPS["gaps"]


async def test_gaps_are_told_only_once(house: House) -> None:
    number = await asked(house)
    await house.do("enterprise", f"/appeals/{number}/supplement", SUPPLY)
    await house.refuse(
        "dispatcher", f"/appeals/{number}/supplement-request", GAPS, status=409, code="supplement-already-requested"
    )


async def test_nothing_is_decided_while_a_supplement_is_awaited(house: House) -> None:
    number = await asked(house)
    problem = await house.refuse(
        "dispatcher", f"/appeals/{number}/assignment", {}, status=409, code="action-not-possible"
    )
    assert problem["allowed"] == [
        "supply",
        "lapse",
        "issue_supplement_link",
        "terminate",
        "attach",
        "detach",
        "release_attachment",
    ]


async def test_nothing_is_late_while_the_enterprise_is_waited_for(house: House) -> None:
    number = await asked(house)
    house.go_to("2026-03-11 23:00")
    await house.sweep()
    case = await house.read(number)
    assert (case["late"], case["overdue"]) == (False, False)


async def test_the_sweep_reminds_two_and_one_working_days_before_due(house: House) -> None:
    number = await asked(house)
    reminded = []
    for written in ("2026-03-08 23:59:59.999999", "2026-03-09", "2026-03-09 23:00", "2026-03-10", "2026-03-11 23:59"):
        house.go_to(written)
        reminded.append((await house.sweep()).warned)
    assert reminded == [0, 1, 0, 1, 0]
    events = await house.items(f"/appeals/{number}/timeline")
    assert [one["payload"]["clock"] for one in events if one["action"] == "clock_warned"] == ["supplement"] * 2


async def test_a_supplement_lapses_after_its_date_and_a_delivered_reminder(house: House) -> None:
    number = await asked(house)
    house.go_to("2026-03-09")
    await house.sweep()
    house.go_to("2026-03-12")
    case = await house.do("dispatcher", f"/appeals/{number}/supplement-lapse")
    assert (case["status"], case["outcome"], case["hold"], case["owed"]) == ("closed", "terminated", "none", [])


@pytest.mark.parametrize("end", ["lapse", "withdraw", "terminate"])
async def test_an_appeal_that_ended_while_it_waited_for_the_enterprise_was_never_late(house: House, end: str) -> None:
    number = await asked(house)
    house.go_to("2026-03-10")
    await house.sweep()
    house.go_to("2026-03-12")  # after the handling date of 03-09, which stood still
    notice = {"reason_code": "settled", "notice": "已和解。"}
    ends = {
        "lapse": ("dispatcher", "supplement-lapse", None),
        "withdraw": ("enterprise", "withdrawal", {"reason": "已另行解决。"}),
        "terminate": ("dispatcher", "termination", notice),
    }
    who, path, body = ends[end]
    case = await house.do(who, f"/appeals/{number}/{path}", body)
    assert (clock_of(case, "handling")["late"], clock_of(case, "acceptance")["late"]) == (False, False)
    assert case["overdue"] is False


@pytest.mark.parametrize(
    ("written", "reminded", "code"),
    [
        ("2026-03-11 23:59:59.999999", True, "supplement-still-running"),
        ("2026-03-12", False, "reminder-not-delivered"),
    ],
)
async def test_a_supplement_does_not_lapse_early_or_without_a_reminder(
    house: House, written: str, reminded: bool, code: str
) -> None:
    number = await asked(house)
    if reminded:
        house.go_to("2026-03-10")
        await house.sweep()
    house.go_to(written)
    await house.refuse("dispatcher", f"/appeals/{number}/supplement-lapse", status=409, code=code)


async def test_a_reminder_sent_only_after_the_date_does_not_let_a_supplement_lapse(house: House) -> None:
    number = await asked(house)
    house.go_to("2026-03-16")  # the sweep stood still for a week
    await house.sweep()
    await house.refuse("dispatcher", f"/appeals/{number}/supplement-lapse", status=409, code="reminder-not-delivered")


async def test_a_supplement_that_comes_late_but_before_the_lapse_still_counts(house: House) -> None:
    number = await asked(house)
    house.go_to("2026-03-13 09:00")
    case = await house.do("enterprise", f"/appeals/{number}/supplement", SUPPLY)
    assert clock_of(case, "handling")["due_day"] == "2026-03-19"  # 16, 17, 18, 19
    assert clock_of(case, "supplement")["late"] is True


async def test_a_lapsed_appeal_may_be_filed_again(house: House) -> None:
    number = await asked(house)
    house.go_to("2026-03-10")
    await house.sweep()
    house.go_to("2026-03-12")
    await house.do("dispatcher", f"/appeals/{number}/supplement-lapse")
    assert (await house.file())["status"] == "received"
