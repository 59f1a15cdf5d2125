"""An appeal cites a service commitment: what it comes to is computed at the filing and annexed."""

from typing import Any

import pytest

from app.policies import packaged
from app.services.policies import publish_packs
from tests.api.test_statement_counts import known, statements
from tests.house import FILING, MONDAY, House

PAPER = "供电公司业务受理单（2026年2月24日）"
FEBRUARY = "2026-02-24T09:00:00+08:00"  # the first working day after 春节


def cite(commitment: str = "power_household", started_at: str = FEBRUARY, **stated: Any) -> dict[str, Any]:
    """Return a citation as it is sent."""
    return {"commitment": commitment, "started_at": started_at, "evidence": PAPER} | stated


async def filed(house: House, who: str = "enterprise", **stated: Any) -> dict[str, Any]:
    """File an appeal with a citation on Monday 2026-03-02, 09:30, and return the citation as it is read."""
    number = (await house.file(citation=cite(**stated)))["number"]
    return dict((await house.read(number, who))["citation"])


VERDICTS = {
    "ended late": ({"ended_at": "2026-03-02T09:00:00+08:00"}, "2026-02-26", "breached", "超过承诺时限", 3),
    "not ended and late": ({}, "2026-02-26", "breached", "超过承诺时限", 3),
    "ended in time": ({"ended_at": "2026-02-26T23:59:59+08:00"}, "2026-02-26", "kept", "在承诺时限之内", None),
    "not ended, not due": (
        {"started_at": "2026-02-28T09:00:00+08:00"},  # a Saturday made up; 03-02, 03-03
        "2026-03-03",
        "running",
        "尚未到期",
        None,
    ),
    "beyond an average": (
        {"commitment": "power_low_voltage"},
        "2026-02-27",
        "beyond_average",
        "超过所公布的平均时限",
        2,
    ),
    "beyond a best effort": (
        {"commitment": "policy_refund", "started_at": "2026-02-05T09:00:00+08:00"},  # 02-10
        "2026-02-10",
        "beyond_average",
        "超过所公布的力争时限",
        10,
    ),
    "half a day, in the morning": (
        {"commitment": "company_setup", "started_at": "2026-02-28T09:00:00+08:00"},
        "2026-02-28",
        "breached",
        "超过承诺时限",
        1,
    ),
    "half a day, in the afternoon": (
        {"commitment": "company_setup", "started_at": "2026-02-28T13:00:00+08:00"},  # to noon of the day of filing
        "2026-03-02",
        "running",
        "尚未到期",
        None,
    ),
}


@pytest.mark.parametrize(("stated", "due", "verdict", "name", "late_by"), VERDICTS.values(), ids=VERDICTS)
async def test_a_citation_is_judged_at_the_filing_and_shown_with_the_appeal(
    house: House, stated: dict[str, Any], due: str, verdict: str, name: str, late_by: int | None
) -> None:
    citation = await filed(house, **stated)
    assert (citation["due_day"], citation["verdict"]) == (due, verdict)
    assert (citation["verdict_name"], citation["late_by"]) == (name, late_by)


async def test_the_whole_computation_is_annexed_with_its_sources(house: House) -> None:
    citation = await filed(house)
    assert (citation["name"], citation["limit"], citation["mark"]) == ("居民用户办电", "2 WD", "demanded")
    assert "第5条：「居民用户办电时间压缩至 2 个工作日以内」" in citation["clause"]
    assert [one["day"] for one in citation["days"] if one["counted"]] == ["2026-02-25", "2026-02-26"]
    assert citation["due_at"] == "2026-02-26T16:00:00Z"
    assert citation["sentences"][-1] == f"承诺依据：{citation['clause']}"
    assert any("超过承诺时限，晚于到期日3个工作日" in sentence for sentence in citation["sentences"])
    assert citation["evidence"] == PAPER
    assert citation["policy"].startswith("葛店开发区 ")
    assert citation["calendar_version"] == house.office.calendars.of("gedian").version


async def test_a_pause_for_own_building_work_moves_the_due_day(house: House) -> None:
    started, building = "2026-01-05T09:00:00+08:00", ("2026-01-06T09:00:00+08:00", "2026-02-25T09:00:00+08:00")
    pauses = [dict(zip(("started_at", "ended_at"), building, strict=True))]
    stated = {"commitment": "power_high_voltage", "started_at": started}
    without, with_pause = await filed(house, **stated), await filed(house, **stated, pauses=pauses)
    assert (without["verdict"], with_pause["verdict"]) == ("beyond_average", "running")
    assert with_pause["pauses"] == [["2026-01-06T01:00:00Z", "2026-02-25T01:00:00Z"]]


async def test_the_verdict_stands_as_it_was_computed(house: House) -> None:
    number = (await house.file(citation=cite(started_at="2026-02-28T09:00:00+08:00")))["number"]
    before = (await house.read(number))["citation"]
    house.pass_time(days=30)
    async with house.office.work() as work:
        await publish_packs(work, packaged().packs.values(), now=house.now)
    await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": "economy"})
    after = (await house.read(number))["citation"]
    assert before == after
    assert (after["verdict"], after["computed_at"]) == ("running", "2026-03-02T01:30:00Z")


async def test_the_history_says_what_was_cited_and_what_it_came_to(house: House) -> None:
    number = (await house.file(citation=cite()))["number"]
    (event,) = (await house.ask("leader", "GET", f"/appeals/{number}/timeline")).json()["items"]
    assert event["payload"]["citation"] == {
        "commitment": "power_household",
        "verdict": "breached",
        "due_at": "2026-02-26T16:00:00+00:00",
    }


async def test_a_due_day_of_a_year_without_a_notice_is_only_projected(house: House) -> None:
    house.go_to("2027-01-12 09:30")
    citation = await filed(house, started_at="2026-12-31T09:00:00+08:00")
    assert (citation["provisional"], citation["verdict"], citation["late_by"]) == (True, "projected", None)


async def test_an_appeal_that_cites_nothing_shows_none(house: House) -> None:
    number = (await house.file())["number"]
    assert (await house.read(number))["citation"] is None
    assert await house.rows("SELECT id FROM citation") == []


async def test_papers_are_hidden_with_a_confidential_filer(house: House) -> None:
    number = (await house.file(confidential=True, citation=cite()))["number"]
    await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": "economy"})
    seen = {who: (await house.read(number, who))["citation"] for who in ("officer", "leader", "enterprise")}
    assert {who: one["evidence"] for who, one in seen.items()} == {
        "officer": "（已保密）",
        "leader": PAPER,
        "enterprise": PAPER,
    }
    assert seen["officer"]["verdict"] == "breached"


PAUSE = {"started_at": "2026-02-24T10:00:00+08:00", "ended_at": "2026-02-26T10:00:00+08:00"}
LATER = {"started_at": "2026-02-25T10:00:00+08:00", "ended_at": "2026-02-27T10:00:00+08:00"}
OVERLAPPING = "暂停记录有误：各次暂停须按先后排列，不得重叠，只有最后一次可以尚未恢复。"
NO_ZONE = "时间须带时区，例如 2026-11-22T10:00:00+08:00"
SPELLING = "时间应写作 2026-11-22T10:00:00+08:00"
YEARS = "应在2007年至2100年之间"
BAD = {
    "an unknown commitment": (cite("gas_supply"), "commitment", "请从 /api/v1/policies/gedian 的 commitments 中选择"),
    "one of another document": (cite("credit_repair"), "commitment", None),
    "ended before it started": (cite(ended_at="2026-02-23T09:00:00+08:00"), "ended_at", "不能早于开始时间"),
    "started in the future": (cite(started_at="2026-03-02T09:30:01+08:00"), "started_at", "不能晚于提交诉求的时刻"),
    "ended in the future": (cite(ended_at="2026-03-02T09:30:01+08:00"), "ended_at", "尚未办结的，请不要填写"),
    "before the calendar": (cite(started_at="2006-12-31T23:59:59+08:00"), "started_at", YEARS),
    "the first year there is": (cite(started_at="0001-01-01T00:00:00+14:00"), "started_at", YEARS),
    "the last year there is": (cite(ended_at="9999-12-31T23:59:59-14:00"), "ended_at", YEARS),
    "after the calendar": (cite(started_at="2101-01-01T00:00:00+08:00"), "started_at", YEARS),
    "overlapping pauses": (cite(pauses=[PAUSE, LATER]), "pauses", None),
    "a pause into the future": (cite(pauses=[PAUSE | {"ended_at": "2026-03-09T10:00:00+08:00"}]), "pauses", None),
    "an endless pause": (cite(pauses=[{"started_at": FEBRUARY}]), "pauses.0.ended_at", "必填"),
    "too many pauses": (cite(pauses=[PAUSE] * 51), "pauses", "最多50项"),
    "a naive start": (cite(started_at="2026-02-24T09:00:00"), "started_at", NO_ZONE),
    "a naive end": (cite(ended_at="2026-02-24T09:00:00"), "ended_at", NO_ZONE),
    "a naive pause": (cite(pauses=[PAUSE | {"started_at": "2026-02-24T10:00:00"}]), "pauses.0.started_at", NO_ZONE),
    "seconds since 1970": (cite(started_at=1771894800), "started_at", SPELLING),
    "no paper": ({"commitment": "power_household", "started_at": FEBRUARY}, "evidence", "必填"),
    "an empty paper": (cite(evidence=" "), "evidence", None),
    "a long paper": (cite(evidence="证" * 2001), "evidence", "最多2000个字"),
    "an unknown field": (cite(late_by=3), "late_by", "没有这个字段，请删去"),
}


@pytest.mark.parametrize(("citation", "field", "reason"), BAD.values(), ids=BAD)
async def test_a_citation_that_cannot_be_is_refused_and_nothing_is_filed(
    house: House, citation: dict[str, Any], field: str, reason: str | None
) -> None:
    answer = await house.ask("enterprise", "POST", "/appeals", FILING | {"citation": citation})
    (fault,) = answer.json()["faults"]
    assert (answer.status_code, fault["field"]) == (422, f"citation.{field}")
    assert reason in (None, fault["reason"])
    for table in ("appeal", "citation", "event", "outbox", "clock"):
        assert await house.rows(f"SELECT 1 FROM {table}") == [], table


async def test_overlapping_pauses_are_refused_in_the_words_of_every_clock(house: House) -> None:
    answer = await house.ask("enterprise", "POST", "/appeals", FILING | {"citation": cite(pauses=[PAUSE, LATER])})
    assert (answer.status_code, answer.json()["detail"]) == (422, OVERLAPPING)


async def test_a_citation_at_its_limits_is_filed(house: House) -> None:
    paper = "证" * 2000
    citation = await filed(house, started_at="2007-01-01T00:00:00+08:00", evidence=paper)
    assert (citation["verdict"], citation["evidence"]) == ("breached", paper)
    now = await filed(house, started_at=MONDAY.isoformat(), ended_at=MONDAY.isoformat())
    assert now["verdict"] == "kept"


async def test_a_citation_costs_no_statement_more_to_file_or_to_read(house: House) -> None:
    await known(house)
    counts = []
    for body in (FILING, FILING | {"citation": cite()}):
        with statements(house) as filing:
            number = (await house.do("enterprise", "/appeals", body))["number"]
        with statements(house) as reading:
            await house.read(number)
        counts.append((len(filing), len(reading)))
    assert counts[0] == counts[1] != (0, 0)


async def test_the_commitments_are_published_with_their_clauses(house: House) -> None:
    published = (await house.ask(None, "GET", "/policies/gedian")).json()["commitments"]
    assert len(published) == 22
    (one,) = [row for row in published if row["code"] == "power_high_voltage"]
    assert {name: one[name] for name in ("limit", "limit_text", "basis", "basis_name", "excludes", "mark")} == {
        "limit": "30 WD",
        "limit_text": "30个工作日",
        "basis": "average",
        "basis_name": "平均",
        "excludes": "用户自建工程的时间",
        "mark": "demanded",
    }
    assert "第5条：「高压用户平均办电时间压缩至" in one["clause"]
    assert (await house.ask(None, "GET", "/policies/hongshan")).json()["commitments"] == []
