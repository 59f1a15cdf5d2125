"""An appeal goes round the whole loop: received, assigned, resolved, reviewed, closed."""

from typing import Any

import pytest

from tests.house import LEAD, SUBSTANTIVE, House, clock_of, lead_of


def owed(case: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return who owes what by when, as the case says it."""
    return [(one["kind"], one["due_day"], one["owner"]) for one in case["owed"]]


async def test_an_appeal_is_filed_answered_reviewed_rated_and_closed(house: House) -> None:
    number, token = await house.reviewed()
    rated = await house.do(None, f"/ratings/{token}", {"solved": True, "satisfied": True, "comment": "谢谢"})
    assert rated["status"] == "reviewed"
    closed = await house.do("dispatcher", f"/appeals/{number}/closure", {"note": ""})
    assert (closed["status"], closed["outcome"]) == ("closed", "solved")
    assert {clock["state"] for clock in closed["clocks"]} == {"stopped"}
    assert closed["owed"] == []


async def test_at_every_step_the_appeal_says_who_owes_what_by_when(house: House) -> None:
    house.go_to("2026-03-02 09:30")  # a Monday; the next holiday is 清明 on 04-04
    case = await house.file()
    assert owed(case) == [("acceptance", "2026-03-05", "dispatcher"), ("handling", "2026-03-09", "officer")]

    house.go_to("2026-03-03 15:00")
    case = await house.do("dispatcher", f"/appeals/{case['number']}/assignment", {"lead": LEAD})
    assert owed(case) == [
        ("sign", "2026-03-04", "officer"),
        ("contact", "2026-03-04", "officer"),
        ("handling", "2026-03-09", "officer"),
        ("department_answer", "2026-03-24", "officer"),  # 15 working days after 03-03
    ]
    assert {one["owner_department"] for one in case["owed"]} == {LEAD}
    assert case["assignments"][0]["due_at"] == case["due_at"], "the due date is printed on the order"

    house.go_to("2026-03-04 09:00")
    assignment = lead_of(case)
    case = await house.do("officer", f"/assignments/{assignment}/signature")
    assert [kind for kind, *_ in owed(case)] == ["contact", "handling", "department_answer"]
    case = await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    assert [kind for kind, *_ in owed(case)] == ["handling", "department_answer"]

    house.go_to("2026-03-05 16:00")
    written = await house.do("officer", f"/assignments/{assignment}/replies", SUBSTANTIVE)
    assert written["status"] == "assigned", "a draft resolves nothing"
    case = await house.do("head", f"/replies/{written['reply_id']}/approval")
    assert owed(case) == [("review", "2026-03-09", "reviewer")]

    house.go_to("2026-03-06 10:00")
    case = await house.do("reviewer", f"/appeals/{case['number']}/review", {"verdict": "pass"})
    assert owed(case) == [("feedback", "2026-03-12", "callback")], "five working days after the result of 03-05"

    house.go_to("2026-03-09 10:00")
    visit = {"way": "电话", "contacted": True, "solved": True, "satisfied": True}
    case = await house.do("callback", f"/appeals/{case['number']}/visits", visit)
    assert owed(case) == []
    case = await house.do("dispatcher", f"/appeals/{case['number']}/closure", {"note": "已核对"})
    assert (case["status"], case["outcome"], case["late"], case["overdue"]) == ("closed", "solved", False, False)


async def test_every_move_of_the_loop_is_one_event_and_one_announcement(house: House) -> None:
    number, token = await house.reviewed()
    await house.do(None, f"/ratings/{token}", {"solved": True, "satisfied": True})
    await house.do("dispatcher", f"/appeals/{number}/closure", {"note": ""})
    actions = [event["action"] for event in await house.items(f"/appeals/{number}/timeline")]
    assert actions == [
        "file", "assign", "contact", "draft_reply", "resolve", "pass", "issue_link", "rate", "close"
    ]  # fmt: skip
    announced = await house.rows("SELECT type, sequence FROM outbox ORDER BY id")
    assert [row["sequence"] for row in announced] == list(range(1, len(actions) + 1))


async def test_each_version_counts_one_change(house: House) -> None:
    number, assignment = await house.assigned()
    assert (await house.read(number))["version"] == 2
    answer = await house.ask("officer", "POST", f"/assignments/{assignment}/signature", version=2)
    assert (answer.json()["version"], answer.headers["etag"]) == (3, '"3"')
    again = await house.ask("officer", "GET", f"/appeals/{number}")
    assert again.headers["etag"] == '"3"'


async def test_the_enterprise_reads_the_answer_only_after_the_review_has_passed(house: House) -> None:
    number, assignment = await house.assigned()
    await house.resolve(assignment)
    assert await house.items(f"/appeals/{number}/replies", "enterprise") == []
    assert len(await house.items(f"/appeals/{number}/replies", "reviewer")) == 1
    await house.do("reviewer", f"/appeals/{number}/review", {"verdict": "pass"})
    (reply,) = await house.items(f"/appeals/{number}/replies", "enterprise")
    assert reply["text"] == SUBSTANTIVE["text"]


async def test_a_rating_link_works_once(house: House) -> None:
    number, token = await house.reviewed()
    rating = {"solved": True, "satisfied": True}
    await house.do(None, f"/ratings/{token}", rating)
    await house.refuse(None, f"/ratings/{token}", rating, status=404, code="unknown-rating-link")
    await house.do("dispatcher", f"/appeals/{number}/closure", {"note": ""})
    await house.refuse(None, f"/ratings/{token}", rating, status=404, code="unknown-rating-link")


async def test_a_fresh_rating_link_makes_the_earlier_one_worthless(house: House) -> None:
    number, first = await house.reviewed()
    second = (await house.do("callback", f"/appeals/{number}/rating-link"))["token"]
    rating = {"solved": True, "satisfied": True}
    await house.refuse(None, f"/ratings/{first}", rating, status=404, code="unknown-rating-link")
    assert (await house.do(None, f"/ratings/{second}", rating))["number"] == number


@pytest.mark.parametrize(
    ("missing", "code"), [("contact", "enterprise-not-contacted"), ("other_head", "writer-is-approver")]
)
async def test_an_answer_needs_a_contact_and_four_eyes(house: House, missing: str, code: str) -> None:
    _, assignment = await house.assigned()
    writer = "head" if missing == "other_head" else "officer"
    if missing != "contact":
        await house.do("officer", f"/assignments/{assignment}/contact", {"way": "上门", "note": "已核实"})
    reply = (await house.do(writer, f"/assignments/{assignment}/replies", SUBSTANTIVE))["reply_id"]
    status = 403 if missing == "other_head" else 409
    await house.refuse("head", f"/replies/{reply}/approval", status=status, code=code)


@pytest.mark.parametrize(
    ("gap", "field"),
    [
        ({"result_type": None}, "result_type"),
        ({"result_type": "withdrawn"}, "result_type"),
        ({"evidence": []}, "evidence"),
        ({"result_type": "not_supported_by_law", "remedy": "可申请行政复议"}, "basis"),
        ({"result_type": "policy_limited", "basis": "鄂政发〔2025〕1号第3条"}, "remedy"),
    ],
)
async def test_an_incomplete_answer_is_not_accepted(house: House, gap: dict[str, Any], field: str) -> None:
    _, assignment = await house.assigned()
    path = f"/assignments/{assignment}/replies"
    problem = await house.refuse("officer", path, SUBSTANTIVE | gap, status=422, code="reply-incomplete")
    assert [fault["field"] for fault in problem["faults"]] == [field]


async def test_an_order_off_the_routing_list_needs_a_reason(house: House) -> None:
    path = f"/appeals/{(await house.file())['number']}/assignment"
    problem = await house.refuse("dispatcher", path, {"lead": "finance"}, status=422, code="invalid")
    assert "经发局" in problem["faults"][0]["reason"], "the routing list is named"
    case = await house.do("dispatcher", path, {"lead": "finance", "reason": "专项资金由财金局拨付。"})
    assert case["lead_department"] == "finance"


async def test_without_a_lead_the_routing_list_decides(house: House) -> None:
    case = await house.do("dispatcher", f"/appeals/{(await house.file())['number']}/assignment", {})
    assert [one["department"] for one in case["assignments"]] == ["party_office", "economy", "approval"]


async def test_the_accused_department_is_not_chosen_by_the_routing_list(house: House) -> None:
    number = (await house.file(accused_department="party_office"))["number"]
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {})
    assert "party_office" not in {one["department"] for one in case["assignments"]}


async def test_every_clock_names_its_clause_and_says_when_a_limit_is_only_practice(house: House) -> None:
    case = await house.file()
    handling, acceptance = clock_of(case, "handling"), clock_of(case, "acceptance")
    assert "鄂葛开工（2021）4号" in handling["clause"]
    assert "第53条" in handling["clause"]
    assert (handling["mark"], acceptance["mark"]) == ("demanded", "hubei")
    number, _ = await house.assigned()
    assert clock_of(await house.read(number), "sign")["mark"] == "practice"
