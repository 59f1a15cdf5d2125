"""The public deadline calculator: the oracle over HTTP, every bad question, and the same answers as the command."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from app.calendars import load_calendar
from app.cli.due import due_one
from app.domain.errors import Invalid
from app.domain.promise_reading import LONGEST, MOST_EXTENSIONS, MOST_PAUSES
from app.policies import packaged
from app.services.policies import publish_packs
from tests.house import PROBLEM, House

ORACLE = Path(__file__).parents[1] / "domain" / "deadlines.json"
CASES: list[dict[str, Any]] = json.loads(ORACLE.read_text(encoding="utf-8"))["cases"]
RECEIVED = "2026-03-03T09:00+08:00"
QUESTION = {"received": RECEIVED, "limit": "5 WD"}
PAUSE = "2026-03-04T10:00+08:00/2026-03-05T10:00+08:00"
ECHO = "zzqqxx"


async def asked(house: House, who: str | None = None, **question: Any) -> dict[str, Any]:
    """Ask the calculator something that it must answer."""
    answer = await house.client.get("/api/v1/calculator", params=question)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def refused(house: House, status: int = 422, **question: Any) -> dict[str, Any]:
    """Ask the calculator something that it must refuse; return the problem."""
    answer = await house.client.get("/api/v1/calculator", params=question)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    problem: dict[str, Any] = answer.json()
    return problem


def question_of(case: dict[str, Any]) -> dict[str, Any]:
    """Write a case of the oracle as parameters."""
    return {
        "received": case["received"],
        "limit": case["limit"],
        "pause": ["/".join(pause) for pause in case.get("pauses", ())],
        "extension": case.get("extensions", []),
        "switch": case.get("switches", []),
    }


async def test_every_case_of_the_oracle_is_answered_as_worked_out_by_hand(house: House) -> None:
    for case in CASES:
        told = await asked(house, **question_of(case))
        assert told["provisional"] is case.get("provisional", False), case["id"]
        if "due_day" in case:
            assert told["due_day"] == case["due_day"], case["id"]
    assert len(CASES) == 22


async def test_the_answer_is_the_one_that_the_command_gives(house: House) -> None:
    for case in CASES:
        told = await asked(house, **question_of(case))
        line = due_one(case | {"explain": True})
        assert datetime.fromisoformat(told["due_at"]) == datetime.fromisoformat(line["due_at"])
        assert [told[name] for name in ("due_day", "provisional", "calendar_version")] == [
            line[name] for name in ("due_day", "provisional", "calendar")
        ]
        explanation = line["explanation"]
        assert told["sentences"] == explanation["sentences"]
        assert [day["why"] for day in told["days"]] == [day["why"] for day in explanation["days"]]


async def test_nobody_needs_an_account_and_a_wrong_key_does_no_harm(house: House) -> None:
    answer = await house.client.get(
        "/api/v1/calculator", params=QUESTION, headers={"Authorization": f"Bearer bh_{'x' * 43}"}
    )
    assert answer.status_code == 200
    # What does need one is refused to the same client, so the door is there.
    assert (await house.client.get("/api/v1/appeals")).status_code == 401


async def test_sentences_days_and_parts_come_back(house: House) -> None:
    told = await asked(
        house, **QUESTION, pause=PAUSE, extension=["2 WD", "1 WD"], switch=["deemed_receipt", "close_of_business"]
    )
    assert (told["due_day"], told["due_at"]) == ("2026-03-17", "2026-03-17T09:30:00Z")
    assert (told["limit"], told["limit_text"], told["clause"]) == ("5 WD", "5个工作日", None)
    assert told["days"][0] == {
        "day": "2026-03-03",
        "weekday": "周二",
        "kind": "working",
        "name": None,
        "counted": False,
        "ordinal": None,
        "minutes": None,
        "why": "起算日，当日不计入",
    }
    assert told["sentences"][-1] == "期限由提问者直接给出，未注明条款。"
    assert any("第2次延长（共2次）：延长1个工作日" in sentence for sentence in told["sentences"])
    assert [notice["year"] for notice in told["notices"]] == [2026]
    assert told["pauses"] == [
        {"started_at": "2026-03-04T02:00:00Z", "ended_at": "2026-03-05T02:00:00Z", "applied": True}
    ]
    assert told["extensions"][1] == {
        "number": 2,
        "count": 2,
        "limit": "1 WD",
        "limit_text": "1个工作日",
        "former_due_at": "2026-03-16T09:30:00Z",
    }
    assert told["switches"] == [
        {"switch": "deemed_receipt", "applied": False},
        {"switch": "close_of_business", "applied": True},
    ]


async def test_without_an_explanation_the_lists_are_empty_and_the_date_is_the_same(house: House) -> None:
    long, short = await asked(house, **QUESTION), await asked(house, **QUESTION, explain="false")
    lists = ("sentences", "days", "notices", "pauses", "extensions", "switches")
    assert [short[name] for name in lists] == [[]] * len(lists)
    assert {name: short[name] for name in short if name not in lists} == {
        name: long[name] for name in long if name not in lists
    }


async def test_working_hours_are_counted_and_told(house: House) -> None:
    told = await asked(house, received="2026-03-03T16:30+08:00", limit="3 WH")
    assert (told["due_at"], told["limit_text"]) == ("2026-03-04T02:30:00Z", "3个工作小时")
    assert [day["minutes"] for day in told["days"]] == [60, 120]


@pytest.mark.parametrize(
    ("level", "limit", "due_day"),
    [
        ({}, "5 WD", "2026-03-10"),
        ({"level": "ordinary"}, "5 WD", "2026-03-10"),
        ({"level": "difficult"}, "15 WD", "2026-03-24"),
    ],
)
async def test_a_clock_brings_its_limit_and_its_clause(
    house: House, level: dict[str, str], limit: str, due_day: str
) -> None:
    told = await asked(house, received=RECEIVED, clock="handling", jurisdiction="gedian", **level)
    assert (told["limit"], told["due_day"]) == (limit, due_day)
    clause = told["clause"]
    assert "一般问题5个工作日、疑难问题15个工作日办结" in clause["words"]
    assert (clause["standing"], clause["mark"]) == ("issued", "demanded")
    assert told["sentences"][-1] == f"期限依据：{clause['text']}。"


async def test_a_clock_of_the_calculator_is_due_when_that_of_an_appeal_is(house: House) -> None:
    clocks = (await house.file(petition=True))["clocks"]
    assert len(clocks) > 3
    for clock in clocks:
        told = await asked(house, received=clock["started_at"], clock=clock["kind"], jurisdiction="gedian")
        assert [told[name] for name in ("due_at", "due_day", "limit")] == [
            clock[name] for name in ("due_at", "due_day", "limit")
        ]


async def publish_newer(house: House) -> None:
    """Publish a version of the policy that holds from Tuesday 2026-03-03 and closes the last day with business."""
    pack = packaged().packs["gedian"]
    head = pack.data["policy"] | {
        "version": "2026.9",
        "effective_on": "2026-03-03",
        "switches": ["close_of_business"],
    }
    newer = replace(pack, data={**pack.data, "policy": head}, digest="newer")
    async with house.office.work() as work:
        assert await publish_packs(work, [newer], now=house.now) == ["gedian"]


async def test_the_policy_of_the_day_of_receipt_rules_and_its_switches_run(house: House) -> None:
    await publish_newer(house)
    house.pass_time(days=30)
    before, after = [
        await asked(house, received=f"{day}T09:00+08:00", clock="handling", jurisdiction="gedian")
        for day in ("2026-03-02", "2026-03-03")
    ]
    assert (before["due_at"], before["switches"]) == ("2026-03-09T16:00:00Z", [])
    assert (after["due_at"], after["switches"]) == (
        "2026-03-10T09:30:00Z",
        [{"switch": "close_of_business", "applied": True}],
    )


async def test_the_switches_of_a_policy_do_not_touch_a_limit_that_was_stated(house: House) -> None:
    await publish_newer(house)
    house.pass_time(days=30)
    told = await asked(house, **QUESTION, jurisdiction="gedian")
    assert (told["due_at"], told["switches"]) == ("2026-03-10T16:00:00Z", [])


async def test_a_jurisdiction_may_be_named_with_a_limit(house: House) -> None:
    assert (await asked(house, **QUESTION, jurisdiction="gedian"))["due_day"] == "2026-03-10"


@pytest.mark.parametrize(
    ("received", "due_day"),
    [
        ("2024-09-27T10:15+08:00", "2024-10-10"),
        ("2024-09-27T10:15:00.123456+0800", "2024-10-10"),
        ("2024-09-29T16:30Z", "2024-10-12"),
    ],
)
async def test_a_plus_sign_that_was_not_escaped_is_understood(house: House, received: str, due_day: str) -> None:
    bare = await house.client.get(f"/api/v1/calculator?received={received}&limit=5%20WD")
    assert bare.json()["due_day"] == due_day
    assert (await asked(house, received=received, limit="5 WD"))["due_day"] == due_day


async def test_an_unescaped_plus_sign_is_understood_in_a_pause(house: House) -> None:
    bare = await house.client.get(f"/api/v1/calculator?received={RECEIVED}&limit=5%20WD&pause={PAUSE}")
    assert bare.json() == await asked(house, **QUESTION, pause=PAUSE)


REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "received", "必填"),
    ({"limit": "5 WD"}, "received", "必填"),
    (QUESTION | {"received": ""}, "received", "缺少收到时间"),
    (QUESTION | {"received": "2026-03-03T09:00"}, "received", "收到时间没有时区"),
    (QUESTION | {"received": "2026-03-03 09:00"}, "received", "收到时间没有时区"),
    (QUESTION | {"received": "2026-03-03"}, "received", "收到时间没有时区"),
    (QUESTION | {"received": ECHO}, "received", "收到时间无法识别"),
    (QUESTION | {"received": "2026-02-30T09:00+08:00"}, "received", "收到时间无法识别"),
    (QUESTION | {"received": "2006-12-31T23:59:59+08:00"}, "received", "应在2007年至2100年之间"),
    (QUESTION | {"received": "2101-01-01T00:00+08:00"}, "received", "应在2007年至2100年之间"),
    (QUESTION | {"received": "0001-01-01T00:00+14:00"}, "received", "应在2007年至2100年之间"),
    (QUESTION | {"received": "9999-12-31T23:59-08:00"}, "received", "应在2007年至2100年之间"),
    (QUESTION | {"limit": ""}, "limit", "期限无法识别"),
    (QUESTION | {"limit": ECHO}, "limit", "期限无法识别"),
    (QUESTION | {"limit": "0.5 d"}, "limit", "期限无法识别"),
    (QUESTION | {"limit": "1.5 WH"}, "limit", "期限无法识别"),
    (QUESTION | {"limit": "5" + " " * 100 + "WD"}, "limit", "期限无法识别"),
    *[
        (QUESTION | {"limit": f"{longest + 1} {unit}"}, "limit", f"期限过长，以{unit}计最多{longest}")
        for unit, longest in LONGEST.items()
    ],
    (QUESTION | {"received": "2100-12-01T09:00+08:00", "limit": "99 WD"}, "day", "超出工作日历范围"),
    (QUESTION | {"received": "2100-12-30T09:00+08:00", "limit": "240 h"}, "day", "超出工作日历范围"),
    (QUESTION | {"pause": "2026-03-04T10:00+08:00"}, "pause", "每次暂停应写明起与止"),
    (QUESTION | {"pause": "2026-03-04T10:00+08:00/"}, "pause", "仍在暂停中的期限没有到期日"),
    (QUESTION | {"pause": f"{PAUSE}/{RECEIVED}"}, "pause", "每次暂停应写明起与止"),
    (QUESTION | {"pause": f"/{RECEIVED}"}, "pause", "缺少暂停"),
    (QUESTION | {"pause": f"2026-03-04T10:00/{RECEIVED}"}, "pause", "暂停没有时区"),
    (QUESTION | {"pause": "2026-03-05T10:00+08:00/2026-03-04T10:00+08:00"}, "pause", "恢复时间早于暂停时间"),
    (QUESTION | {"pause": "2026-03-02T10:00+08:00/2026-03-04T10:00+08:00"}, "pause", "暂停早于时限的起算"),
    (QUESTION | {"pause": [PAUSE, "2026-03-05T09:00+08:00/2026-03-06T10:00+08:00"]}, "pause", "不得重叠"),
    (QUESTION | {"pause": [PAUSE, PAUSE]}, "pause", "不得重叠"),
    (
        QUESTION | {"pause": "2026-03-11T00:00+08:00/2026-03-12T10:00+08:00"},
        "pause",
        "暂停开始时期限已经届满",
    ),
    (
        {"received": RECEIVED, "limit": "2 h", "pause": "2026-03-03T11:00+08:00/2026-03-03T12:00+08:00"},
        "pause",
        "暂停开始时期限已经届满",
    ),
    (QUESTION | {"pause": [PAUSE] * (MOST_PAUSES + 1)}, "pause", "暂停最多50项"),
    (QUESTION | {"extension": ["1 WD"] * (MOST_EXTENSIONS + 1)}, "extension", "延长最多20项"),
    (QUESTION | {"extension": ECHO}, "extension", "延长无法识别"),
    (QUESTION | {"extension": "9999 WD"}, "extension", "延长过长"),
    (QUESTION | {"extension": "2 h"}, "extension", "不能按小时延长"),
    (QUESTION | {"extension": "2 WH"}, "extension", "不能按小时延长"),
    ({"received": RECEIVED, "limit": "2 h", "extension": "2 WH"}, "extension", "不能按小时延长"),
    (QUESTION | {"switch": ECHO}, "switch", "没有这个开关，可用的有：deemed_receipt、close_of_business"),
    ({"received": RECEIVED}, "limit", "须填写其一，且只能填写其一"),
    (QUESTION | {"clock": "handling", "jurisdiction": "gedian"}, "limit", "须填写其一，且只能填写其一"),
    ({"received": RECEIVED, "clock": "handling"}, "jurisdiction", "须同时填写 jurisdiction"),
    ({"received": RECEIVED, "clock": ECHO, "jurisdiction": "gedian"}, "clock", "应为下列之一"),
    (QUESTION | {"level": "ordinary"}, "level", "只用于选取 clock 的期限"),
    (QUESTION | {"explain": ECHO}, "explain", "应为 true 或 false"),
    (QUESTION | {"pauses": PAUSE}, "pauses", "没有这个字段"),
    (QUESTION | {"limit": "3660 WD"}, "explain", "请设 explain=false"),
]


@pytest.mark.parametrize(("question", "field", "sentence"), REFUSALS)
async def test_a_bad_question_is_refused_with_its_reason(
    house: House, question: dict[str, Any], field: str, sentence: str
) -> None:
    problem = await refused(house, **question)
    told = [problem["detail"], *(fault["reason"] for fault in problem["faults"])]
    assert any(sentence in one for one in told), told
    assert field in [fault["field"] for fault in problem["faults"]]
    assert ECHO not in json.dumps(problem, ensure_ascii=False)


COMMON = [
    (question, sentence)
    for question, _, sentence in REFUSALS
    if {"received", "limit"} <= set(question) <= {"received", "limit", "pause", "extension", "switch"}
    and question["limit"] != "3660 WD"
]


@pytest.mark.parametrize(("question", "sentence"), COMMON)
def test_the_command_refuses_it_with_the_same_sentence(question: dict[str, Any], sentence: str) -> None:
    def many(name: str) -> list[str]:
        value = question.get(name, [])
        return [value] if isinstance(value, str) else value

    line = {
        "received": question["received"],
        "limit": question["limit"],
        "pauses": [pause.split("/") for pause in many("pause")],
        "extensions": many("extension"),
        "switches": many("switch"),
    }
    with pytest.raises(Invalid) as refusal:
        due_one(line)
    assert any(sentence in one for one in [refusal.value.message, *(fault.reason for fault in refusal.value.faults)])


@pytest.mark.parametrize("more", [{"limit": "5 WD"}, {"clock": "handling"}])
async def test_an_unknown_jurisdiction_is_a_problem(house: House, more: dict[str, str]) -> None:
    problem = await refused(house, 404, received=RECEIVED, jurisdiction="atlantis", **more)
    assert problem["type"] == "/problems/unknown-jurisdiction"


async def test_a_statutory_clock_takes_its_limit_from_its_track(house: House) -> None:
    told = await asked(
        house, received="2026-02-05T09:00+08:00", clock="statutory_transfer", track="arrears", jurisdiction="gedian"
    )
    assert (told["limit"], told["due_day"], told["clause"]["mark"]) == ("10 WD", "2026-02-26", "law")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"clock": "statutory_transfer"}, "没有这个法定期限类别"),
        ({"clock": "statutory_transfer", "track": ECHO}, "没有这个法定期限类别"),
        ({"clock": "statutory_transfer", "track": "foreign_investment"}, "没有这个法定期限"),
        ({"clock": "handling", "track": "arrears"}, "只与这些 clock 同用"),
        ({"limit": "5 WD", "track": "arrears"}, "只与这些 clock 同用"),
    ],
)
async def test_a_track_that_does_not_fit_is_a_problem(house: House, more: dict[str, str], sentence: str) -> None:
    problem = await refused(house, received=RECEIVED, jurisdiction="gedian", **more)
    assert sentence in problem["detail"]
    assert ECHO not in json.dumps(problem, ensure_ascii=False)


async def test_what_is_just_within_the_bounds_is_answered(house: House) -> None:
    pauses = [f"2026-03-03T10:{minute:02}+08:00/2026-03-03T10:{minute:02}:30+08:00" for minute in range(MOST_PAUSES)]
    extensions = ["1 WD"] * MOST_EXTENSIONS
    assert len((await asked(house, **QUESTION, pause=pauses, extension=extensions))["pauses"]) == MOST_PAUSES
    for unit, longest in LONGEST.items():
        await asked(house, received="2020-01-01T00:00+08:00", limit=f"{longest} {unit}", explain="false")
    await asked(house, received="2007-01-01T00:00+08:00", limit="5 WD")


async def test_two_years_are_explained_and_more_only_counted(house: House) -> None:
    assert len((await asked(house, received=RECEIVED, limit="730 d"))["days"]) == 731
    problem = await refused(house, received=RECEIVED, limit="734 d")
    assert "请设 explain=false" in problem["detail"]
    assert (await asked(house, received=RECEIVED, limit="734 d", explain="false"))["due_day"] == "2028-03-06"


async def test_the_dearest_questions_cost_little(house: House) -> None:
    days = [f"2026-03-{day:02}T10:{minute:02}+08:00" for day in range(4, 29) for minute in (0, 30)]
    pauses = [f"{begin}/{begin[:14]}{int(begin[14:16]) + 10}+08:00" for begin in days]
    dear = [{"limit": "460 WD", "pause": pauses}, {"limit": "3300 WH", "pause": pauses}, {"limit": "17000 h"}]
    for question in dear:
        started = process_time()
        told = await asked(house, received=RECEIVED, **question)
        # Seconds of our own work, however busy the machine is: a question that grows with its square takes minutes.
        assert process_time() - started < 5
        assert len(told["days"]) > 650


async def test_nothing_is_stored(house: House) -> None:
    count = (
        "SELECT (SELECT count(*) FROM appeal) + (SELECT count(*) FROM clock) + (SELECT count(*) FROM idempotency) AS n"
    )
    before = await house.rows(count)
    await asked(house, **QUESTION)
    assert await house.rows(count) == before


async def test_the_calendar_that_counted_is_named(house: House) -> None:
    assert (await asked(house, **QUESTION))["calendar_version"] == load_calendar().version
