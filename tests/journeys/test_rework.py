"""A dissatisfied enterprise has its appeal done over: a new clock, another approver, and a step up the ladder."""

from typing import Any

import pytest

from tests.house import LEAD, SUBSTANTIVE, House, clock_of, lead_of

UNHAPPY = {"solved": False, "satisfied": False, "comment": "款项仍未到账。"}


async def reworked(house: House, **rating: Any) -> str:
    """Bring an appeal to a dissatisfied rating on Monday 2026-03-09; return its number."""
    number, assignment = await house.assigned()
    await house.resolve(assignment)
    house.go_to("2026-03-04 10:00")
    await review(house, number)
    house.go_to("2026-03-09 10:00")
    await rate(house, number, UNHAPPY | rating)
    return number


async def review(house: House, number: str) -> None:
    """Pass the review."""
    await house.do("reviewer", f"/appeals/{number}/review", {"verdict": "pass"})


async def rate(house: House, number: str, rating: dict[str, Any]) -> dict[str, Any]:
    """Rate by a fresh link."""
    token = (await house.do("enterprise", f"/appeals/{number}/rating-link"))["token"]
    return await house.do(None, f"/ratings/{token}", rating)


async def written(house: House, number: str) -> str:
    """Have the lead of this round contact the enterprise and write an answer; return the reply."""
    assignment = lead_of(await house.read(number))
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "上门", "note": "再次核实"})
    return str((await house.do("officer", f"/assignments/{assignment}/replies", SUBSTANTIVE))["reply_id"])


async def test_a_dissatisfied_rating_starts_a_new_round_at_once(house: House) -> None:
    case = await house.read(await reworked(house))
    assert (case["status"], case["round"], case["outcome"], case["result_type"]) == ("assigned", 2, None, None)
    rework = clock_of(case, "rework")
    assert (rework["due_day"], rework["round"], rework["mark"]) == ("2026-03-16", 2, "demanded")
    assert case["due_day"] == "2026-03-16"  # 10, 11, 12, 13, 16
    assert clock_of(case, "handling")["late"] is False, "the first round stays as it was: in time"


async def test_a_bad_rating_is_followed_up_within_one_working_day_and_mended_within_five(house: House) -> None:
    case = await house.read(await reworked(house))
    assert clock_of(case, "bad_rating_contact")["due_day"] == "2026-03-10"
    assert clock_of(case, "bad_rating_rectification")["due_day"] == "2026-03-16"
    contact = {"way": "上门", "note": "已上门致歉并核实。"}
    case = await house.do("officer", f"/assignments/{lead_of(case)}/contact", contact)
    assert clock_of(case, "bad_rating_contact")["state"] == "stopped"
    assert clock_of(case, "bad_rating_rectification")["state"] == "running"


@pytest.mark.parametrize(("solved", "satisfied"), [(False, True), (True, False)])
async def test_unsolved_or_dissatisfied_is_enough(house: House, solved: bool, satisfied: bool) -> None:
    case = await house.read(await reworked(house, solved=solved, satisfied=satisfied))
    assert (case["status"], case["round"]) == ("assigned", 2)


async def test_the_rework_of_a_difficult_appeal_takes_fifteen_working_days(house: House) -> None:
    number, assignment = await house.assigned(level="difficult")
    await house.resolve(assignment)
    await review(house, number)
    await rate(house, number, UNHAPPY)
    rework = clock_of(await house.read(number), "rework")
    assert (rework["limit"], rework["due_day"]) == ("15 WD", "2026-03-23")


async def test_the_answer_after_a_rework_has_another_approver(house: House) -> None:
    number = await reworked(house)
    reply = await written(house, number)
    path = f"/replies/{reply}/approval"
    await house.refuse("head", path, status=403, code="same-approver-after-rework")
    assert (await house.do("second_head", path))["status"] == "resolved"


async def test_a_first_rework_is_supervised_and_answered_in_writing(house: House) -> None:
    number = await reworked(house)
    case = await house.read(number)
    assert (case["supervised"], case["rung"]) == (True, 2)
    (order,) = await house.items(f"/appeals/{number}/supervisions")
    assert (order["rung"], order["department"], order["answer"]) == (2, LEAD, None)
    assert clock_of(case, "supervision_answer")["due_day"] == "2026-03-12"
    case = await house.do("officer", f"/supervisions/{order['id']}/answer", {"text": "已查明退汇原因。"})
    assert clock_of(case, "supervision_answer")["state"] == "stopped"
    (order,) = await house.items(f"/appeals/{number}/supervisions")
    assert order["answer"] == "已查明退汇原因。"


async def test_a_second_dissatisfaction_escalates(house: House) -> None:
    number = await reworked(house)
    await house.do("second_head", f"/replies/{await written(house, number)}/approval")
    await review(house, number)
    await rate(house, number, UNHAPPY)
    case = await house.read(number)
    assert (case["round"], case["rung"]) == (3, 3)
    assert [one["rung"] for one in await house.items(f"/appeals/{number}/supervisions")] == [2, 3]


async def test_the_rating_of_an_earlier_round_does_not_speak_for_a_later_one(house: House) -> None:
    number = await reworked(house)
    await house.do("second_head", f"/replies/{await written(house, number)}/approval")
    await review(house, number)
    closing = {"note": ""}
    await house.refuse("dispatcher", f"/appeals/{number}/closure", closing, status=409, code="enterprise-not-heard")
    await rate(house, number, {"solved": True, "satisfied": True})
    closed = await house.do("dispatcher", f"/appeals/{number}/closure", closing)
    assert (closed["status"], closed["round"]) == ("closed", 2)


async def test_a_dissatisfied_return_visit_leads_to_a_rework_by_the_clerk(house: House) -> None:
    number, _ = await house.reviewed()
    visit = {"way": "电话", "contacted": True, "solved": False, "satisfied": False, "note": "仍未到账"}
    await house.do("callback", f"/appeals/{number}/visits", visit)
    await house.refuse(
        "dispatcher", f"/appeals/{number}/closure", {"note": ""}, status=409, code="enterprise-dissatisfied"
    )
    case = await house.do("callback", f"/appeals/{number}/rework", {"reason": "企业反映属实。"})
    assert (case["status"], case["round"], clock_of(case, "rework")["state"]) == ("assigned", 2, "running")


async def test_silence_or_satisfaction_starts_no_rework(house: House) -> None:
    number, _ = await house.reviewed()
    body = {"reason": "再办一次。"}
    await house.refuse("callback", f"/appeals/{number}/rework", body, status=409, code="not-dissatisfied")
    visit = {"way": "电话", "contacted": True, "solved": True, "satisfied": True}
    await house.do("callback", f"/appeals/{number}/visits", visit)
    await house.refuse("callback", f"/appeals/{number}/rework", body, status=409, code="not-dissatisfied")


async def test_a_rework_may_be_extended_and_is_late_by_its_own_date(house: House) -> None:
    number = await reworked(house)
    assignment = lead_of(await house.read(number))
    body = {"length": "5 WD", "reason": "银行退汇。", "progress": "已提交更正。"}
    await house.do("officer", f"/assignments/{assignment}/extension-request", body)
    case = await house.do("supervisor", f"/appeals/{number}/extension-ruling", {"grant": True, "reason": "同意"})
    assert (clock_of(case, "rework")["due_day"], case["due_day"]) == ("2026-03-23", "2026-03-23")
    house.go_to("2026-03-24")
    assert (await house.read(number))["late"] is True


async def test_the_designated_department_of_a_rework_does_not_return_it(house: House) -> None:
    number = await reworked(house)
    body = {"reason": "非本单位职责", "basis": "三定规定", "department": "finance"}
    path = f"/assignments/{lead_of(await house.read(number))}/return"
    await house.refuse("officer", path, body, status=409, code="designated")
