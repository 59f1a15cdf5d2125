"""Who files in confidence stays hidden from the departments, the accused one first of all."""

import json
from typing import Any

import pytest

from tests.house import LEAD, House, lead_of

PERSON = {"contact_name": "王会计", "contact_phone": "13900000000"}
SECRETS = ("葛店enterprise公司", "91421003MA00000152", *PERSON.values())


async def confidential(house: House, **changes: Any) -> tuple[str, str]:
    """File in confidence and assign; return number and lead assignment."""
    filed = await house.file(confidential=True, accused_department="finance", **PERSON, **changes)
    order = {"lead": LEAD, "supports": ["finance"]}
    case = await house.do("dispatcher", f"/appeals/{filed['number']}/assignment", order)
    return filed["number"], lead_of(case)


async def everything(house: House, number: str, who: str) -> str:
    """Return all that somebody can read of an appeal, as text."""
    tails = ("", "/clocks", "/timeline", "/replies", "/supervisions", "/attachments")
    paths = [f"/appeals/{number}{tail}" for tail in tails] + ["/appeals", "/feed"]
    if who not in ("leader", "enterprise"):
        paths.append("/assignments")
    answers = [await house.ask(who, "GET", path) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return json.dumps([answer.json() for answer in answers], ensure_ascii=False)


@pytest.mark.parametrize("who", ["officer", "head", "officer_other", "head_other"])
async def test_departments_do_not_learn_who_filed(house: House, who: str) -> None:
    number, assignment = await confidential(house)
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "暂不追究。"})
    seen = await everything(house, number, who)
    assert "（已保密）" in seen
    assert [secret for secret in SECRETS if secret in seen] == []
    events = json.loads(seen)[2]["items"]
    assert {one["actor_name"] for one in events if one["action"] in ("file", "withdraw")} == {"（仅办公室可见）"}


async def test_the_enterprise_itself_sees_everything_of_its_own(house: House) -> None:
    number, _ = await confidential(house)
    seen = await everything(house, number, "enterprise")
    assert [secret for secret in SECRETS if secret not in seen] == []


async def test_an_office_sees_who_filed_and_the_contact_masked(house: House) -> None:
    number, _ = await confidential(house)
    seen = await everything(house, number, "leader")
    assert [secret for secret in SECRETS if secret in seen] == list(SECRETS[:2])
    assert '"contact_name": "王**"' in seen
    assert '"contact_phone": "139****0000"' in seen


async def test_without_confidence_departments_see_whom_to_contact(house: House) -> None:
    filed = await house.file(**PERSON)
    await house.do("dispatcher", f"/appeals/{filed['number']}/assignment", {"lead": LEAD})
    seen = await everything(house, filed["number"], "officer")
    assert [secret for secret in SECRETS if secret not in seen] == []


async def test_a_confidential_category_makes_the_appeal_confidential(house: House) -> None:
    filed = await house.file(category="18", **PERSON)
    assert filed["confidential"] is True


async def test_a_reopened_appeal_stays_confidential(house: House) -> None:
    number, _ = await confidential(house)
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "暂不追究。"})
    again = {"reason": "问题重现。", "text": "再次发生。"}
    case = await house.do("enterprise", f"/appeals/{number}/reopening", again)
    assert case["confidential"] is True


async def test_departments_are_not_told_the_filer_by_the_answer_to_their_own_move(house: House) -> None:
    _, assignment = await confidential(house)
    answer = await house.ask("officer", "POST", f"/assignments/{assignment}/signature", version="*")
    assert [secret for secret in SECRETS if secret in answer.text] == []
