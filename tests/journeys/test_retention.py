"""After ten years the words go, the figures stay; what somebody needs is kept."""

import json
from datetime import datetime
from typing import Any

from app.domain.retention import ERASED
from app.services.audit import seals_of, verify_all
from app.services.retention import Schedule, count_expired, erase_expired
from app.services.shelf import Shelf
from app.worker.duties import Bench, erase_old_appeals
from tests.api.promises import PREFIX
from tests.files import PDF
from tests.house import House, at, clock_of

TEN = Schedule(10)
WORDS = {
    "title": "宏泰的补贴", "text": "宏泰补贴没有到账。", "contact_name": "欧阳建国", "contact_phone": "13987654321",
    "confidential": True, "accused_department": "finance",
}  # fmt: skip
CITED = {"commitment": "power_household", "started_at": "2026-02-02T09:00:00+08:00", "evidence": "宏泰的受理单"}
LATER = at("2036-06-01 09:00")
FIGURES = (
    "number", "jurisdiction", "category", "kind", "status", "outcome", "result_type", "round", "level", "received_at",
    "closed_at", "due_at", "overdue", "supervised", "lead_department", "clocks", "assignments",
)  # fmt: skip


async def told(house: House) -> str:
    """Go through a whole life in which everybody writes something that tells of the filer; return its number."""
    headers = {"Idempotency-Key": "filed"}
    body = {"jurisdiction": "gedian", "category": "02", **WORDS, "citation": CITED}
    filed = await house.ask("enterprise", "POST", "/appeals", body, headers=headers)
    number = filed.json()["number"]
    evidence = {"file": ("宏泰的流水.pdf", PDF)}
    path = f"{PREFIX}/appeals/{number}/attachments"
    signed_in = {"Authorization": f"Bearer {house.keys['enterprise']}"}
    uploaded = await house.client.post(path, files=evidence, data={"purpose": "evidence"}, headers=signed_in)
    assert uploaded.status_code == 201, uploaded.text
    order = {"lead": "economy", "opinion": "请联系宏泰"}
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", order)
    (assignment,) = [one["id"] for one in case["assignments"]]
    house.go_to("2026-03-18")
    await house.sweep()
    order = (await house.items(f"/appeals/{number}/supervisions"))[-1]
    await house.do("officer", f"/supervisions/{order['id']}/answer", {"text": "宏泰的材料不齐。"})
    await house.resolve(
        assignment, text="宏泰的补贴已拨付。", basis="宏泰依据", remedy="宏泰救济", evidence=["宏泰凭证"]
    )
    await house.do("reviewer", f"/appeals/{number}/review", {"verdict": "pass"})
    visit = {"way": "电话", "contacted": False, "note": "宏泰无人接听"}
    await house.do("callback", f"/appeals/{number}/visits", visit)
    token = (await house.do("enterprise", f"/appeals/{number}/rating-link"))["token"]
    rating = {"solved": True, "satisfied": True, "comment": "宏泰满意"}
    await house.ask(None, "POST", f"/ratings/{token}", rating, headers={"Idempotency-Key": "rated"})
    await house.do("dispatcher", f"/appeals/{number}/closure", {"note": ""})
    return str(number)


async def kept(house: House) -> str:
    """Return every row but those of accounts and of the register of enterprises, as text."""
    tables = await house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = {one["tablename"] for one in tables} - {"account", "enterprise"}
    rows = [row for name in names for row in await house.rows(f"SELECT t::text AS row FROM {name} t")]
    return "\n".join(row["row"] for row in rows)


def figures(read: dict[str, Any]) -> dict[str, Any]:
    return {name: read[name] for name in FIGURES}


async def test_after_ten_years_the_words_go_and_the_figures_stay(house: House) -> None:
    number = await told(house)
    before = await house.read(number)
    assert (await kept(house)).count("宏泰") >= 10, "the words are there"
    assert len([one async for one in shelf(house).files.list()]) == 1
    last_day = datetime.fromisoformat(before["closed_at"]).astimezone(LATER.tzinfo)
    early = last_day.replace(year=2036)
    assert await erase_expired(house.office, TEN, now=early) == 0, "not on the day itself"
    assert await count_expired(house.office, TEN, now=LATER) == 1
    assert await erase_expired(house.office, TEN, now=LATER) == 1
    assert await erase_expired(house.office, TEN, now=LATER) == 0
    left = await kept(house)
    assert [word for word in ("宏泰", "欧阳", "13987654321", "987654") if word in left] == []
    house.now = LATER
    read = await house.read(number)
    assert figures(read) == figures(before)
    assert (read["title"], read["text"], read["enterprise_name"]) == (ERASED, ERASED, ERASED)
    assert (read["uscc"], read["contact_name"], read["contact_phone"]) == (None, None, None)
    assert read["erased_at"] == LATER.isoformat().replace("+00:00", "Z")
    assert clock_of(read, "handling")["verdict"] == clock_of(before, "handling")["verdict"]
    assert [one async for one in shelf(house).files.list()] == []
    assert [one for one in await findings(house) if not one.startswith("锚点")] == []
    (row,) = await house.rows("SELECT erased_by, erased_rule FROM appeal")
    assert row == {"erased_by": "系统", "erased_rule": "销号满10年（实务做法，文件未作规定）"}
    event = (await house.items(f"/appeals/{number}/timeline"))[-1]
    assert (event["action"], event["reason"]) == ("erase", row["erased_rule"])
    for who in ("leader", "enterprise", "officer", "dispatcher"):
        listed = await house.items("/appeals", who)
        assert [(one["number"], one["title"]) for one in listed] == [(number, ERASED)]
        for tail in ("", "/clocks", "/timeline", "/replies", "/supervisions", "/verdicts", "/attachments"):
            answer = await house.ask(who, "GET", f"/appeals/{number}{tail}")
            assert answer.status_code == 200, (who, tail, answer.text)


def shelf(house: House) -> Shelf:
    assert house.office.shelf is not None
    return house.office.shelf


async def findings(house: House) -> list[str]:
    """Return what is wrong with the history, as the auditor is told."""
    return [one.line for one in (await verify_all(house.office, seals_of(), now=house.now)).findings]


async def test_words_that_went_without_an_erasure_are_found(house: House) -> None:
    number = (await house.file())["number"]
    await house.rows("UPDATE appeal SET erased_at = now()")
    await house.rows("SELECT erase_words_of_events(id) FROM appeal")
    (fault,) = await findings(house)
    assert number in fault
    assert "没有删除记载" in fault


async def test_nothing_can_be_done_to_an_erased_appeal(house: House) -> None:
    number = (await house.file())["number"]
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})
    assert await erase_expired(house.office, TEN, now=LATER) == 1
    house.now = LATER
    for who, tail, body in (
        ("supervisor", "reopening", {"reason": "复发", "text": "又来了。"}),
        ("supervisor", "retention-hold", {"reason": "调查"}),
        ("clerk", "unmaskings", {"purpose": "contact", "reason": "核对申报材料原件需联系。"}),
    ):
        await house.refuse(who, f"/appeals/{number}/{tail}", body, status=409, code="appeal-erased")
    path = f"/appeals/{number}/contact"
    await house.refuse("enterprise", path, method="DELETE", status=409, code="appeal-erased")


async def test_what_is_held_is_kept_until_it_is_released(house: House) -> None:
    number = (await house.file(contact_name="欧阳建国"))["number"]
    for who, code in (("leader", 403), ("dispatcher", 403), ("enterprise", 403), ("rival", 404)):
        said = "role-not-allowed" if code == 403 else "not-found"
        body = {"reason": "调查"}
        await house.refuse(who, f"/appeals/{number}/retention-hold", body, status=code, code=said)
    await house.do("supervisor", f"/appeals/{number}/retention-hold", {"reason": "纪检正在调查。"})
    body = {"reason": "再次"}
    await house.refuse("supervisor", f"/appeals/{number}/retention-hold", body, status=409, code="retention-held")
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})
    path = f"/appeals/{number}/contact"
    await house.refuse("enterprise", path, method="DELETE", status=409, code="retention-held")
    assert (await house.read(number))["retention_held"] is True
    assert await erase_expired(house.office, TEN, now=LATER) == 0
    seen = json.dumps(await house.items(f"/appeals/{number}/timeline", "enterprise"), ensure_ascii=False)
    assert "hold_retention" in seen
    assert "纪检" not in seen, "why is not the enterprise's to know"
    await house.do("supervisor", f"/appeals/{number}/retention-release", {"reason": "调查结束。"})
    body = {"reason": "再次"}
    await house.refuse("supervisor", f"/appeals/{number}/retention-release", body, status=409, code="not-held")
    assert await erase_expired(house.office, TEN, now=LATER) == 1


async def test_open_appeals_and_what_belongs_to_them_are_kept(house: House) -> None:
    number, still_open = (await house.file())["number"], (await house.file())["number"]
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})
    again = {"reason": "问题重现。", "text": "再次发生。"}
    newer = (await house.do("enterprise", f"/appeals/{number}/reopening", again))["number"]
    assert await erase_expired(house.office, TEN, now=LATER) == 0, "what it was filed anew as is open"
    await house.do("enterprise", f"/appeals/{newer}/withdrawal", {"reason": "已解决。"})
    assert await erase_expired(house.office, TEN, now=LATER, batch=1) == 2
    assert (await house.read(still_open))["erased_at"] is None


async def test_the_worker_erases_by_the_years_that_are_set(house: House) -> None:
    number = (await house.file())["number"]
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})
    for years, erased in ((11, False), (10, True)):
        await erase_old_appeals(Bench(house.office, Any, lambda: LATER, retention_years=years))
        assert ((await house.read(number))["erased_at"] is not None) is erased
