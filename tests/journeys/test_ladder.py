"""What is late climbs the supervision ladder by itself, once for each rung, however often the sweep runs."""

import asyncio
from typing import Any

import pytest

from tests.house import LEAD, House, clock_of

Act = tuple[str, str]


async def quiet(house: House) -> tuple[str, str]:
    """File on Monday 2026-03-02 and leave nothing running but handling (03-09) and the department's answer (03-23)."""
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/signature")
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    return number, assignment


async def acts(house: House, number: str) -> list[Act]:
    """Return what the system did, with the clock or rung that it concerned."""
    events = await house.items(f"/appeals/{number}/timeline")
    own = [one for one in events if one["actor_roles"] == "system"]
    return [(one["action"], str(one["payload"].get("clock") or one["payload"].get("rung") or "")) for one in own]


async def sweep_at(house: House, written: str, *, times: int = 1) -> None:
    """Sweep as often as that at one instant."""
    house.go_to(written)
    for _ in range(times):
        await house.sweep()


LADDER: list[tuple[str, list[Act]]] = [
    ("2026-03-05 23:59:59.999999", []),
    ("2026-03-06", [("clock_warned", "handling")]),  # one working day before due
    ("2026-03-09 23:59:59.999999", []),
    ("2026-03-10", [("clock_breached", "handling")]),
    ("2026-03-10 23:59:59.999999", []),
    ("2026-03-11", [("supervise", "2")]),  # more than one working day overdue
    ("2026-03-12 23:59:59.999999", []),
    ("2026-03-13", [("clock_warned", "supervision_answer")]),  # the answer is due on 03-16
    ("2026-03-16 23:59:59.999999", []),
    ("2026-03-17", [("clock_breached", "supervision_answer"), ("supervise", "3")]),
]


@pytest.mark.parametrize("times", [1, 3])
async def test_each_rung_is_reached_at_its_instant_and_once(house: House, times: int) -> None:
    number, _ = await quiet(house)
    expected: list[Act] = []
    for written, new in LADDER:
        await sweep_at(house, written, times=times)
        expected += new
        assert await acts(house, number) == expected, written
    assert [one["rung"] for one in await house.items(f"/appeals/{number}/supervisions")] == [0, 1, 2, 3]


async def test_an_escalation_is_the_last_rung_that_time_alone_reaches(house: House) -> None:
    number, _ = await quiet(house)
    for written, _ in LADDER:
        await sweep_at(house, written)
    for day in ("2026-03-20", "2026-03-21", "2026-03-24", "2026-04-30"):
        await sweep_at(house, day)
    case = await house.read(number)
    assert (case["rung"], case["supervised"]) == (3, True)
    assert [one["rung"] for one in await house.items(f"/appeals/{number}/supervisions")] == [0, 1, 2, 3]


async def test_breaches_mark_the_appeal_overdue_for_good(house: House) -> None:
    number, assignment = await quiet(house)
    await sweep_at(house, "2026-03-10")
    assert (await house.read(number))["overdue"] is True
    await house.resolve(assignment)
    await house.do("reviewer", f"/appeals/{number}/review", {"verdict": "pass"})
    case = await house.read(number)
    assert (case["overdue"], clock_of(case, "handling")["late"]) == (True, True)


async def test_late_is_a_fact_that_needs_no_sweep(house: House) -> None:
    number, _ = await quiet(house)
    house.go_to("2026-03-09 23:59:59.999999")
    assert (await house.read(number))["late"] is False
    house.go_to("2026-03-10")
    case = await house.read(number)
    assert (case["late"], clock_of(case, "handling")["lamp"]) == (True, "red")
    assert [one["number"] for one in await house.items("/appeals?late=true")] == [number]


@pytest.mark.parametrize(("written", "late"), [("2026-03-09 23:59:59.999999", False), ("2026-03-10", True)])
async def test_an_answer_at_the_due_instant_is_late_and_just_before_it_is_not(
    house: House, written: str, late: bool
) -> None:
    _, assignment = await quiet(house)
    house.go_to(written)
    case = await house.resolve(assignment)
    assert (clock_of(case, "handling")["late"], case["overdue"]) == (late, late)


async def ordered(house: House) -> tuple[str, list[dict[str, Any]]]:
    """Let an appeal climb to the escalation; return its number and the two orders."""
    number, _ = await quiet(house)
    for written, _ in LADDER:
        await sweep_at(house, written)
    rungs = await house.items(f"/appeals/{number}/supervisions")
    return number, [one for one in rungs if one["rung"] >= 2]


async def test_an_answered_order_climbs_no_further(house: House) -> None:
    number, _ = await quiet(house)
    await sweep_at(house, "2026-03-11")
    (order,) = [one for one in await house.items(f"/appeals/{number}/supervisions") if one["rung"] == 2]
    house.go_to("2026-03-16 23:59:59.999999")
    await house.do("officer", f"/supervisions/{order['id']}/answer", {"text": "已于今日拨付。"})
    await sweep_at(house, "2026-04-30")
    assert (await house.read(number))["rung"] == 2


@pytest.mark.parametrize("answered", [0, 1])
async def test_an_answer_stops_only_its_own_clock(house: House, answered: int) -> None:
    number, orders = await ordered(house)
    house.go_to("2026-03-18 10:00")
    case = await house.do("officer", f"/supervisions/{orders[answered]['id']}/answer", {"text": "已拨付。"})
    clocks = [one for one in case["clocks"] if one["kind"] == "supervision_answer"]
    stopped = [one["state"] == "stopped" for one in sorted(clocks, key=lambda one: str(one["started_at"]))]
    assert stopped == [answered == 0, answered == 1]


async def test_an_order_is_answered_once_and_by_its_own_department(house: House) -> None:
    _, (order, _) = await ordered(house)
    path = f"/supervisions/{order['id']}/answer"
    await house.refuse("officer_other", path, {"text": "已办。"}, status=404, code="not-found")
    await house.do("officer", path, {"text": "已办。"})
    await house.refuse("officer", path, {"text": "再答。"}, status=409, code="supervision-answered")


async def test_reminders_and_urgings_are_not_answered(house: House) -> None:
    number, _ = await quiet(house)
    await sweep_at(house, "2026-03-10")
    for rung in await house.items(f"/appeals/{number}/supervisions"):
        await house.refuse(
            "officer", f"/supervisions/{rung['id']}/answer", {"text": "已办。"}, status=404, code="not-found"
        )


async def test_what_nobody_signs_is_signed_by_the_system_with_a_late_mark(house: House) -> None:
    number, assignment = await house.assigned()
    await sweep_at(house, "2026-03-03 23:59:59.999999")
    assert (await house.read(number))["assignments"][0]["signed_at"] is None
    await sweep_at(house, "2026-03-04")
    (charge,) = (await house.read(number))["assignments"]
    assert (charge["signed_late"], charge["signed_at"]) == (True, "2026-03-03T16:00:00Z")
    await house.refuse("officer", f"/assignments/{assignment}/signature", status=409, code="already-signed")


async def test_what_is_signed_in_time_bears_no_late_mark(house: House) -> None:
    number, assignment = await house.assigned()
    house.go_to("2026-03-03 23:59:59.999999")
    await house.do("officer", f"/assignments/{assignment}/signature")
    await sweep_at(house, "2026-03-04")
    assert (await house.read(number))["assignments"][0]["signed_late"] is False


async def test_an_unassigned_appeal_is_swept_like_any_other(house: House) -> None:
    number = (await house.file())["number"]
    for day in ("2026-03-04", "2026-03-06", "2026-03-10", "2026-03-11"):
        await sweep_at(house, day)
    assert sorted(await acts(house, number)) == [
        ("clock_breached", "acceptance"),
        ("clock_breached", "handling"),
        ("clock_warned", "acceptance"),
        ("clock_warned", "handling"),
        ("supervise", "2"),
    ]


async def test_the_sweep_catches_up_after_weeks_in_the_order_in_which_things_came_due(house: House) -> None:
    number, _ = await house.assigned()
    await sweep_at(house, "2026-04-20")
    assert await acts(house, number) == [
        ("clock_warned", "sign"),
        ("clock_warned", "contact"),
        ("clock_breached", "sign"),
        ("sign", ""),
        ("clock_breached", "contact"),
        ("clock_warned", "handling"),
        ("clock_breached", "handling"),
        ("supervise", "2"),
        ("clock_warned", "department_answer"),
        ("clock_breached", "department_answer"),
    ]


async def test_an_order_that_comes_late_gives_its_full_time_for_an_answer(house: House) -> None:
    number, _ = await quiet(house)
    await sweep_at(house, "2026-04-20")
    answer = clock_of(await house.read(number), "supervision_answer")
    assert (answer["started_at"], answer["due_day"]) == ("2026-04-19T16:00:00Z", "2026-04-23")


async def test_after_the_answer_the_sweep_leaves_the_appeal_alone(house: House) -> None:
    number, assignment = await quiet(house)
    await house.resolve(assignment)
    await house.do("reviewer", f"/appeals/{number}/review", {"verdict": "pass"})
    visit = {"way": "电话", "contacted": True, "solved": True, "satisfied": True}
    await house.do("callback", f"/appeals/{number}/visits", visit)
    await sweep_at(house, "2026-06-30")
    assert await acts(house, number) == []


async def test_a_provisional_clock_is_warned_about_and_never_breached(house: House) -> None:
    house.go_to("2026-12-28 10:00")
    filed = await house.file()
    handling = clock_of(filed, "handling")
    assert (handling["provisional"], handling["due_day"][:4]) == (True, "2027")
    assert clock_of(filed, "acceptance")["due_day"] == "2026-12-31"
    assert clock_of(filed, "acceptance")["provisional"] is False
    await sweep_at(house, "2027-03-01", times=2)
    assert await acts(house, filed["number"]) == [
        ("clock_warned", "acceptance"),
        ("clock_breached", "acceptance"),
        ("clock_warned", "handling"),
    ]
    case = await house.read(filed["number"])
    assert (case["late"], case["overdue"], clock_of(case, "handling")["lamp"]) == (False, False, "yellow")
    assert await house.items("/appeals?late=true") == []


async def test_a_breach_names_who_owes_the_answer(house: House) -> None:
    number, _ = await quiet(house)
    await sweep_at(house, "2026-03-10")
    event = (await house.items(f"/appeals/{number}/timeline"))[-1]
    assert (event["payload"]["owner"], event["actor_name"]) == ("officer", "系统")
    case = await house.read(number)
    assert case["owed"][0]["owner_department"] == LEAD
    (urging,) = [one for one in await house.items(f"/appeals/{number}/supervisions") if one["rung"] == 1]
    assert "2026-03-09" in urging["reason"]


async def test_sweeps_at_the_same_time_announce_everything_once_between_them(house: House) -> None:
    numbers = [(await quiet(house))[0] for _ in range(6)]
    house.go_to("2026-03-11")
    counts = await asyncio.gather(*(house.sweep() for _ in range(3)))
    assert sum(count.total for count in counts) == 3 * len(numbers)
    for number in numbers:
        assert await acts(house, number) == [
            ("clock_warned", "handling"),
            ("clock_breached", "handling"),
            ("supervise", "2"),
        ]


async def test_many_appeals_are_swept_in_one_go(house: House) -> None:
    numbers = [(await house.file())["number"] for _ in range(12)]
    house.go_to("2026-03-10")
    count = await house.sweep()
    assert (count.warned, count.breached) == (24, 24)
    assert {number: (await house.read(number))["overdue"] for number in numbers} == dict.fromkeys(numbers, True)
