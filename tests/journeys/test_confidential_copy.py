"""Every word that tells who filed in confidence is looked for in everything that a department can read."""

from typing import Any

import pytest
from sqlalchemy import text

from app.domain.anonymity import COPY_MISSING
from app.domain.roles import Role
from app.services.accounts import NewAccount
from app.services.resealing import make_missing_copies
from tests.api.promises import Operation, operations
from tests.house import LEAD, OFFICE, House, lead_of

FIRM, USCC = "葛店宏泰光电科技有限公司", "91421003MABCDE12X0"
PERSON = {"contact_name": "欧阳建国", "contact_phone": "139 8765 4321"}
STORY = (
    "我公司葛店宏泰光电科技有限公司（宏泰光电，代码91421003MABCDE12X0）位于葛店镇创业大道88号3栋，联系人：欧阳建国，"
    "手机１３９－８７６５－４３２１、座机0711-5926688，邮箱ouyang@hongtai.example，身份证420700198703021234，"
    "车辆鄂G·H8866被扣，退款账号4205 0163 8608 0000 1234，微信号hongtai_88。补贴58000元仍未到账。"
)
CANARIES = (
    FIRM, "宏泰", "hongtai", USCC, "MABCDE12X", "欧阳", "建国", "139 8765 4321", "８７６５", "8765", "5926688",
    "ouyang", "420700198703021234", "H8866", "创业大道88", "4205 0163", "WO-20260302-7", "绰号老五",
)  # fmt: skip
DEPARTMENT = ("officer", "head", "officer_other")
SAID = "宏泰光电欧阳建国13987654321补充说明，"


async def firm(house: House) -> None:
    """Register the enterprise of this story with an account named like it."""
    filing = {"enterprise_name": FIRM, "uscc": USCC, "jurisdiction": "gedian", "category": "02"}
    await house.do("clerk", "/appeals", {**filing, "title": "无关的一件", "text": "旧事。"})
    (row,) = await house.rows("SELECT id FROM enterprise WHERE uscc = :uscc", uscc=USCC)
    await house.admit("firm", NewAccount(FIRM, frozenset({Role.ENTERPRISE}), enterprise_id=row["id"]))


async def long_story(house: House) -> tuple[str, str]:
    """Let everybody say something that tells who filed; return number and lead assignment."""
    await firm(house)
    citation = {"commitment": "power_household", "started_at": "2026-02-02T09:00:00+08:00", "evidence": f"{SAID}受理单"}
    filed = await house.do(
        "firm",
        "/appeals",
        {
            "jurisdiction": "gedian", "category": "02", "title": f"{FIRM}（绰号老五）补贴未到账", "text": STORY,
            "confidential": True, "accused_department": "finance", "external_number": "WO-20260302-7",
            "citation": citation, **PERSON,
        },
    )  # fmt: skip
    number = filed["number"]
    await house.do("dispatcher", f"/appeals/{number}/supplement-request", {"gaps": [f"{SAID}缺截图"]})
    await house.do("firm", f"/appeals/{number}/supplement", {"text": f"{SAID}{STORY}"})
    copy = {"title": "〔企业〕补贴未到账", "text": "〔企业〕反映补贴58000元未到账。"}
    await house.ask("dispatcher", "PUT", f"/appeals/{number}/anonymised-copy", copy, version="*")
    order = {"lead": LEAD, "supports": ["finance"], "opinion": f"请联系{SAID}"}
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", order)
    assignment = lead_of(case)
    asked = {"purpose": "contact", "reason": f"联系{SAID}核实材料。"}
    await house.do("clerk", f"/appeals/{number}/unmaskings", asked)
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": f"已与{SAID}通话"})
    reply = {"kind": "progress", "text": f"{SAID}正在拨付。"}
    await house.do("officer", f"/assignments/{assignment}/replies", reply)
    house.go_to("2026-03-18")
    await house.sweep()
    await house.do("firm", f"/appeals/{number}/withdrawal", {"reason": f"{SAID}不再追究。"})
    await house.do("supervisor", f"/appeals/{number}/reopening", {"reason": f"{SAID}又发生。", "text": STORY})
    return number, assignment


async def identifiers(house: House, number: str, assignment: str) -> dict[str, str]:
    (ids,) = await house.rows(
        "SELECT (SELECT id FROM clock c WHERE c.appeal_id = a.id LIMIT 1)::text AS clock_id "
        "FROM appeal a WHERE number = :number",
        number=number,
    )
    return {"number": number, "assignment_id": assignment, **ids}


async def readable(house: House) -> list[Operation]:
    """Return every operation that reads, whatever it is about."""
    found = [one for one in await operations(house) if one.method == "GET"]
    assert len(found) >= 20
    return found


async def all_that_is_read(house: House, who: str, ids: dict[str, str]) -> dict[str, str]:
    """Return what each operation answers this person."""
    answers = {}
    for one in await readable(house):
        known = {**ids, "jurisdiction": "gedian"}
        if set(one.parameters("path")) <= {*known, "region", "year", "publication_id"}:
            answer = await house.ask(who, "GET", one.at(known))
            answers[one.name] = f"{answer.text}{dict(answer.headers)}"
    for query in ("external_number=WO-20260302-7", "order=due_at", "late=true"):
        answers[query] = (await house.ask(who, "GET", f"/appeals?{query}")).text
    return answers


def told(answers: dict[str, str]) -> set[tuple[str, str]]:
    return {(name, canary) for name, answer in answers.items() for canary in CANARIES if canary in answer}


async def test_nothing_that_a_department_can_read_tells_who_filed(house: House) -> None:
    number, assignment = await long_story(house)
    (again,) = await house.rows("SELECT number FROM appeal WHERE reopens_id IS NOT NULL")
    ids = await identifiers(house, number, assignment)
    for who in DEPARTMENT:
        answers = await all_that_is_read(house, who, ids)
        assert told(answers) == set(), who
        assert {"read_appeal", "list_appeals", "read_timeline", "list_replies", "list_supervisions"} <= set(answers)
        assert "〔企业〕" in answers["read_appeal"]
        assert "补贴58000元" in answers["read_appeal"], "the matter itself is there"
        assert "补充说明" in answers["read_timeline"], "and what was said about it"
        assert number not in (await house.ask(who, "GET", "/appeals?external_number=WO-20260302-7")).text
    await house.do("dispatcher", f"/appeals/{again['number']}/assignment", {"lead": LEAD})
    later = await all_that_is_read(house, "officer", ids | {"number": again["number"]})
    assert told(later) == set()
    assert "【复核】〔企业〕补贴未到账" in later["list_assignments"]
    events = await house.rows("SELECT payload::text || reason AS said FROM event WHERE action = 'file'")
    announced = await house.rows("SELECT payload::text AS said FROM outbox WHERE type = 'appeal.received'")
    assert [one for one in events + announced if FIRM in one["said"]] == []


async def test_an_office_of_the_accused_department_reads_the_copy_as_well(house: House) -> None:
    number, assignment = await long_story(house)
    roles = frozenset({Role.DISPATCHER, Role.CLERK, Role.SUPERVISOR})
    await house.admit("insider", NewAccount("某人", roles, department="finance", **OFFICE))
    ids = await identifiers(house, number, assignment)
    assert told(await all_that_is_read(house, "insider", ids)) == set()
    found = await house.ask("insider", "POST", "/contact-searches", {"contact_phone": PERSON["contact_phone"]})
    assert found.json()["items"] == []
    asked = {"purpose": "contact", "reason": "核对申报材料原件，需电话联系企业。"}
    path = f"/appeals/{number}/unmaskings"
    await house.refuse("insider", path, asked, status=403, code="role-not-allowed")


async def test_who_may_know_reads_the_original(house: House) -> None:
    number, assignment = await long_story(house)
    ids = await identifiers(house, number, assignment)
    seen = told(await all_that_is_read(house, "firm", ids))
    assert {canary for _, canary in seen} >= {FIRM, "5926688", "ouyang", "创业大道88"}
    seen = told(await all_that_is_read(house, "dispatcher", ids))
    assert {canary for _, canary in seen} >= {FIRM, "5926688", "ouyang", "创业大道88"}


async def test_without_the_masking_it_would_be_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number, assignment = await long_story(house)
    ids = await identifiers(house, number, assignment)
    for module in ("app.services.anonymising", "app.api.schemas.appeals", "app.api.schemas.timeline"):
        monkeypatch.setattr(f"{module}.is_hidden", lambda *_: False)
    seen = {name for name, _ in told(await all_that_is_read(house, "officer", ids))}
    assert {"read_appeal", "read_timeline", "list_replies"} <= seen


async def test_the_list_would_tell_as_well(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number, assignment = await long_story(house)
    ids = await identifiers(house, number, assignment)
    monkeypatch.setattr("app.storage.masking.hides_every_filer", lambda _: False)
    assert {"list_appeals"} <= {name for name, _ in told(await all_that_is_read(house, "head", ids))}


# The copy itself -----------------------------------------------------------------------------------------------------


async def copied(house: House) -> tuple[str, dict[str, Any]]:
    """File in confidence; return the number and copy and original side by side."""
    await firm(house)
    filing = {"jurisdiction": "gedian", "category": "02", "title": "宏泰的补贴", "text": STORY, "confidential": True}
    number = (await house.do("firm", "/appeals", {**filing, **PERSON}))["number"]
    answer = await house.ask("dispatcher", "GET", f"/appeals/{number}/anonymised-copy")
    assert answer.status_code == 200, answer.text
    return number, answer.json()


async def test_a_dispatcher_compares_and_corrects_the_copy(house: House) -> None:
    number, shown = await copied(house)
    assert (shown["title"], shown["text"], shown["anonymised_title"]) == ("宏泰的补贴", STORY, "〔企业〕的补贴")
    assert told({"copy": shown["anonymised_text"]}) == set()
    path, words = f"/appeals/{number}/anonymised-copy", {"title": "某补贴", "text": "补贴未到账。"}
    await house.refuse("dispatcher", path, words, method="PUT", status=428, code="precondition-missing", version=None)
    await house.refuse("dispatcher", path, words, method="PUT", status=412, code="stale", version=9)
    answer = await house.ask("dispatcher", "PUT", path, words, version=1)
    assert (answer.status_code, answer.json()["version"], answer.json()["title"]) == (200, 2, "宏泰的补贴")
    await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    read = await house.read(number, "officer")
    assert (read["title"], read["text"]) == ("某补贴", "补贴未到账。")
    (event,) = [one for one in await house.items(f"/appeals/{number}/timeline") if one["action"] == "correct_copy"]
    assert (event["payload"], event["reason"]) == ({}, "")


async def test_nobody_else_reads_or_corrects_it(house: House) -> None:
    number, _ = await copied(house)
    await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    path, words = f"/appeals/{number}/anonymised-copy", {"title": "某补贴", "text": "补贴未到账。"}
    for who, status in (("clerk", 403), ("leader", 403), ("officer", 403), ("firm", 403), ("officer_third", 404)):
        code = "role-not-allowed" if status == 403 else "not-found"
        await house.refuse(who, path, method="GET", status=status, code=code, version=None)
        await house.refuse(who, path, words, method="PUT", status=status, code=code)
    await house.do("firm", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})
    await house.refuse("dispatcher", path, words, method="PUT", status=409, code="appeal-closed")
    open_one = (await house.file())["number"]
    path = f"/appeals/{open_one}/anonymised-copy"
    await house.refuse("dispatcher", path, method="GET", status=409, code="not-confidential", version=None)


async def test_an_old_appeal_without_a_copy_shows_none_until_it_is_made(house: House) -> None:
    number, _ = await copied(house)
    await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    async with house.office.work() as work:
        await work.connection.execute(text("UPDATE appeal SET anonymised_title = NULL, anonymised_text = NULL"))
    read = await house.read(number, "officer")
    assert (read["title"], read["text"]) == (COPY_MISSING, COPY_MISSING)
    assert [one["title"] for one in await house.items("/assignments", "officer")] == [COPY_MISSING]
    assert await make_missing_copies(house.office, batch=1) == 1
    assert (await house.read(number, "officer"))["title"] == "〔企业〕的补贴"
    assert await make_missing_copies(house.office) == 0
