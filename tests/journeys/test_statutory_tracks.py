"""A filer who states a statutory track gets the law's clocks beside the shorter promises."""

from typing import Any

import pytest

from tests.house import LEAD, House, clock_of, lead_of

GAPS = {"gaps": ["合同复印件"]}
TEST = {"cause": "statutory_step", "evidence": "司法鉴定委托书"}


async def filed(house: House, track: str, when: str = "2026-03-02 09:30", **more: Any) -> dict[str, Any]:
    """File an appeal of a track."""
    house.go_to(when)
    return await house.file(track=track, **more)


async def assigned(house: House, track: str, when: str = "2026-03-02 09:30") -> tuple[str, dict[str, Any]]:
    """File an appeal of a track and assign it at once; return number and case."""
    number = (await filed(house, track, when))["number"]
    return number, await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})


def statutory(case: dict[str, Any]) -> dict[str, str]:
    """Return the state of every statutory clock."""
    return {one["kind"]: one["state"] for one in case["clocks"] if one["kind"].startswith("statutory_")}


async def test_arrears_over_spring_festival(house: House) -> None:
    case = await filed(house, "arrears", "2026-02-05 10:00", category="03")
    transfer = clock_of(case, "statutory_transfer")
    assert (transfer["due_day"], transfer["limit"], transfer["mark"]) == ("2026-02-26", "10 WD", "law")
    house.go_to("2026-02-26 16:00")
    case = await house.do("dispatcher", f"/appeals/{case['number']}/assignment", {"lead": LEAD})
    assert (clock_of(case, "statutory_transfer")["state"], clock_of(case, "statutory_transfer")["late"]) == (
        "stopped",
        False,
    )
    assert clock_of(case, "statutory_decision")["due_day"] == "2026-03-30"
    assert clock_of(case, "statutory_maximum")["due_day"] == "2026-05-27"


async def test_arrears_passed_on_a_day_too_late_are_late(house: House) -> None:
    number = (await filed(house, "arrears", "2026-02-05 10:00"))["number"]
    house.go_to("2026-02-27 00:00")
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    assert clock_of(case, "statutory_transfer")["late"] is True


@pytest.mark.parametrize(
    ("track", "received", "assigned_kinds"),
    [
        ("foreign_investment", {"statutory_acceptance": "2026-03-11"}, {"statutory_decision": "2026-05-28"}),
        (
            "arrears",
            {"statutory_transfer": "2026-03-16"},
            {"statutory_decision": "2026-04-01", "statutory_maximum": "2026-06-01"},
        ),
        ("procurement", {"statutory_decision": "2026-04-14"}, {"statutory_decision": "2026-04-14"}),
        ("procurement_question", {"statutory_decision": "2026-03-11"}, {"statutory_decision": "2026-03-11"}),
        ("bidding", {"statutory_acceptance": "2026-03-05"}, {"statutory_decision": "2026-04-14"}),
    ],
)
async def test_each_track_runs_its_clocks_from_filing_to_resolution(
    house: House, track: str, received: dict[str, str], assigned_kinds: dict[str, str]
) -> None:
    case = await filed(house, track)
    due = {one["kind"]: one["due_day"] for one in case["clocks"] if one["kind"].startswith("statutory_")}
    assert (case["track"], due) == (track, received)
    case = await house.do("dispatcher", f"/appeals/{case['number']}/assignment", {"lead": LEAD})
    running = [one for one in case["owed"] if one["kind"].startswith("statutory_")]
    assert {one["kind"]: one["due_day"] for one in running} == assigned_kinds
    resolved = await house.resolve(lead_of(case))
    assert set(statutory(resolved).values()) == {"stopped"}


async def test_the_promise_of_five_working_days_runs_beside_the_law(house: House) -> None:
    _, case = await assigned(house, "arrears")
    assert (case["due_day"], case["track_name"]) == ("2026-03-09", "拖欠中小企业账款投诉")
    assert clock_of(case, "handling")["state"] == "running"


async def test_without_a_track_no_statutory_clock_runs(house: House) -> None:
    case = await house.file(category="03")
    assert (case["track"], case["track_name"], statutory(case)) == (None, None, {})


async def test_the_published_rules_list_every_track_with_its_limits(house: House) -> None:
    answer = await house.ask(None, "GET", "/policies/gedian")
    tracks = {one["code"]: one for one in answer.json()["tracks"]}
    assert set(tracks) == {"foreign_investment", "arrears", "procurement", "procurement_question", "bidding"}
    listed = [
        (code, one["kind"], one["limit"], one["starts"], one["ends"])
        for code in ("arrears", "procurement")
        for one in tracks[code]["limits"]
    ]
    assigned, answered = "交办，或者诉求销号", "审定答复（办结），或者诉求销号"
    assert listed == [
        ("arrears", "statutory_transfer", "10 WD", "受理登记", assigned),
        ("arrears", "statutory_decision", "30 d", "交办", answered),
        ("arrears", "statutory_maximum", "90 d", "交办", answered),
        ("procurement", "statutory_decision", "30 WD", "受理登记", answered),
    ]
    assert (tracks["arrears"]["name"], tracks["arrears"]["categories"]) == ("拖欠中小企业账款投诉", ["03"])
    transfer = tracks["arrears"]["limits"][0]
    assert (transfer["name"], transfer["limit_text"], transfer["mark"]) == ("法定转送", "10个工作日", "law")
    case = await filed(house, "arrears")
    assert transfer["clause"] == clock_of(case, "statutory_transfer")["clause"]


async def test_an_unknown_track_is_refused_with_all_there_are_and_nothing_is_filed(house: House) -> None:
    body = {"jurisdiction": "gedian", "title": "欠款", "text": "工程款未付。", "category": "03", "track": "arrear"}
    problem = await house.refuse("enterprise", "/appeals", body, status=422, code="invalid", version=None)
    assert "arrears（拖欠中小企业账款投诉）" in str(problem["faults"])
    assert await house.rows("SELECT 1 FROM appeal") == []


async def test_the_statutory_clocks_wait_for_complete_papers(house: House) -> None:
    number = (await filed(house, "arrears"))["number"]
    house.go_to("2026-03-04 10:00")
    waiting = await house.do("dispatcher", f"/appeals/{number}/supplement-request", GAPS)
    assert statutory(waiting) == {"statutory_transfer": "paused"}
    house.go_to("2026-03-09 10:00")
    case = await house.do("enterprise", f"/appeals/{number}/supplement", {"text": "已补充合同。"})
    transfer = clock_of(case, "statutory_transfer")
    assert (transfer["state"], transfer["due_day"]) == ("running", "2026-03-20")  # one day used, nine left


async def test_a_test_takes_time_out_of_the_decision_and_never_out_of_the_maximum(house: House) -> None:
    number, _ = await assigned(house, "arrears")
    house.go_to("2026-03-04 10:00")
    held = await house.do("supervisor", f"/appeals/{number}/suspension", TEST)
    assert statutory(held) == {
        "statutory_transfer": "stopped",
        "statutory_decision": "paused",
        "statutory_maximum": "running",
    }
    house.go_to("2026-03-14 10:00")
    case = await house.do("supervisor", f"/appeals/{number}/resumption", {"reason": "鉴定意见书已收到。"})
    assert clock_of(case, "statutory_maximum")["due_day"] == "2026-06-01"
    decision = clock_of(case, "statutory_decision")
    assert decision["due_day"] == "2026-04-13"  # one day used; 29 from the 14th end on a Sunday


async def test_an_answer_that_is_sent_back_was_never_given(house: House) -> None:
    number, case = await assigned(house, "arrears")
    await house.resolve(lead_of(case))
    house.go_to("2026-03-04 10:00")
    verdict = {"verdict": "send_back", "defects": ["hollow"], "note": "没有结果。"}
    case = await house.do("reviewer", f"/appeals/{number}/review", verdict)
    assert statutory(case)["statutory_decision"] == statutory(case)["statutory_maximum"] == "running"
    assert clock_of(case, "statutory_maximum")["due_day"] == "2026-06-01"


async def test_an_answer_after_the_statutory_limit_marks_the_appeal_overdue(house: House) -> None:
    number, _ = await assigned(house, "procurement_question")
    house.go_to("2026-03-12 00:00")
    await house.sweep()
    case = await house.read(number)
    assert clock_of(case, "statutory_decision")["late"] is True
    assert case["overdue"] is True


async def test_a_separated_appeal_is_not_given_its_statutory_time_twice(house: House) -> None:
    number, _ = await assigned(house, "arrears", "2026-03-02 09:30")
    master = (await house.file())["number"]
    house.go_to("2026-03-05 09:30")
    await house.do("dispatcher", f"/appeals/{number}/merger", {"into": master, "reason": "同一事项。"})
    house.go_to("2026-03-09 09:30")
    await house.do("dispatcher", f"/appeals/{number}/separation", {"reason": "事项不同。"})
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    decisions = [one for one in case["clocks"] if one["kind"] == "statutory_decision"]
    assert [(one["state"], one["due_day"]) for one in decisions] == [("running", "2026-04-01")]


async def test_a_reopened_appeal_keeps_its_track(house: House) -> None:
    number = (await filed(house, "arrears"))["number"]
    body = {"reason_code": "civil_dispute", "notice": "属于合同纠纷，请通过仲裁或诉讼解决。"}
    await house.do("dispatcher", f"/appeals/{number}/refusal", body)
    again = await house.do("enterprise", f"/appeals/{number}/reopening", {"reason": "有新事实。", "text": "附确认书。"})
    assert again["track"] == "arrears"


async def test_the_explanation_shows_what_competes_and_which_one_governs(house: House) -> None:
    _, case = await assigned(house, "arrears")
    clock = clock_of(case, "statutory_decision")
    answer = (await house.ask("enterprise", "GET", f"/clocks/{clock['id']}/explanation")).json()
    found = [(one["kind"], one["due_day"], one["mark"], one["governs"]) for one in answer["competing"]]
    assert found == [
        ("handling", "2026-03-09", "demanded", True),
        ("department_answer", "2026-03-23", "hubei", False),
        ("statutory_decision", "2026-04-01", "law", False),
        ("statutory_maximum", "2026-06-01", "law", False),
    ]
    assert {one["standing"] for one in answer["competing"]} == {"issued", "superior", "law"}
    (sentence,) = [one for one in answer["sentences"] if "并存" in one]
    assert sentence.startswith("同一事项有4项期限并存：")
    assert "以「办结」为准" in sentence
