"""A department's queue: what it holds, how urgent it is, and what waits for others."""

from tests.house import LEAD, House

FIRST_DUE, SECOND_DUE = "2026-03-09", "2026-03-12"


async def queued(house: House) -> tuple[str, str]:
    """Assign one appeal of Monday 2026-03-02 and one of Thursday; return their numbers."""
    house.go_to("2026-03-02 09:30")
    first, _ = await house.assigned()
    house.go_to("2026-03-05 09:30")
    second, _ = await house.assigned()
    return first, second


async def numbers(house: House, query: str = "", *, who: str = "officer") -> list[str]:
    """Return the numbers in a queue."""
    return [one["number"] for one in await house.items(f"/assignments{query}", who)]


async def test_what_is_due_first_comes_first(house: House) -> None:
    first, second = await queued(house)
    lines = await house.items("/assignments", "officer")
    assert [(one["number"], one["due_day"]) for one in lines] == [(first, FIRST_DUE), (second, SECOND_DUE)]


async def test_only_a_department_has_a_queue_and_only_its_own(house: House) -> None:
    await queued(house)
    assert await numbers(house, who="officer_other") == []
    for who in ("dispatcher", "leader", "enterprise"):
        await house.refuse(who, "/assignments", status=403, code="not-a-department", method="GET")


async def test_the_lamp_turns_with_time(house: House) -> None:
    first, second = await queued(house)
    lamps = {
        "2026-03-05 23:59:59.999999": ["green", "green"],
        "2026-03-06": ["yellow", "green"],  # one working day before 03-09
        "2026-03-09 23:59:59.999999": ["yellow", "green"],
        "2026-03-10": ["red", "green"],
        "2026-03-11": ["red", "yellow"],
        "2026-03-13": ["red", "red"],
    }
    for written, expected in lamps.items():
        house.go_to(written)
        assert [one["lamp"] for one in await house.items("/assignments", "officer")] == expected, written


async def test_each_lamp_filters_what_shines_in_it(house: House) -> None:
    first, second = await queued(house)
    held, _ = await house.assigned()
    await house.do("supervisor", f"/appeals/{held}/suspension", {"cause": "papers", "evidence": "通知"})
    for written in ("2026-03-05 12:00", "2026-03-06", "2026-03-10", "2026-03-11", "2026-03-13"):
        house.go_to(written)
        everything = await house.items("/assignments", "officer")
        for lamp in ("red", "yellow", "green", "grey"):
            expected = sorted(one["number"] for one in everything if one["lamp"] == lamp)
            assert sorted(await numbers(house, f"?lamp={lamp}")) == expected, (written, lamp)
        assert [one["number"] for one in everything if one["lamp"] == "grey"] == [held]


async def test_the_lamp_of_a_line_is_the_lamp_of_its_clock(house: House) -> None:
    first, _ = await queued(house)
    for written in ("2026-03-05 23:59", "2026-03-06", "2026-03-09 12:00", "2026-03-10"):
        house.go_to(written)
        (line,) = [one for one in await house.items("/assignments", "officer") if one["number"] == first]
        (clock,) = [one for one in (await house.read(first))["clocks"] if one["kind"] == "handling"]
        assert line["lamp"] == clock["lamp"], written


async def test_a_provisional_line_is_never_red(house: House) -> None:
    house.go_to("2026-12-28 09:30")
    number, _ = await house.assigned()
    house.go_to("2027-03-01")
    assert [(one["number"], one["lamp"]) for one in await house.items("/assignments", "officer")] == [
        (number, "yellow")
    ]
    assert await numbers(house, "?lamp=red") == []
    assert await numbers(house, "?lamp=yellow") == [number]


async def test_the_states_part_the_queue(house: House) -> None:
    unsigned, _ = await house.assigned()
    signed, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/signature")
    resolved, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/signature")
    await house.resolve(assignment)
    returning, assignment = await house.assigned()
    body = {"reason": "无此职责", "basis": "三定规定", "department": "finance"}
    await house.do("officer", f"/assignments/{assignment}/return", body)
    assert sorted(await numbers(house, "?state=unsigned")) == sorted([unsigned, returning])
    assert await numbers(house, "?state=handling") == [signed]
    assert await numbers(house, "?state=resolved") == [resolved]
    assert await numbers(house, "?state=return_pending") == [returning]


async def test_what_nobody_signs_before_it_is_answered_no_longer_waits_for_a_signature(house: House) -> None:
    number, assignment = await house.assigned()
    await house.resolve(assignment)
    assert await numbers(house, "?state=resolved") == [number]
    assert await numbers(house, "?state=unsigned") == []


async def test_due_before_is_a_bound_that_still_counts(house: House) -> None:
    first, second = await queued(house)
    assert await numbers(house, "?due_before=2026-03-10T00:00:00%2B08:00") == [first]
    assert await numbers(house, "?due_before=2026-03-09T23:59:59%2B08:00") == []
    assert await numbers(house, "?due_before=2026-04-01T00:00:00%2B08:00") == [first, second]


async def test_filters_go_together(house: House) -> None:
    first, second = await queued(house)
    house.go_to("2026-03-13")
    assert await numbers(house, "?lamp=red&due_before=2026-03-10T00:00:00%2B08:00&state=unsigned") == [first]
    assert await numbers(house, "?lamp=red&state=handling") == []


async def test_a_naive_instant_is_refused_by_name(house: House) -> None:
    path = "/assignments?due_before=2026-03-10T00:00:00"
    problem = await house.refuse("officer", path, status=422, code="invalid", method="GET")
    assert "时区" in problem["faults"][0]["reason"]


async def test_a_closed_appeal_leaves_the_queue(house: House) -> None:
    first, second = await queued(house)
    await house.do("enterprise", f"/appeals/{first}/withdrawal", {"reason": "已解决。"})
    assert await numbers(house) == [second]


async def test_an_extended_line_moves_back(house: House) -> None:
    first, second = await queued(house)
    (line,) = [one for one in await house.items("/assignments", "officer") if one["number"] == first]
    body = {"length": "5 WD", "reason": "等待", "progress": "已核对"}
    await house.do("officer", f"/assignments/{line['assignment_id']}/extension-request", body)
    await house.do("supervisor", f"/appeals/{first}/extension-ruling", {"grant": True, "reason": "同意"})
    assert await numbers(house) == [second, first]


async def test_pages_of_a_queue_give_every_line_once(house: House) -> None:
    expected = sorted([(await house.assigned())[0] for _ in range(7)])
    found: list[str] = []
    cursor = ""
    for _ in range(4):
        answer = (await house.ask("officer", "GET", f"/assignments?limit=2{cursor}")).json()
        found += [one["number"] for one in answer["items"]]
        cursor = f"&cursor={answer['next']}"
    assert (sorted(found), answer["next"]) == (expected, None)
    assert {one["department"] for one in await house.items("/assignments", "officer")} == {LEAD}
