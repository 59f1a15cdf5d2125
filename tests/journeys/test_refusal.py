"""What is not for this process is refused or redirected in writing; the enterprise keeps its rights."""

from app.domain.roles import Role
from app.services.accounts import NewAccount
from tests.house import JURISDICTION, House, clock_of

REFUSAL = {"reason_code": "civil_dispute", "notice": "属市场主体之间的合同纠纷，请通过仲裁或诉讼解决。"}
REDIRECTION = {"channel": "court", "notice": "该事项已进入诉讼程序，请向受理法院反映。"}


async def admit_accused(house: House, department: str) -> None:
    """Admit a dispatcher who belongs to a department."""
    roles = frozenset({Role.DISPATCHER, Role.REVIEWER})
    account = NewAccount("accused", roles, jurisdictions=(JURISDICTION,), department=department)
    await house.admit("accused", account)


async def test_a_refusal_closes_the_appeal_and_opens_the_objection_window(house: House) -> None:
    number = (await house.file())["number"]
    case = await house.do("dispatcher", f"/appeals/{number}/refusal", REFUSAL)
    assert (case["status"], case["outcome"]) == ("closed", "refused")
    (owed,) = case["owed"]
    assert (owed["kind"], owed["due_day"], owed["owner"]) == ("objection", "2026-04-01", "enterprise")


async def test_the_enterprise_reads_ground_channel_and_notice_of_a_refusal(house: House) -> None:
    number = (await house.file())["number"]
    await house.do("dispatcher", f"/appeals/{number}/refusal", REFUSAL)
    event = (await house.items(f"/appeals/{number}/timeline", "enterprise"))[-1]
    assert event["payload"]["ground"] == "市场主体之间的民事纠纷"
    assert event["payload"]["notice"] == REFUSAL["notice"]
    (announced,) = await house.rows("SELECT payload FROM outbox WHERE type = 'appeal.refused'")
    assert announced["payload"]["channel"] == "人民法院、仲裁机构或人民调解组织"


async def test_the_enterprise_reads_the_proper_channel_of_a_refusal(house: House) -> None:
    number = (await house.file())["number"]
    await house.do("dispatcher", f"/appeals/{number}/refusal", REFUSAL)
    event = (await house.items(f"/appeals/{number}/timeline", "enterprise"))[-1]
    assert "人民法院" in str(event["payload"])


async def test_an_unknown_ground_is_refused_with_the_list_of_grounds(house: House) -> None:
    number = (await house.file())["number"]
    wrong = REFUSAL | {"reason_code": "too_busy"}
    problem = await house.refuse("dispatcher", f"/appeals/{number}/refusal", wrong, status=422, code="invalid")
    (fault,) = problem["faults"]
    assert "civil_dispute" in fault["reason"]
    assert "emergency" in fault["reason"]


async def test_the_accused_department_never_refuses_redirects_merges_or_terminates(house: House) -> None:
    await admit_accused(house, "economy")
    number = (await house.file(accused_department="economy"))["number"]
    master = (await house.file(accused_department="economy"))["number"]
    attempts = {
        "refusal": REFUSAL,
        "redirection": REDIRECTION,
        "merger": {"into": master, "reason": "同一事项"},
        "termination": {"reason_code": "settled", "notice": "已和解。"},
        "assignment": {},
    }
    for path, body in attempts.items():
        await house.refuse("accused", f"/appeals/{number}/{path}", body, status=403, code="accused-department")
    assert (await house.read(number))["status"] == "received"


async def test_a_dispatcher_of_another_department_may_refuse(house: House) -> None:
    await admit_accused(house, "finance")
    number = (await house.file(accused_department="economy"))["number"]
    case = await house.do("accused", f"/appeals/{number}/refusal", REFUSAL)
    assert case["outcome"] == "refused"


async def test_an_assigned_appeal_is_no_longer_refused(house: House) -> None:
    number, _ = await house.assigned()
    await house.refuse("dispatcher", f"/appeals/{number}/refusal", REFUSAL, status=409, code="action-not-possible")


async def test_the_objection_window_ends_quietly_after_thirty_days(house: House) -> None:
    number = (await house.file())["number"]
    await house.do("dispatcher", f"/appeals/{number}/refusal", REFUSAL)
    house.go_to("2026-04-01 23:59:59.999999")
    assert (await house.sweep()).total == 0
    house.go_to("2026-04-02")
    count = await house.sweep()
    assert (count.ended, count.breached, count.warned) == (1, 0, 0)
    case = await house.read(number)
    assert (case["owed"], clock_of(case, "objection")["state"], case["overdue"]) == ([], "stopped", False)


async def test_within_the_window_the_enterprise_has_the_refusal_looked_at_again(house: House) -> None:
    number = (await house.file())["number"]
    await house.do("dispatcher", f"/appeals/{number}/refusal", REFUSAL)
    house.go_to("2026-04-01 23:59:59.999999")
    body = {"reason": "并非合同纠纷", "text": "行政补贴，与合同无关。"}
    again = await house.do("enterprise", f"/appeals/{number}/reopening", body)
    assert (again["status"], (await house.read(again["number"]))["reopens"]) == ("received", number)
    assert clock_of(await house.read(number), "objection")["state"] == "stopped"


async def test_a_redirected_appeal_names_the_channel_and_stops_its_clocks(house: House) -> None:
    number = (await house.file())["number"]
    case = await house.do("dispatcher", f"/appeals/{number}/redirection", REDIRECTION)
    assert (case["outcome"], [one["kind"] for one in case["owed"]]) == ("redirected", ["objection"])
    event = (await house.items(f"/appeals/{number}/timeline", "enterprise"))[-1]
    assert (event["payload"]["channel_name"], event["reason"]) == ("人民法院", REDIRECTION["notice"])


async def test_the_petition_clocks_of_a_redirected_petition_go_on(house: House) -> None:
    number = (await house.file(petition=True))["number"]
    case = await house.do("dispatcher", f"/appeals/{number}/redirection", REDIRECTION)
    assert [(one["kind"], one["due_day"]) for one in case["owed"]] == [
        ("procedural_reply", "2026-03-09"),
        ("objection", "2026-04-01"),
        ("substantive_reply", "2026-06-02"),
    ]
    house.go_to("2026-03-10")
    await house.sweep()
    assert (await house.read(number))["overdue"] is True, "a closed petition can still be late"


async def test_a_procedural_answer_leaves_the_substantive_one_owing(house: House) -> None:
    number = (await house.file(petition=True))["number"]
    await house.do("dispatcher", f"/appeals/{number}/redirection", REDIRECTION)
    path = f"/appeals/{number}/petition-answer"
    case = await house.do("dispatcher", path, {"kind": "procedural", "text": "已转受理法院。"})
    assert [one["kind"] for one in case["owed"]] == ["objection", "substantive_reply"]
    case = await house.do("dispatcher", path, {"kind": "substantive", "text": "法院已于5月立案。"})
    assert [one["kind"] for one in case["owed"]] == ["objection"]


async def test_only_a_redirected_petition_is_answered_by_the_office(house: House) -> None:
    number = (await house.file())["number"]
    await house.do("dispatcher", f"/appeals/{number}/redirection", REDIRECTION)
    body = {"kind": "procedural", "text": "已转受理法院。"}
    await house.refuse(
        "dispatcher", f"/appeals/{number}/petition-answer", body, status=409, code="not-a-redirected-petition"
    )


async def test_an_unknown_channel_is_refused_with_the_list_of_channels(house: House) -> None:
    number = (await house.file())["number"]
    wrong = REDIRECTION | {"channel": "elsewhere"}
    problem = await house.refuse("dispatcher", f"/appeals/{number}/redirection", wrong, status=422, code="invalid")
    assert "provincial_platform" in problem["faults"][0]["reason"]
