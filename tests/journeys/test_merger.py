"""Appeals about one matter are handled together; every enterprise keeps its own answer and its own say."""

from typing import Any

from tests.house import LEAD, House, clock_of, lead_of

REASON = "同一批次补贴未到账。"


async def merged(house: House) -> tuple[str, str]:
    """File one appeal of a rival on Monday and one of the enterprise on Tuesday; merge the older into the newer."""
    house.go_to("2026-03-02 09:30")
    older = (await house.file("rival"))["number"]
    house.go_to("2026-03-03 09:30")
    master = (await house.file())["number"]
    await house.do("dispatcher", f"/appeals/{master}/assignment", {"lead": LEAD})
    house.go_to("2026-03-04 10:00")
    await house.do("dispatcher", f"/appeals/{older}/merger", {"into": master, "reason": REASON})
    return older, master


async def reviewed(house: House, master: str) -> None:
    """Bring the master up to a passed review."""
    await house.resolve(lead_of(await house.read(master)))
    await house.do("reviewer", f"/appeals/{master}/review", {"verdict": "pass"})


async def token_of(house: House, older: str) -> str:
    """Return the rating link that is announced to the enterprise of a merged appeal."""
    (appeal,) = await house.rows("SELECT id FROM appeal WHERE number = :number", number=older)
    (announced,) = await house.rows("SELECT payload FROM outbox WHERE type = 'appeal.reviewed'")
    return str(announced["payload"][f"rating_token:{appeal['id']}"])


async def test_the_master_inherits_the_earliest_due_date(house: House) -> None:
    older, master = await merged(house)
    case = await house.read(master)
    assert (case["due_day"], clock_of(case, "handling")["due_day"]) == ("2026-03-09", "2026-03-09")
    assert clock_of(case, "handling")["original_due_at"] == "2026-03-10T16:00:00Z"
    closed = await house.read(older)
    assert (closed["status"], closed["outcome"], closed["master"], closed["owed"]) == ("closed", "merged", master, [])


async def test_a_later_due_date_is_not_inherited(house: House) -> None:
    house.go_to("2026-03-02 09:30")
    master = (await house.file())["number"]
    house.go_to("2026-03-03 09:30")
    later = (await house.file("rival"))["number"]
    await house.do("dispatcher", f"/appeals/{later}/merger", {"into": master, "reason": REASON})
    assert (await house.read(master))["due_day"] == "2026-03-09"


async def test_the_merged_enterprise_reads_the_answer_and_rates_it_itself(house: House) -> None:
    older, master = await merged(house)
    await reviewed(house, master)
    (reply,) = await house.items(f"/appeals/{older}/replies", "rival")
    assert reply["result_type"] == "solved"
    rated = await house.do(None, f"/ratings/{await token_of(house, older)}", {"solved": True, "satisfied": True})
    assert (rated["number"], rated["status"]) == (older, "closed")
    assert (await house.read(master))["status"] == "reviewed"
    satisfied = await house.rows("SELECT satisfied FROM appeal WHERE number = :number", number=older)
    assert satisfied == [{"satisfied": True}]


async def test_the_merged_enterprise_does_not_see_the_master(house: House) -> None:
    _, master = await merged(house)
    assert (await house.ask("rival", "GET", f"/appeals/{master}")).status_code == 404


async def test_a_dissatisfied_merged_enterprise_has_the_master_reworked(house: House) -> None:
    older, master = await merged(house)
    await reviewed(house, master)
    rating = {"solved": False, "satisfied": False, "comment": "我公司仍未收到。"}
    await house.do(None, f"/ratings/{await token_of(house, older)}", rating)
    case = await house.read(master)
    assert (case["status"], case["round"], case["rung"]) == ("assigned", 2, 2)
    assert (await house.read(older))["outcome"] == "merged"


async def test_a_merged_enterprise_may_say_that_it_is_dissatisfied_after_the_master_was_closed(house: House) -> None:
    older, master = await merged(house)
    await reviewed(house, master)
    visit = {"way": "电话", "contacted": True, "solved": True, "satisfied": True}
    await house.do("callback", f"/appeals/{master}/visits", visit)
    await house.do("dispatcher", f"/appeals/{master}/closure", {"note": ""})
    rating = {"solved": False, "satisfied": False, "comment": "我公司仍未收到。"}
    await house.do(None, f"/ratings/{await token_of(house, older)}", rating)
    satisfied = await house.rows("SELECT satisfied FROM appeal WHERE number = :number", number=older)
    assert satisfied == [{"satisfied": False}]


async def test_an_unmerged_appeal_runs_on_as_if_it_had_never_been_merged(house: House) -> None:
    older, _ = await merged(house)
    house.go_to("2026-03-05 10:00")
    case = await house.do("dispatcher", f"/appeals/{older}/separation", {"reason": "事项不同。"})
    assert (case["status"], case["outcome"], case["due_day"]) == ("received", None, "2026-03-09")
    running = {one["kind"]: one["due_day"] for one in case["owed"]}
    assert running == {"acceptance": "2026-03-05", "handling": "2026-03-09"}
    assert (await house.read(older))["master"] is None


async def test_an_unmerged_appeal_that_was_assigned_before_is_assigned_again(house: House) -> None:
    house.go_to("2026-03-02 09:30")
    number, _ = await house.assigned()
    master = (await house.file("rival"))["number"]
    await house.do("dispatcher", f"/appeals/{number}/merger", {"into": master, "reason": REASON})
    assert await house.items("/assignments", "officer") == []
    await house.do("dispatcher", f"/appeals/{number}/separation", {"reason": "事项不同。"})
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    assert (case["status"], case["due_day"], len(await house.items("/assignments", "officer"))) == (
        "assigned",
        "2026-03-09",
        1,
    )


async def test_nothing_is_unmerged_once_the_master_has_been_answered(house: House) -> None:
    older, master = await merged(house)
    await reviewed(house, master)
    body = {"reason": "事项不同。"}
    await house.refuse("dispatcher", f"/appeals/{older}/separation", body, status=409, code="master-not-open")


async def test_different_matters_of_different_enterprises_are_not_merged(house: House) -> None:
    one = (await house.file("rival", category="08"))["number"]
    other = (await house.file())["number"]
    body: dict[str, Any] = {"into": other, "reason": REASON}
    await house.refuse("dispatcher", f"/appeals/{one}/merger", body, status=409, code="not-the-same-matter")


async def test_different_matters_of_one_enterprise_may_be_merged(house: House) -> None:
    one = (await house.file(category="08"))["number"]
    other = (await house.file())["number"]
    case = await house.do("dispatcher", f"/appeals/{one}/merger", {"into": other, "reason": REASON})
    assert case["outcome"] == "merged"


async def test_an_appeal_is_not_merged_into_itself_or_into_a_merged_one(house: House) -> None:
    older, master = await merged(house)
    into_itself = {"into": master, "reason": REASON}
    await house.refuse("dispatcher", f"/appeals/{master}/merger", into_itself, status=422, code="invalid")
    into_merged = {"into": older, "reason": REASON}
    await house.refuse("dispatcher", f"/appeals/{master}/merger", into_merged, status=409, code="master-not-open")


async def test_whoever_was_merged_first_reads_the_answer_also_when_the_master_is_to_be_merged_on(house: House) -> None:
    older, master = await merged(house)
    third = (await house.file())["number"]
    body = {"into": third, "reason": REASON}
    answer = await house.ask("dispatcher", "POST", f"/appeals/{master}/merger", body, version="*")
    assert answer.status_code in (200, 409), "merged on, or refused because others hang on it"
    if answer.status_code == 200:
        await house.do("dispatcher", f"/appeals/{third}/assignment", {"lead": LEAD})
    await reviewed(house, third if answer.status_code == 200 else master)
    assert [one["result_type"] for one in await house.items(f"/appeals/{older}/replies", "rival")] == ["solved"]
    assert await token_of(house, older)
