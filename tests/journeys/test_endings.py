"""How an appeal ends without a rating, by the enterprise's wish, by a decision, and how it is taken up again."""

from typing import Any

import pytest

from tests.house import House, clock_of

CLOSING = {"note": "已归档。"}
MISSED = {"way": "电话", "contacted": False, "note": "无人接听"}
AGAIN = {"reason": "款项被退回。", "text": "因账号错误被退回，至今未再拨付。"}
WITHDRAWAL = {"reason": "已另行解决。"}


async def tried(house: House, *instants: str) -> str:
    """Bring an appeal to a passed review on Monday 2026-03-02 and fail to reach the enterprise at these instants."""
    number, _ = await house.reviewed()
    for written in instants:
        house.go_to(written)
        await house.do("callback", f"/appeals/{number}/visits", MISSED)
    return number


@pytest.mark.parametrize(
    ("instants", "enough"),
    [
        (("2026-03-03 09:00", "2026-03-04 09:00", "2026-03-05 09:00"), True),  # three working days
        (("2026-03-03 09:00", "2026-03-04 09:00"), False),
        (("2026-03-03 09:00", "2026-03-03 11:00", "2026-03-03 16:00"), False),  # one day is one day
        (("2026-03-05 09:00", "2026-03-06 09:00", "2026-03-07 09:00"), False),  # 03-07 is a Saturday
        (("2026-03-02 23:59", "2026-03-03 00:01", "2026-03-04 09:00"), True),  # the day is Shanghai's
    ],
)
async def test_silence_closes_an_appeal_after_attempts_on_three_working_days(
    house: House, instants: tuple[str, ...], enough: bool
) -> None:
    number = await tried(house, *instants)
    path = f"/appeals/{number}/closure"
    if enough:
        case = await house.do("dispatcher", path, CLOSING)
        assert (case["status"], case["outcome"]) == ("closed", "solved")
    else:
        await house.refuse("dispatcher", path, CLOSING, status=409, code="enterprise-not-heard")


async def test_an_attempt_on_a_make_up_saturday_counts(house: House) -> None:
    house.go_to("2026-02-12 10:00")
    number = await tried(house, "2026-02-12 15:00", "2026-02-13 09:00", "2026-02-14 09:00")
    assert (await house.do("dispatcher", f"/appeals/{number}/closure", CLOSING))["status"] == "closed"


async def test_silence_is_never_satisfaction(house: House) -> None:
    await tried(house, "2026-03-03 09:00", "2026-03-04 09:00", "2026-03-05 09:00")
    assert await house.rows("SELECT satisfied FROM appeal") == [{"satisfied": None}]


async def test_an_attempt_that_reached_nobody_leaves_the_feedback_owing(house: House) -> None:
    number = await tried(house, "2026-03-03 09:00")
    assert clock_of(await house.read(number), "feedback")["state"] == "running"
    reached = {"way": "上门", "contacted": True, "solved": True, "satisfied": True}
    case = await house.do("callback", f"/appeals/{number}/visits", reached)
    assert clock_of(case, "feedback")["state"] == "stopped"


async def test_what_an_attempt_that_reached_nobody_claims_to_have_heard_does_not_count(house: House) -> None:
    number = await tried(house)
    await house.do("callback", f"/appeals/{number}/visits", MISSED | {"solved": True, "satisfied": True})
    await house.refuse("dispatcher", f"/appeals/{number}/closure", CLOSING, status=409, code="enterprise-not-heard")


async def test_a_leader_certifies_what_was_dealt_with_lawfully_and_it_counts_as_dissatisfied(house: House) -> None:
    number, _ = await house.reviewed()
    unhappy = {"way": "电话", "contacted": True, "solved": True, "satisfied": False}
    await house.do("callback", f"/appeals/{number}/visits", unhappy)
    path = f"/appeals/{number}/certificate"
    for who in ("dispatcher", "supervisor", "reviewer"):
        await house.refuse(who, path, {"reason": "依法办结。"}, status=403, code="role-not-allowed")
    await house.do("leader", path, {"reason": "诉求于法无据，已依法办结。"})
    case = await house.do("dispatcher", f"/appeals/{number}/closure", CLOSING)
    assert (case["status"], case["outcome"]) == ("closed", "solved")
    assert await house.rows("SELECT satisfied, certified FROM appeal") == [{"satisfied": False, "certified": True}]


async def test_an_enterprise_withdraws_its_own_appeal_at_any_step(house: House) -> None:
    received = (await house.file())["number"]
    assigned, _ = await house.assigned()
    reviewed, _ = await house.reviewed()
    for number in (received, assigned, reviewed):
        case = await house.do("enterprise", f"/appeals/{number}/withdrawal", WITHDRAWAL)
        assert (case["status"], case["outcome"], case["owed"]) == ("closed", "withdrawn", [])


async def test_nobody_withdraws_the_appeal_of_an_enterprise_in_its_place(house: House) -> None:
    number, _ = await house.assigned()
    path = f"/appeals/{number}/withdrawal"
    await house.refuse("rival", path, WITHDRAWAL, status=404, code="not-found")
    for who in ("dispatcher", "leader", "officer"):
        await house.refuse(who, path, WITHDRAWAL, status=403, code="role-not-allowed")


async def test_nothing_is_withdrawn_while_retaliation_is_being_supervised(house: House) -> None:
    number = (await house.file(retaliation=True))["number"]
    house.go_to("2026-03-11")
    await house.sweep()
    assert (await house.read(number))["supervised"] is True
    path = f"/appeals/{number}/withdrawal"
    await house.refuse("enterprise", path, WITHDRAWAL, status=409, code="retaliation-supervised")


async def test_an_appeal_about_retaliation_may_be_withdrawn_while_nobody_supervises_it(house: House) -> None:
    number = (await house.file(retaliation=True))["number"]
    assert (await house.do("enterprise", f"/appeals/{number}/withdrawal", WITHDRAWAL))["outcome"] == "withdrawn"


async def test_a_termination_names_its_ground_and_ends_what_departments_hold(house: House) -> None:
    number, _ = await house.assigned()
    body = {"reason_code": "other_remedy", "notice": "企业已就同一事项提起诉讼。"}
    case = await house.do("dispatcher", f"/appeals/{number}/termination", body)
    assert (case["outcome"], case["owed"]) == ("terminated", [])
    assert case["assignments"][0]["ended_at"] == case["closed_at"]
    assert await house.items("/assignments", "officer") == []
    event = (await house.items(f"/appeals/{number}/timeline", "enterprise"))[-1]
    assert (event["payload"]["notice"], event["reason"]) == (body["notice"], body["notice"])


async def test_a_termination_on_an_unknown_ground_is_refused_with_the_list(house: House) -> None:
    number, _ = await house.assigned()
    body = {"reason_code": "tired", "notice": "不再办理。"}
    problem = await house.refuse("dispatcher", f"/appeals/{number}/termination", body, status=422, code="invalid")
    assert "no_cooperation" in problem["faults"][0]["reason"]


@pytest.mark.parametrize("path", ["closure", "withdrawal", "termination", "assignment", "review", "refusal"])
async def test_a_closed_appeal_stays_closed(house: House, path: str) -> None:
    number = await closed(house)
    bodies: dict[str, tuple[str, dict[str, Any]]] = {
        "closure": ("dispatcher", CLOSING),
        "withdrawal": ("enterprise", WITHDRAWAL),
        "termination": ("dispatcher", {"reason_code": "settled", "notice": "和解。"}),
        "assignment": ("dispatcher", {}),
        "review": ("reviewer", {"verdict": "pass"}),
        "refusal": ("dispatcher", {"reason_code": "civil_dispute", "notice": "民事纠纷。"}),
    }
    who, body = bodies[path]
    await house.refuse(who, f"/appeals/{number}/{path}", body, status=409, code="action-not-possible")


async def closed(house: House) -> str:
    """Close a satisfied appeal on Monday 2026-03-02; return its number."""
    number, token = await house.reviewed()
    await house.do(None, f"/ratings/{token}", {"solved": True, "satisfied": True})
    await house.do("dispatcher", f"/appeals/{number}/closure", CLOSING)
    return number


async def test_a_reopened_appeal_is_a_new_one_and_the_old_figures_stay(house: House) -> None:
    number = await closed(house)
    before = await house.read(number)
    house.go_to("2026-03-10 09:00")
    case = await house.do("enterprise", f"/appeals/{number}/reopening", AGAIN)
    assert (case["status"], case["round"], case["due_day"]) == ("received", 1, "2026-03-17")
    opened = await house.read(case["number"])
    assert (opened["reopens"], opened["text"]) == (number, AGAIN["text"])
    after = await house.read(number)
    changed = {key for key in before if before[key] != after[key]}
    assert changed <= {"version"}, "the reopening is an event of the old appeal, and nothing else changes there"


@pytest.mark.parametrize(
    ("written", "code"), [("2026-04-01 23:59:59.999999", None), ("2026-04-02", "reopen-window-over")]
)
async def test_the_enterprise_reopens_within_thirty_days(house: House, written: str, code: str | None) -> None:
    number = await closed(house)
    house.go_to(written)
    path = f"/appeals/{number}/reopening"
    if code is None:
        assert (await house.do("enterprise", path, AGAIN))["status"] == "received"
    else:
        await house.refuse("enterprise", path, AGAIN, status=409, code=code)


async def test_the_enterprise_reopens_once_and_the_supervisor_on_every_relapse(house: House) -> None:
    number = await closed(house)
    path = f"/appeals/{number}/reopening"
    await house.do("enterprise", path, AGAIN)
    await house.refuse("enterprise", path, AGAIN, status=409, code="already-reopened")
    house.go_to("2026-11-02 09:00")
    assert (await house.do("supervisor", path, AGAIN))["status"] == "received"


async def test_a_relapse_found_by_the_supervisor_does_not_use_up_the_enterprises_own_request(house: House) -> None:
    number = await closed(house)
    path = f"/appeals/{number}/reopening"
    await house.do("supervisor", path, AGAIN)
    assert (await house.do("enterprise", path, AGAIN))["status"] == "received"


async def test_others_do_not_reopen(house: House) -> None:
    number = await closed(house)
    path = f"/appeals/{number}/reopening"
    await house.refuse("rival", path, AGAIN, status=404, code="not-found")
    for who in ("dispatcher", "officer", "leader"):
        await house.refuse(who, path, AGAIN, status=403, code="role-not-allowed")
