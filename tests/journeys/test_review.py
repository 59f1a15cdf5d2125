"""A hollow answer comes back: the review undoes it, and the clock was never stopped."""

import pytest

from app.domain.roles import Role
from app.services.accounts import NewAccount
from tests.house import JURISDICTION, LEAD, SUBSTANTIVE, House, clock_of

BACK = {"verdict": "send_back", "defects": ["weak_evidence"], "note": "没有拨付凭证。"}
PASS = {"verdict": "pass", "note": "有拨付凭证。"}


async def resolved(house: House, written: str = "2026-03-03 16:00") -> tuple[str, str]:
    """Resolve what was filed on Monday 2026-03-02; return number and assignment."""
    number, assignment = await house.assigned()
    house.go_to(written)
    await house.resolve(assignment)
    return number, assignment


async def test_a_review_is_owed_within_two_working_days(house: House) -> None:
    number, _ = await resolved(house, "2026-03-05 16:00")
    review = clock_of(await house.read(number), "review")
    assert (review["due_day"], review["owner"]) == ("2026-03-09", "reviewer")


async def test_a_reply_sent_back_leaves_the_clock_running_net_of_the_review(house: House) -> None:
    number, _ = await resolved(house)
    house.go_to("2026-03-05 10:00")
    case = await house.do("reviewer", f"/appeals/{number}/review", BACK)
    handling = clock_of(case, "handling")
    # No working day lies between 03-02 and the answer of 03-03; five count from 03-05: 6, 9, 10, 11, 12.
    assert (handling["state"], handling["stopped_at"], handling["due_day"]) == ("running", None, "2026-03-12")
    assert [kind["kind"] for kind in case["clocks"]].count("handling") == 1, "no new clock, the old one"
    assert (case["status"], case["round"], case["due_day"]) == ("assigned", 2, "2026-03-12")


async def test_what_was_answered_late_stays_late_when_it_is_sent_back(house: House) -> None:
    number, _ = await resolved(house, "2026-03-11 09:00")
    house.go_to("2026-03-12 10:00")
    case = await house.do("reviewer", f"/appeals/{number}/review", BACK)
    assert (case["due_day"], case["late"], case["overdue"]) == ("2026-03-09", True, True)


@pytest.mark.parametrize(("written", "late"), [("2026-03-12 23:59:59.999999", False), ("2026-03-13", True)])
async def test_the_next_answer_is_measured_against_the_date_net_of_the_review(
    house: House, written: str, late: bool
) -> None:
    number, assignment = await resolved(house)
    house.go_to("2026-03-05 10:00")
    await house.do("reviewer", f"/appeals/{number}/review", BACK)
    house.go_to(written)
    case = await house.resolve(assignment)
    assert (clock_of(case, "handling")["late"], case["overdue"]) == (late, late)


async def test_the_old_answer_is_not_approved_again(house: House) -> None:
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    reply = (await house.do("officer", f"/assignments/{assignment}/replies", SUBSTANTIVE))["reply_id"]
    await house.do("head", f"/replies/{reply}/approval")
    await house.do("reviewer", f"/appeals/{number}/review", BACK)
    await house.refuse("head", f"/replies/{reply}/approval", status=409, code="no-reply-to-approve")


@pytest.mark.parametrize("defect", ["hollow", "explaining"])
async def test_a_hollow_answer_is_remembered(house: House, defect: str) -> None:
    number, _ = await resolved(house)
    await house.do("reviewer", f"/appeals/{number}/review", BACK | {"defects": [defect]})
    assert await house.rows("SELECT hollow_reply FROM appeal") == [{"hollow_reply": True}]


@pytest.mark.parametrize("defects", [[], ["ugly"]])
async def test_a_reply_is_sent_back_for_listed_defects_only(house: House, defects: list[str]) -> None:
    number, _ = await resolved(house)
    body = BACK | {"defects": defects}
    problem = await house.refuse("reviewer", f"/appeals/{number}/review", body, status=422, code="invalid")
    assert "hollow" in problem["faults"][0]["reason"]


async def test_the_reviewer_is_neither_writer_nor_approver_nor_of_the_department(house: House) -> None:
    both = NewAccount("both", frozenset({Role.HEAD, Role.REVIEWER}), (JURISDICTION,), department=LEAD)
    await house.admit("both", both)
    number, _ = await resolved(house)
    await house.refuse("both", f"/appeals/{number}/review", PASS, status=403, code="reviewer-is-handler")


async def test_the_accused_department_does_not_review(house: House) -> None:
    accused = NewAccount("accused", frozenset({Role.REVIEWER}), (JURISDICTION,), department="party_office")
    await house.admit("accused", accused)
    number = (await house.file(accused_department="party_office"))["number"]
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    await house.resolve(case["assignments"][0]["id"])
    await house.refuse("accused", f"/appeals/{number}/review", PASS, status=403, code="accused-department")


async def test_the_feedback_counts_from_the_result_not_from_the_review(house: House) -> None:
    number, _ = await resolved(house, "2026-03-03 16:00")
    house.go_to("2026-03-05 10:00")
    case = await house.do("reviewer", f"/appeals/{number}/review", PASS)
    assert clock_of(case, "feedback")["due_day"] == "2026-03-10"  # 4, 5, 6, 9, 10


async def test_a_support_finishes_before_the_lead_answers(house: House) -> None:
    number, lead = await house.assigned(supports=["finance"])
    (support,) = [one["id"] for one in (await house.read(number))["assignments"] if one["part"] == "support"]
    await house.do("officer", f"/assignments/{lead}/contact", {"way": "电话", "note": "已核实"})
    reply = (await house.do("officer", f"/assignments/{lead}/replies", SUBSTANTIVE))["reply_id"]
    problem = await house.refuse("head", f"/replies/{reply}/approval", status=409, code="supports-open")
    assert "财金局" in problem["detail"], "who is waited for is named"
    case = await house.do("officer_other", f"/assignments/{support}/completion", {"note": "资金已下达。"})
    assert {one["kind"] for one in case["owed"] if one["owner_department"] == "finance"} == set()
    assert (await house.do("head", f"/replies/{reply}/approval"))["status"] == "resolved"


async def test_a_support_neither_answers_nor_finishes_twice(house: House) -> None:
    number, lead = await house.assigned(supports=["finance"])
    (support,) = [one["id"] for one in (await house.read(number))["assignments"] if one["part"] == "support"]
    path = f"/assignments/{support}"
    await house.refuse("officer_other", f"{path}/replies", SUBSTANTIVE, status=409, code="not-the-lead")
    await house.do("officer_other", f"{path}/completion", {"note": "资金已下达。"})
    again = {"note": "再次登记。"}
    await house.refuse("officer_other", f"{path}/completion", again, status=409, code="support-already-finished")
    await house.refuse("officer", f"/assignments/{lead}/completion", again, status=409, code="not-a-support")


async def test_a_department_does_not_act_on_the_charge_of_another(house: House) -> None:
    _, lead = await house.assigned(supports=["finance"])
    await house.refuse("officer_other", f"/assignments/{lead}/signature", status=404, code="not-found")


async def test_whoever_reviewed_the_answer_does_not_ask_the_enterprise_about_it(house: House) -> None:
    both = frozenset({Role.REVIEWER, Role.CALLBACK})
    await house.admit("both", NewAccount("both", both, jurisdictions=(JURISDICTION,)))
    number, assignment = await house.assigned()
    await house.resolve(assignment)
    await house.do("both", f"/appeals/{number}/review", {"verdict": "pass"})
    call = {"way": "电话", "contacted": True, "solved": False, "satisfied": False, "note": "未解决"}
    refused = await house.ask("both", "POST", f"/appeals/{number}/visits", call, version="*")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/caller-is-handler")
    await house.do("callback", f"/appeals/{number}/visits", call)
    reworked = await house.ask("both", "POST", f"/appeals/{number}/rework", {"reason": "未解决"}, version="*")
    assert (reworked.status_code, reworked.json()["type"]) == (403, "/problems/caller-is-handler")
    assert (await house.do("callback", f"/appeals/{number}/rework", {"reason": "未解决"}))["round"] == 2
