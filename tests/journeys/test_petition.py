"""A petition about law and courts owes two more answers: within seven days and within three months."""

import pytest

from tests.house import House, clock_of, lead_of

PROCEDURAL = {"kind": "procedural", "text": "您的来件已登记，转承办单位办理。"}
PROGRESS = {"kind": "progress", "text": "已函询法院，正在等待复函。"}


async def petition(house: House) -> tuple[str, str]:
    """File and assign a petition; return number and lead assignment."""
    number = (await house.file(petition=True))["number"]
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": "economy"})
    return number, lead_of(case)


@pytest.mark.parametrize(
    ("filed", "seven_days", "three_months"),
    [
        ("2026-03-02 09:30", "2026-03-09", "2026-06-02"),
        ("2026-02-07 09:30", "2026-02-14", "2026-05-07"),  # a make-up Saturday does not roll
        ("2026-02-08 09:30", "2026-02-24", "2026-05-08"),  # 02-15 is 春节, which ends on 02-23
        ("2025-11-17 14:00", "2025-11-24", "2026-02-24"),  # 02-17 lies in 春节
        ("2025-11-30 08:00", "2025-12-08", "2026-02-28"),  # no 02-30; 02-28 is a make-up Saturday; 12-07 a Sunday
        ("2026-09-26 12:00", "2026-10-08", "2026-12-28"),  # 10-03 lies in 国庆; 12-26 is a Saturday
    ],
)
async def test_seven_days_and_three_months_are_counted_by_the_civil_code(
    house: House, filed: str, seven_days: str, three_months: str
) -> None:
    house.go_to(filed)
    case = await house.file(petition=True)
    assert clock_of(case, "procedural_reply")["due_day"] == seven_days
    assert clock_of(case, "substantive_reply")["due_day"] == three_months


async def test_an_ordinary_appeal_owes_no_petition_answers(house: House) -> None:
    kinds = {one["kind"] for one in (await house.file())["clocks"]}
    assert kinds == {"acceptance", "handling"}


async def test_a_procedural_reply_stops_its_own_clock_and_not_the_handling(house: House) -> None:
    _, assignment = await petition(house)
    case = await house.do("officer", f"/assignments/{assignment}/replies", PROCEDURAL)
    states = {one["kind"]: one["state"] for one in case["clocks"]}
    assert (states["procedural_reply"], states["substantive_reply"], states["handling"]) == (
        "stopped",
        "running",
        "running",
    )


async def test_a_progress_reply_answers_the_petition_and_not_the_handling(house: House) -> None:
    _, assignment = await petition(house)
    case = await house.do("officer", f"/assignments/{assignment}/replies", PROGRESS)
    states = {one["kind"]: one["state"] for one in case["clocks"]}
    assert (states["substantive_reply"], states["handling"], case["status"]) == ("stopped", "running", "assigned")


async def test_the_enterprise_reads_a_procedural_reply_at_once(house: House) -> None:
    number, assignment = await petition(house)
    await house.do("officer", f"/assignments/{assignment}/replies", PROCEDURAL)
    assert [one["kind"] for one in await house.items(f"/appeals/{number}/replies", "enterprise")] == ["procedural"]


async def test_a_procedural_reply_is_possible_while_the_appeal_is_suspended(house: House) -> None:
    number, assignment = await petition(house)
    cause = {"cause": "court_or_superior", "evidence": "立案通知书"}
    await house.do("supervisor", f"/appeals/{number}/suspension", cause)
    case = await house.do("officer", f"/assignments/{assignment}/replies", PROCEDURAL)
    assert clock_of(case, "procedural_reply")["state"] == "stopped"


async def test_no_pause_stops_the_petition_clocks(house: House) -> None:
    number, _ = await petition(house)
    cause = {"cause": "court_or_superior", "evidence": "立案通知书"}
    case = await house.do("supervisor", f"/appeals/{number}/suspension", cause)
    states = {one["kind"]: one["state"] for one in case["clocks"]}
    assert (states["procedural_reply"], states["substantive_reply"], states["handling"]) == (
        "running",
        "running",
        "paused",
    )


async def test_a_late_procedural_reply_climbs_the_ladder(house: House) -> None:
    number, _ = await petition(house)
    house.go_to("2026-03-10")
    await house.sweep()
    reasons = [one["reason"] for one in await house.items(f"/appeals/{number}/supervisions")]
    assert "「程序性回复」时限已超期（到期日2026-03-09）" in reasons


async def test_the_substantive_answer_resolves_the_petition(house: House) -> None:
    _, assignment = await petition(house)
    case = await house.resolve(assignment)
    states = {one["kind"]: one["state"] for one in case["clocks"]}
    assert (states["procedural_reply"], states["substantive_reply"], states["handling"]) == ("stopped",) * 3


async def test_a_petition_sent_elsewhere_and_not_answered_falls_overdue_and_the_office_is_told(house: House) -> None:
    number = (await house.file(petition=True))["number"]
    await house.do("dispatcher", f"/appeals/{number}/redirection", {"channel": "court", "notice": "请向法院反映。"})
    other = (await house.file())["number"]
    house.go_to("2026-03-12")
    await house.sweep()
    breached = [one["payload"]["clock"] for one in await house.items(f"/appeals/{number}/timeline")
                if one["action"] in ("clock_breached", "clock_ordered")]  # fmt: skip
    assert breached == ["procedural_reply", "procedural_reply"]
    assert [one["rung"] for one in await house.items(f"/appeals/{number}/supervisions")] == [0, 1, 2]
    assert (await house.read(other))["overdue"], "and nobody else waited for it"
    answer = {"kind": "procedural", "text": "已告知向法院反映。"}
    await house.do("dispatcher", f"/appeals/{number}/petition-answer", answer)
    clocks = await house.items(f"/appeals/{number}/clocks")
    assert [one["verdict"] for one in clocks if one["kind"] == "procedural_reply"] == ["late"]
