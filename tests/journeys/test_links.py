"""Single-use links: once, until their end, and word for word the same when they are worth nothing."""

import asyncio

from tests.house import House, clock_of

GAPS = {"gaps": ["缺少公示截图"]}
SUPPLY = {"text": "公示截图已补交。"}
RATING = {"solved": True, "satisfied": True}
UNKNOWN = "x" * 43


async def asked(house: House) -> str:
    """File and ask for a supplement; return the number."""
    number = str((await house.file())["number"])
    await house.do("dispatcher", f"/appeals/{number}/supplement-request", GAPS)
    return number


async def link(house: House, number: str, who: str = "dispatcher") -> str:
    """Issue a link; return its token."""
    issued = await house.do(who, f"/appeals/{number}/supplement-link")
    assert issued["path"].endswith(issued["token"])
    return str(issued["token"])


async def told(house: House, path: str, body: object) -> tuple[int, bytes]:
    """Return what a link answers."""
    answer = await house.ask(None, "POST", path, body)
    return answer.status_code, answer.content


async def test_an_enterprise_supplies_by_its_link_once(house: House) -> None:
    number = await asked(house)
    issued = await house.do("clerk", f"/appeals/{number}/supplement-link")
    assert issued["expires_at"] == clock_of(await house.read(number), "supplement")["due_at"]
    first, second = issued["token"], await link(house, number, "callback")
    worthless = [await told(house, f"/supplements/{token}", SUPPLY) for token in (UNKNOWN, first)]
    answers = await asyncio.gather(*(told(house, f"/supplements/{second}", SUPPLY) for _ in range(4)))
    assert sorted(status for status, _ in answers) == [201, 404, 404, 404]
    worthless += [answer for answer in answers if answer[0] == 404]
    worthless.append(await told(house, f"/supplements/{second}", SUPPLY))
    assert len(set(worthless)) == 1
    assert b"/problems/unknown-supplement-link" in worthless[0][1]
    case = await house.read(number)
    assert (case["hold"], clock_of(case, "handling")["state"]) == ("none", "running")
    events = await house.items(f"/appeals/{number}/timeline")
    assert [one["action"] for one in events][-3:] == ["issue_supplement_link", "issue_supplement_link", "supply"]
    assert (events[-1]["actor_name"], events[-1]["payload"]["text"]) == ("企业（补正链接）", SUPPLY["text"])
    held = str(await house.rows("SELECT * FROM supplement_link")) + str(await house.rows("SELECT * FROM event"))
    assert first not in held
    assert second not in held


async def test_a_link_ends_when_the_supplement_is_due_and_with_the_wait_for_it(house: House) -> None:
    number = await asked(house)
    token = await link(house, number)
    house.go_to("2026-03-09 23:59:59.999999")
    assert (await told(house, f"/supplements/{token}", {"text": ""}))[0] == 422
    house.go_to("2026-03-10")
    expired = await told(house, f"/supplements/{token}", SUPPLY)
    assert expired == await told(house, f"/supplements/{UNKNOWN}", SUPPLY)
    path = f"/appeals/{number}/supplement-link"
    await house.refuse("dispatcher", path, status=409, code="supplement-overdue")
    await house.refuse("enterprise", path, status=403, code="role-not-allowed")
    other = await asked(house)
    token = await link(house, other)
    await house.do("enterprise", f"/appeals/{other}/supplement", SUPPLY)
    assert await told(house, f"/supplements/{token}", SUPPLY) == expired, "supplied in another way"
    await house.refuse("dispatcher", f"/appeals/{other}/supplement-link", status=409, code="action-not-possible")


async def test_a_link_supplies_its_own_appeal_only(house: House) -> None:
    number, other = await asked(house), await asked(house)
    token = await link(house, number)
    assert (await told(house, f"/supplements/{token}", SUPPLY))[0] == 201
    assert [(await house.read(one))["hold"] for one in (number, other)] == ["none", "supplement"]


async def test_a_rating_link_ends_after_thirty_days_and_a_fresh_one_is_to_be_had(house: House) -> None:
    number, token = await house.reviewed()
    house.pass_time(days=30)
    expired = await told(house, f"/ratings/{token}", RATING)
    assert expired == await told(house, f"/ratings/{UNKNOWN}", RATING)
    assert expired[0] == 404
    fresh = (await house.do("callback", f"/appeals/{number}/rating-link"))["token"]
    house.pass_time(days=30, microseconds=-1)
    assert await told(house, f"/ratings/{token}", RATING) == expired
    answers = await asyncio.gather(*(told(house, f"/ratings/{fresh}", RATING) for _ in range(4)))
    assert sorted(status for status, _ in answers) == [201, 404, 404, 404]
    assert {content for status, content in answers if status == 404} == {expired[1]}
