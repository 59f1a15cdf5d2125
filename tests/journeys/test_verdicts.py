"""Whether a clock was in time: fixed when it stops, asked for as of any instant, taken back where a calendar erred."""

import asyncio
from typing import Any

import pytest

from tests.house import House, at, clock_of
from tests.journeys.test_calendars import LOCAL, amendment, filed_everywhere, published

# Handling runs from Monday 2026-03-02 and is due on Monday 03-09; with three days taken off it is due on 03-12.
CORRECTION = amendment(1, "2026-03-04/2026-03-06", issued_on="2026-03-02")


async def judged(house: House, number: str, as_of: str = "", who: str = "leader") -> dict[str, Any]:
    """Return what is said of handling, now or as of a time of Shanghai."""
    query = {"as_of": at(as_of).isoformat()} if as_of else {}
    headers = {"Authorization": f"Bearer {house.keys[who]}"}
    answer = await house.client.get(f"/api/v1/appeals/{number}/verdicts", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    (found,) = [one for one in answer.json()["items"] if one["kind"] == "handling"]
    return dict(found)


async def sweep_at(house: House, written: str) -> None:
    """Sweep at an instant; a sweep that never ends fails."""
    house.go_to(written)
    await asyncio.wait_for(house.sweep(), timeout=15)


async def announced(house: House, number: str) -> list[tuple[str, str]]:
    """Return what was announced about handling or by a new calendar, in order."""
    rows = await house.rows(
        "SELECT e.announces, e.payload ->> 'clock' AS clock FROM event e JOIN appeal a ON a.id = e.appeal_id "
        "WHERE a.number = :number ORDER BY e.sequence",
        number=number,
    )
    return [
        (row["announces"], row["clock"] or "")
        for row in rows
        if row["clock"] in (None, "handling") and row["announces"].startswith("clock.")
    ]


async def rungs(house: House, number: str) -> list[tuple[int, bool]]:
    """Return the rungs recorded for handling, oldest first, and whether each was withdrawn."""
    rows = await house.rows(
        "SELECT s.rung, s.withdrawn_at IS NOT NULL AS withdrawn FROM supervision s JOIN clock c ON c.id = s.clock_id "
        "JOIN appeal a ON a.id = s.appeal_id WHERE a.number = :number AND c.kind = 'handling' "
        "ORDER BY s.issued_at, s.rung",
        number=number,
    )
    return [(row["rung"], row["withdrawn"]) for row in rows]


async def quiet(house: House) -> tuple[str, str]:
    """Leave nothing running but handling and the department's answer."""
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/signature")
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    return number, assignment


async def climbed(house: House) -> tuple[str, str]:
    """Let handling be warned about, breached and ordered under the calendar that is going to be corrected."""
    number, assignment = await quiet(house)
    for written in ("2026-03-06", "2026-03-10", "2026-03-11"):
        await sweep_at(house, written)
    assert await rungs(house, number) == [(0, False), (1, False), (2, False)]
    return number, assignment


# The verdict ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stopped_at", "verdict", "late_by", "sentence"),
    [
        ("2026-03-09 23:59:59.999999", "on_time", 0, "按期"),
        ("2026-03-10", "late", 1, "超期1个工作日"),
        ("2026-03-13 10:00", "late", 4, "超期4个工作日"),
        ("2026-03-14 10:00", "late", 4, "超期4个工作日"),
    ],
)
async def test_a_verdict_is_fixed_when_the_clock_stops_and_told_in_a_sentence(
    house: House, stopped_at: str, verdict: str, late_by: int, sentence: str
) -> None:
    number, assignment = await quiet(house)
    running = clock_of(await house.read(number), "handling")
    assert (running["verdict"], running["late_by"]) == (None, None)
    house.go_to(stopped_at)
    clock = clock_of(await house.resolve(assignment), "handling")
    assert (clock["verdict"], clock["late_by"]) == (verdict, late_by)
    explained = (await house.ask("leader", "GET", f"/clocks/{clock['id']}/explanation")).json()
    (said,) = [one for one in explained["sentences"] if "停止计算" in one]
    assert sentence in said
    assert clock["calendar_version"] in said


async def test_a_late_stop_on_a_rest_day_right_after_the_due_day_is_late_by_less_than_one_working_day(
    house: House,
) -> None:
    house.go_to("2026-03-13 10:00")
    _, assignment = await quiet(house)
    house.go_to("2026-03-21 10:00")
    clock = clock_of(await house.resolve(assignment), "handling")
    assert (clock["due_day"], clock["verdict"], clock["late_by"]) == ("2026-03-20", "late", 0)
    explained = (await house.ask("leader", "GET", f"/clocks/{clock['id']}/explanation")).json()
    assert any("超期不足一个工作日" in one for one in explained["sentences"])


async def test_what_is_only_projected_when_it_stops_is_not_judged(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    number, assignment = await quiet(house)
    house.go_to("2027-01-08 09:00")
    await house.sweep()
    clock = clock_of(await house.resolve(assignment), "handling")
    assert (clock["provisional"], clock["verdict"], clock["late_by"], clock["late"]) == (True, "unjudged", None, False)
    assert (await house.read(number))["overdue"] is False


async def test_a_stopped_clock_keeps_its_verdict_when_another_calendar_comes(house: House) -> None:
    number, assignment = await quiet(house)
    house.go_to("2026-03-11 10:00")
    await house.resolve(assignment)
    before = clock_of(await house.read(number), "handling")
    (row,) = await house.rows("SELECT * FROM clock WHERE kind = 'handling'")
    await published(house, CORRECTION)
    after = clock_of(await house.read(number), "handling")
    assert (after["verdict"], after["late_by"], after["due_day"]) == ("late", 2, "2026-03-09")
    assert after == before
    assert await house.rows("SELECT * FROM clock WHERE kind = 'handling'") == [row]


async def test_what_is_said_of_a_stopped_clock_does_not_change_with_a_later_calendar(house: House) -> None:
    number, assignment = await quiet(house)
    house.go_to("2026-03-12 10:00")
    clock = clock_of(await house.resolve(assignment), "handling")
    before = await judged(house, number)
    assert before["late_by"] == clock["late_by"] == 3
    await published(house, amendment(2, "2026-03-10/2026-03-11", issued_on="2026-03-12"))
    assert await judged(house, number) == before
    assert await judged(house, number, "2026-03-12 10:00") == before


async def test_the_version_that_a_verdict_names_is_the_one_that_counted_the_lateness(house: House) -> None:
    number, assignment = await quiet(house)
    taken_off = await published(house, amendment(2, "2026-03-11/2026-03-12", issued_on="2026-03-02"))
    house.go_to("2026-03-13 10:00")
    clock = clock_of(await house.resolve(assignment), "handling")
    assert (clock["due_day"], clock["late_by"]) == ("2026-03-09", 2)  # 03-10 and 03-13
    assert clock["calendar_version"] == taken_off["publication"]["version"]
    assert (await judged(house, number))["calendar_version"] == clock["calendar_version"]


# As of an instant ----------------------------------------------------------------------------------------------------


async def test_every_instant_is_judged_by_what_was_known_then(house: House) -> None:
    number, assignment = await quiet(house)
    house.go_to("2026-03-11 09:00")
    applied = (await published(house, CORRECTION))["publication"]
    house.go_to("2026-03-16 09:00")
    await house.resolve(assignment)
    for as_of, state, due_day, late, late_by in (
        ("2026-03-02 09:30", "running", "2026-03-09", False, 0),
        ("2026-03-09 23:59:59.999999", "running", "2026-03-09", False, 0),
        ("2026-03-11 08:59:59", "running", "2026-03-09", True, 2),
        ("2026-03-11 09:00", "running", "2026-03-12", False, 0),
        ("2026-03-12 23:59:59", "running", "2026-03-12", False, 0),
        ("2026-03-13", "running", "2026-03-12", True, 1),
        ("2026-03-16 09:00", "stopped", "2026-03-12", True, 2),
        ("2030-01-01", "stopped", "2026-03-12", True, 2),
    ):
        said = await judged(house, number, as_of)
        assert (said["state"], said["due_day"], said["late"], said["late_by"]) == (state, due_day, late, late_by), as_of
        assert (said["calendar_version"] == applied["version"]) is (due_day == "2026-03-12")
    assert (await judged(house, number))["verdict"] == "late"
    assert (await judged(house, number, "2026-03-13"))["verdict"] is None


async def test_before_a_jurisdiction_had_a_calendar_of_its_own_it_was_judged_by_the_countrys(house: House) -> None:
    number = (await filed_everywhere(house))["jingmen"]
    house.go_to("2026-03-12 09:00")
    before = await judged(house, number, "2026-03-11 09:00", "everywhere")
    assert (before["due_day"], before["late_by"]) == ("2026-03-09", 2)
    await published(house, LOCAL)
    assert await judged(house, number, "2026-03-11 09:00", "everywhere") == before


async def test_nothing_is_said_of_what_had_not_begun(house: House) -> None:
    number, _ = await quiet(house)
    answer = await house.ask("leader", "GET", f"/appeals/{number}/verdicts?as_of=2026-03-02T01:29:59Z")
    assert (answer.status_code, answer.json()["items"]) == (200, [])


@pytest.mark.parametrize(
    "as_of",
    [
        "2006-12-31T00:00:00Z",
        "2101-06-01T00:00:00Z",
        "2026-03-02",
        "2026-03-02T00:00:00",
        "tomorrow",
        "1e9",
        "9999-12-31T23:59:59Z",
    ],
)
async def test_an_instant_that_no_calendar_holds_is_refused(house: House, as_of: str) -> None:
    number, _ = await quiet(house)
    path = f"/appeals/{number}/verdicts?as_of={as_of}"
    await house.refuse("leader", path, status=422, code="invalid", method="GET")


async def test_verdicts_are_shown_to_whom_the_appeal_is(house: House) -> None:
    number, _ = await quiet(house)
    path = f"/appeals/{number}/verdicts"
    assert (await house.ask("enterprise", "GET", path)).status_code == 200
    for who in ("rival", "foreign_dispatcher", "administrator"):
        await house.refuse(who, path, status=404, code="not-found", method="GET")


# Former due dates ----------------------------------------------------------------------------------------------------


async def test_every_former_due_date_is_kept_and_told_with_its_cause(house: House) -> None:
    number, assignment = await quiet(house)
    ask = {"length": "5 WD", "reason": "须等待银行退汇信息。", "progress": "已核对公示名单。"}
    await house.do("officer", f"/assignments/{assignment}/extension-request", ask)
    house.go_to("2026-03-03 10:00")
    grant = {"grant": True, "reason": "情况属实。"}
    await house.do("supervisor", f"/appeals/{number}/extension-ruling", grant)
    house.go_to("2026-03-04 10:00")
    await published(house, amendment(3, "2026-03-12", issued_on="2026-03-04"))
    clock = clock_of(await house.read(number), "handling")
    assert clock["due_day"] == "2026-03-17"
    assert [(one["cause"], one["due_at"][:10]) for one in clock["former_dues"]] == [
        ("extension", "2026-03-09"),
        ("calendar", "2026-03-16"),
    ]
    explained = (await house.ask("leader", "GET", f"/clocks/{clock['id']}/explanation")).json()
    told = [one for one in explained["sentences"] if one.startswith("到期日原为")]
    assert ("因延期改为" in told[0], "因工作日历更新改为现到期日" in told[1]) == (True, True)
    assert "因延期改为现到期日" not in told[0], "it was changed to the next one, which holds no more"


# A breach that a calendar takes back ---------------------------------------------------------------------------------


async def test_a_breach_that_does_not_stand_is_withdrawn_by_an_event_and_a_real_one_is_announced_again(
    house: House,
) -> None:
    number, _ = await climbed(house)
    house.go_to("2026-03-11 09:00")
    totals = (await published(house, CORRECTION))["totals"]
    assert totals["withdrawn"] == 1
    (clock,) = await house.rows("SELECT * FROM clock WHERE kind = 'handling'")
    assert (clock["breached_at"], clock["ordered_at"], str(clock["due_day"])) == (None, None, "2026-03-12")
    case = await house.read(number)
    assert (case["overdue"], case["late"], clock_of(case, "handling")["late"]) == (False, False, False)
    assert await rungs(house, number) == [(0, True), (1, True), (2, True)], "kept, and marked"

    await sweep_at(house, "2026-03-11 09:00")
    await sweep_at(house, "2026-03-12 23:59:59.999999")
    assert (await house.read(number))["overdue"] is False
    await sweep_at(house, "2026-03-13")
    assert (await house.read(number))["overdue"] is True
    for written in ("2026-03-14", "2026-03-20", "2026-04-30"):
        await sweep_at(house, written)
    assert await announced(house, number) == [
        ("clock.warned", "handling"),
        ("clock.breached", "handling"),
        ("clock.breach_withdrawn", ""),
        ("clock.warned", "handling"),
        ("clock.breached", "handling"),
    ]
    assert (await rungs(house, number))[3:6] == [(0, False), (1, False), (2, False)]


async def test_an_appeal_stays_overdue_while_another_promise_is_broken(house: House) -> None:
    number = (await house.file(petition=True))["number"]
    await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": "economy"})
    (procedural,) = await house.rows("SELECT due_at FROM clock WHERE kind = 'procedural_reply'")
    await sweep_at(house, "2026-03-11")
    assert procedural["due_at"] <= house.now
    await published(house, CORRECTION)
    clocks = await house.rows("SELECT kind, breached_at IS NOT NULL AS breached FROM clock ORDER BY kind")
    assert {row["kind"]: row["breached"] for row in clocks}.items() >= {
        "handling": False,
        "procedural_reply": True,
    }.items()
    assert (await house.read(number))["overdue"] is True


async def test_an_order_that_was_withdrawn_is_not_escalated(house: House) -> None:
    number, assignment = await climbed(house)
    house.go_to("2026-03-11 09:00")
    await published(house, CORRECTION)
    house.go_to("2026-03-12 09:00")
    await house.resolve(assignment)
    await sweep_at(house, "2026-04-30")
    assert max(one["rung"] for one in await house.items(f"/appeals/{number}/supervisions")) == 2
    assert clock_of(await house.read(number), "handling")["verdict"] == "on_time"


async def test_the_answer_to_an_order_that_was_withdrawn_is_owed_no_more(house: House) -> None:
    number, _ = await climbed(house)
    house.go_to("2026-03-11 09:00")
    await published(house, CORRECTION)
    assert clock_of(await house.read(number), "supervision_answer")["state"] == "stopped"


async def test_an_escalation_falls_with_the_order_that_it_stands_on(house: House) -> None:
    number, _ = await climbed(house)
    await sweep_at(house, "2026-03-13")
    await sweep_at(house, "2026-03-17")
    assert (await house.read(number))["rung"] == 3
    notice = amendment(13, "2026-03-03/2026-03-06", issued_on="2026-03-17")
    notice["break"] += [{"name": "另两天", "off": ["2026-03-09/2026-03-10"], "make_up": []}]
    await published(house, notice)
    assert (await house.read(number))["due_day"] == "2026-03-17"
    rows = await house.rows("SELECT rung FROM supervision WHERE withdrawn_at IS NULL")
    assert rows == []
    case = await house.read(number)
    assert [one["state"] for one in case["clocks"] if one["kind"] == "supervision_answer"] == ["stopped", "stopped"]


async def test_a_breach_of_a_shelved_appeal_is_withdrawn_like_any_other(house: House) -> None:
    number, _ = await climbed(house)
    plan = {"plan": "3月20日前完成权属核查。", "milestone_on": "2026-03-20", "reason": "历史遗留问题。"}
    await house.do("leader", f"/appeals/{number}/shelving", plan)
    house.go_to("2026-03-18 09:00")
    await published(house, CORRECTION)
    case = await house.read(number)
    handling = clock_of(case, "handling")
    assert (handling["state"], handling["due_day"], handling["late"]) == ("paused", "2026-03-12", False)
    assert (case["overdue"], await rungs(house, number)) == (False, [(0, True), (1, True), (2, True)])


async def test_who_reads_the_ladder_sees_what_was_withdrawn(house: House) -> None:
    number, _ = await climbed(house)
    house.go_to("2026-03-11 09:00")
    await published(house, CORRECTION)
    listed = await house.items(f"/appeals/{number}/supervisions")
    assert [one.get("withdrawn_at") for one in listed] == ["2026-03-11T01:00:00Z"] * 3


async def test_an_order_comes_at_the_end_of_the_next_working_day_also_when_a_notice_brings_that_day_nearer(
    house: House,
) -> None:
    house.go_to("2026-03-06 09:00")
    number, _ = await quiet(house)
    await sweep_at(house, "2026-03-12")
    await sweep_at(house, "2026-03-14")  # due on Friday 03-13; without the notice the order comes after Monday
    notice = amendment(6, "2026-03-20", issued_on="2026-03-13")
    notice["break"][0]["make_up"] = ["2026-03-14"]
    await published(house, notice)
    await sweep_at(house, "2026-03-15")
    assert (2, False) in await rungs(house, number)


async def test_a_delay_that_was_noted_before_the_sweep_came_is_taken_back_too(house: House) -> None:
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/signature")
    house.go_to("2026-03-10 10:00")
    case = await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    assert case["overdue"] is True, "noted by the move; no sweep has announced it"
    await published(house, CORRECTION)
    assert (await house.read(number))["late"] is False
    assert (await house.read(number))["overdue"] is False


# Warned again --------------------------------------------------------------------------------------------------------


async def test_an_extension_after_the_warning_is_warned_about_again(house: House) -> None:
    number, assignment = await quiet(house)
    ask = {"length": "5 WD", "reason": "须等待银行退汇信息。", "progress": "已核对公示名单。"}
    await sweep_at(house, "2026-03-06")
    house.go_to("2026-03-06 10:00")
    await house.do("officer", f"/assignments/{assignment}/extension-request", ask)
    await house.do("supervisor", f"/appeals/{number}/extension-ruling", {"grant": True, "reason": "情况属实。"})
    await sweep_at(house, "2026-03-13")
    await sweep_at(house, "2026-03-18")
    assert await announced(house, number) == [
        ("clock.warned", "handling"),
        ("clock.warned", "handling"),
        ("clock.breached", "handling"),
    ]
    assert await rungs(house, number) == [(0, False), (0, False), (1, False), (2, False)]


async def test_a_due_date_that_comes_back_after_its_warning_does_not_stop_the_sweep(house: House) -> None:
    number, _ = await quiet(house)
    await sweep_at(house, "2026-03-06")
    await published(house, amendment(4, "2026-03-09", issued_on="2026-03-06"))
    assert (await house.read(number))["due_day"] == "2026-03-10"
    await published(house, await restored(house))
    assert (await house.read(number))["due_day"] == "2026-03-09"
    await sweep_at(house, "2026-03-07")
    await sweep_at(house, "2026-03-10")
    assert ("clock.breached", "handling") in await announced(house, number)


async def restored(house: House) -> dict[str, Any]:
    """Return the packaged notice of 2026 once more, as a whole year issued on 2026-03-06."""
    year = (await house.ask("leader", "GET", "/calendars/CN/years/2026")).json()
    names = dict.fromkeys(day["name"] for day in year["days_off"] if day["name"] not in (None, "临时放假"))
    rows = [
        {"name": name, **{key: [day["day"] for day in year[source] if day["name"] == name] for key, source in PARTS}}
        for name in names
    ]
    paper = {"number": "样例5号", "title": "关于2026年放假安排的更正（样例）", "issued_on": "2026-03-06"}
    return {"year": 2026, "notice": paper, "break": rows}


PARTS = (("off", "days_off"), ("make_up", "make_up_days"))


async def test_an_explanation_gives_its_clause_with_the_exact_words_standing_and_mark(house: House) -> None:
    number, _ = await quiet(house)
    clock = clock_of(await house.read(number), "handling")
    basis = (await house.ask("enterprise", "GET", f"/clocks/{clock['id']}/explanation")).json()["basis"]
    assert "一般问题5个工作日、疑难问题15个工作日办结" in basis["words"]
    assert (basis["standing"], basis["mark"]) == ("issued", "demanded")
    assert basis["text"] == clock["clause"]
