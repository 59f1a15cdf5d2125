"""A notice is put forward, previewed, approved by somebody else, and moves the open clocks; made-up days of 2027."""

import csv
import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.domain.roles import Role
from app.domain.timeline import event_digest, words_digest
from app.services.accounts import NewAccount
from tests.formulas import FORMULAS, LEFT_ALONE_IN_TEXT
from tests.house import FILING, PROBLEM, House, clock_of

NOTICE: dict[str, Any] = {
    "year": 2027,
    "notice": {
        "number": "样例〔2026〕1号",
        "title": "关于2027年部分节假日安排的通知（样例）",
        "issued_on": "2026-12-20",
        "url": "https://example.org/2027",
        "source": "样例，非真实通知",
    },
    "break": [
        {"name": "元旦", "off": ["2027-01-01/2027-01-03"], "make_up": []},
        {"name": "春节", "off": ["2027-02-05/2027-02-11"], "make_up": ["2027-01-31", "2027-02-20"]},
        {"name": "清明节", "off": ["2027-04-03/2027-04-05"], "make_up": []},
        {"name": "劳动节", "off": ["2027-05-01/2027-05-05"], "make_up": ["2027-04-25", "2027-05-08"]},
        {"name": "端午节", "off": ["2027-06-09"], "make_up": []},
        {"name": "中秋节", "off": ["2027-09-15"], "make_up": []},
        {"name": "国庆节", "off": ["2027-10-01/2027-10-07"], "make_up": ["2027-09-26", "2027-10-09"]},
    ],
}
EXTENSION = {
    "year": 2027,
    "amends": True,
    "notice": {
        "number": "样例〔2026〕2号",
        "title": "关于延长2027年元旦假期的通知（样例）",
        "issued_on": "2026-12-30",
        "url": "https://example.org/2027-extended",
        "source": "样例，非真实通知",
    },
    "break": [{"name": "元旦（延长）", "off": ["2027-01-04/2027-01-05"], "make_up": []}],
}
EXAMPLES = Path(__file__).parents[2] / "examples" / "notices"
PUBLICATIONS = "/calendars/publications"


def amendment(number: int, *off: str, issued_on: str, name: str = "临时放假", **more: Any) -> dict[str, Any]:
    """Return a made-up notice that takes days off, of the year in which it was issued."""
    paper = {"number": f"样例{number}号", "title": "关于临时放假的通知（样例）", "issued_on": issued_on}
    rows = [{"name": name, "off": list(off), "make_up": []}]
    return {"year": int(issued_on[:4]), "amends": True, "notice": paper, "break": rows, **more}


async def proposed(house: House, notice: dict[str, Any], who: str = "supervisor") -> str:
    """Put a notice forward and return its id."""
    return str((await house.do(who, PUBLICATIONS, notice))["id"])


async def published(house: House, notice: dict[str, Any]) -> dict[str, Any]:
    """Put a notice forward, let somebody else approve it, and return what came of it."""
    return await house.do("leader", f"{PUBLICATIONS}/{await proposed(house, notice)}/approval")


async def preview_of(house: House, publication: str) -> dict[str, Any]:
    """Return what a notice would move, as the leader sees it."""
    answer = await house.ask("leader", "GET", f"{PUBLICATIONS}/{publication}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_december_appeal_is_provisional_until_the_notice_is_approved_by_somebody_else(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    number = (await house.file())["number"]
    before = clock_of(await house.read(number), "handling")
    assert (before["due_day"], before["provisional"]) == ("2027-01-05", True)

    publication = await proposed(house, NOTICE)
    shown = await preview_of(house, publication)
    assert shown["publication"]["state"] == "proposed"
    assert (shown["totals"]["finalised"], shown["totals"]["later"]) == (1, 0)
    (move,) = await house.items(f"{PUBLICATIONS}/{publication}/moves")
    assert (move["number"], move["was_due_day"], move["was_provisional"]) == (number, "2027-01-05", True)
    assert (move["due_day"], move["provisional"], move["enterprise"]) == ("2027-01-05", False, "葛店enterprise公司")

    await house.refuse("supervisor", f"{PUBLICATIONS}/{publication}/approval", status=403, code="same-person")
    assert clock_of(await house.read(number), "handling") == before

    approved = await house.do("leader", f"{PUBLICATIONS}/{publication}/approval")
    assert approved["publication"]["state"] == "applied"
    assert approved["totals"]["appeals"] == 1
    after = clock_of(await house.read(number), "handling")
    assert (after["due_day"], after["provisional"]) == ("2027-01-05", False)
    assert after["calendar_version"] == approved["publication"]["version"] != before["calendar_version"]

    house.go_to("2026-12-30 09:00")
    extension = await proposed(house, EXTENSION)
    (move,) = await house.items(f"{PUBLICATIONS}/{extension}/moves")
    assert (move["due_day"], move["days_moved"]) == ("2027-01-07", 2)
    await house.do("leader", f"{PUBLICATIONS}/{extension}/approval")
    case = await house.read(number)
    moved = clock_of(case, "handling")
    assert (moved["due_day"], case["due_at"], case["provisional"]) == ("2027-01-07", "2027-01-07T16:00:00Z", False)
    explained = (await house.ask("enterprise", "GET", f"/clocks/{moved['id']}/explanation")).json()
    assert any("元旦（延长）" in sentence for sentence in explained["sentences"])
    assert explained["calendar_version"] == moved["calendar_version"]


async def test_the_list_of_moves_names_nobody_who_filed_in_confidence(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    await house.file(confidential=True, accused_department="finance")
    path = f"{PUBLICATIONS}/{await proposed(house, NOTICE)}/moves"
    (move,) = await house.items(path)
    assert move["enterprise"] == "（已保密）"
    assert "葛店enterprise公司" not in (await house.ask("leader", "GET", f"{path}.csv")).text


async def test_every_recounted_appeal_has_one_event_that_fits_its_chain_and_one_announcement(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    number = (await house.file())["number"]
    await house.do("leader", f"{PUBLICATIONS}/{await proposed(house, NOTICE)}/approval")
    events = await house.rows("SELECT * FROM event ORDER BY sequence")
    assert [event["action"] for event in events] == ["file", "recount"]
    (told,) = events[1]["payload"]["clocks"]
    assert (told["kind"], told["was_provisional"], told["provisional"]) == ("handling", True, False)
    head = ""
    for event in events:
        head = event_digest(head, event)
        assert (event["digest"], event["words_digest"]) == (head, words_digest(event))
    (appeal,) = await house.rows("SELECT chain_head, event_count FROM appeal WHERE number = :number", number=number)
    assert (appeal["chain_head"], appeal["event_count"]) == (head, 2)
    announced = await house.rows("SELECT type, payload FROM outbox ORDER BY id")
    assert [one["type"] for one in announced] == [events[0]["announces"], "clock.recounted"]
    assert announced[1]["payload"]["number"] == number


# One jurisdiction ----------------------------------------------------------------------------------------------------

LOCAL = amendment(7, "2026-03-09/2026-03-10", issued_on="2026-03-01", name="荆门试点放假", region="jingmen")
PLACES = ("jingmen", "dongbao", "gedian")


async def filed_everywhere(house: House) -> dict[str, str]:
    """File one appeal in each of three places as somebody who sees them all; return the numbers."""
    roles = frozenset({Role.CLERK, Role.DISPATCHER, Role.LEADER})
    if "everywhere" not in house.keys:
        await house.admit("everywhere", NewAccount("everywhere", roles, jurisdictions=PLACES))
    return {place: (await filed_in(house, place))["number"] for place in PLACES}


async def filed_in(house: House, place: str) -> dict[str, Any]:
    """File an appeal in a place, in a category that its policy has."""
    policy = (await house.ask(None, "GET", f"/policies/{place}")).json()
    category = policy["categories"][0]["code"]
    return await house.file("everywhere", jurisdiction=place, category=category, enterprise_name="荆门某公司")


async def handling_due(house: House, numbers: dict[str, str]) -> dict[str, str]:
    return {
        place: clock_of(await house.read(number, "everywhere"), "handling")["due_day"]
        for place, number in numbers.items()
    }


async def test_a_local_notice_moves_the_jurisdiction_and_what_stands_below_it_and_nobody_else(house: House) -> None:
    numbers = await filed_everywhere(house)
    before = await handling_due(house, numbers)
    applied = await published(house, LOCAL)
    assert applied["totals"]["appeals"] == 2
    after = await handling_due(house, numbers)
    assert {place for place in PLACES if after[place] != before[place]} == {"jingmen", "dongbao"}
    assert (after["jingmen"], after["gedian"]) == ("2026-03-11", "2026-03-09")

    again = await handling_due(house, await filed_everywhere(house))
    assert again == after, "who files later is counted like who filed before"

    clock = clock_of(await house.read(numbers["dongbao"], "everywhere"), "handling")
    explained = (await house.ask("everywhere", "GET", f"/clocks/{clock['id']}/explanation")).json()
    assert any("荆门试点放假" in sentence for sentence in explained["sentences"])
    assert clock["calendar_version"] == applied["publication"]["version"]


async def test_a_notice_for_the_country_moves_the_jurisdictions_with_a_notice_of_their_own_too(house: House) -> None:
    numbers = await filed_everywhere(house)
    await published(house, LOCAL)
    await published(house, amendment(8, "2026-03-04", issued_on="2026-03-02"))
    assert (await handling_due(house, numbers))["jingmen"] == "2026-03-12"
    assert (await handling_due(house, numbers))["gedian"] == "2026-03-10"
    status = (await house.ask("leader", "GET", "/calendars")).json()
    assert [one["region"] for one in status["regions"]] == ["CN", "jingmen"]


async def test_a_district_with_a_notice_of_its_own_follows_its_city_too(house: House) -> None:
    numbers = await filed_everywhere(house)
    district = amendment(11, "2026-03-05", issued_on="2026-03-02", region="dongbao")
    await published(house, district)
    before = await handling_due(house, numbers)
    await published(house, LOCAL)
    after = await handling_due(house, numbers)
    assert (before["jingmen"], after["jingmen"], after["gedian"]) == ("2026-03-09", "2026-03-11", "2026-03-09")
    moved = amendment(12, "2026-03-05", issued_on="2026-03-02")
    moved["break"] += [{"name": "另一天", "off": ["2026-03-09/2026-03-10"], "make_up": []}]
    assert after["dongbao"] == (await what_if(house, moved))["dongbao"] != before["dongbao"]


async def what_if(house: House, notice: dict[str, Any]) -> dict[str, str]:
    """Return the due days of appeals that are filed when this notice holds everywhere."""
    await published(house, notice)
    return await handling_due(house, await filed_everywhere(house))


# From an instant on --------------------------------------------------------------------------------------------------

LATER = amendment(9, "2026-03-09", issued_on="2026-03-02", effective_at="2026-03-05T00:00:00+08:00")


async def test_an_approved_notice_waits_for_its_instant_and_a_sweep_brings_it_into_force(house: House) -> None:
    number = (await house.file())["number"]
    waiting = await published(house, LATER)
    assert (waiting["publication"]["state"], waiting["totals"]) == ("approved", None)
    for written, due_day in (("2026-03-04 23:59:59.999999", "2026-03-09"), ("2026-03-05", "2026-03-10")):
        house.go_to(written)
        await house.sweep()
        assert clock_of(await house.read(number), "handling")["due_day"] == due_day, written
    applied = await preview_of(house, waiting["publication"]["id"])
    assert (applied["publication"]["state"], applied["totals"]["clocks"]) == ("applied", 1)
    (event,) = [one for one in await house.items(f"/appeals/{number}/timeline") if one["action"] == "recount"]
    assert event["actor_roles"] == "system"


async def test_an_approved_notice_that_was_withdrawn_never_comes_into_force(house: House) -> None:
    number = (await house.file())["number"]
    waiting = (await published(house, LATER))["publication"]["id"]
    await house.do("supervisor", f"{PUBLICATIONS}/{waiting}/withdrawal", {"reason": "与原文不符"})
    house.go_to("2026-03-06")
    await house.sweep()
    assert clock_of(await house.read(number), "handling")["due_day"] == "2026-03-09"
    await house.refuse("leader", f"{PUBLICATIONS}/{waiting}/approval", status=409, code="publication-decided")


async def test_an_approved_notice_that_a_newer_one_made_void_does_not_keep_the_sweep_from_its_work(
    house: House,
) -> None:
    number = (await house.file())["number"]
    waiting = (await published(house, LATER))["publication"]["id"]
    await published(house, amendment(10, "2026-03-09", issued_on="2026-03-04"))
    house.go_to("2026-03-09")
    assert (await house.sweep()).warned >= 1
    assert (await house.read(number))["due_day"] == "2026-03-10"
    given_up = (await preview_of(house, waiting))["publication"]
    assert (given_up["state"], given_up["applied_at"], "不能启用" in given_up["reason"]) == ("withdrawn", None, True)


# What is refused -----------------------------------------------------------------------------------------------------

UNTOUCHED = "SELECT (SELECT count(*) FROM calendar_publication), (SELECT count(*) FROM calendar) AS calendars"


async def test_nobody_decides_twice_and_nobody_decides_an_unknown_notice(house: House) -> None:
    applied = (await published(house, NOTICE))["publication"]["id"]
    withdrawn = await proposed(house, amendment(1, "2026-03-09", issued_on="2026-03-02"))
    await house.do("leader", f"{PUBLICATIONS}/{withdrawn}/withdrawal", {"reason": "与原文不符"})
    for decided in (applied, withdrawn):
        for act, body in (("approval", None), ("withdrawal", {"reason": "再想"})):
            path = f"{PUBLICATIONS}/{decided}/{act}"
            await house.refuse("administrator", path, body, status=409, code="publication-decided")
    for act, body in (("approval", None), ("withdrawal", {"reason": "再想"})):
        await house.refuse("leader", f"{PUBLICATIONS}/{uuid4()}/{act}", body, status=404, code="not-found")
    assert len(await house.rows("SELECT 1 FROM calendar WHERE superseded_at IS NULL")) == 1


OUTSIDERS = ("enterprise", "officer", "head", "observer", "dispatcher", "clerk", "reviewer", "auditor", "hotline")


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_who_is_not_concerned_neither_reads_nor_decides_a_notice(house: House, who: str) -> None:
    publication = await proposed(house, NOTICE)
    await house.refuse(who, PUBLICATIONS, NOTICE, status=403, code="not-allowed")
    await house.refuse(who, f"{PUBLICATIONS}/{publication}/approval", status=403, code="not-allowed")
    await house.refuse(
        who, f"{PUBLICATIONS}/{publication}/withdrawal", {"reason": "不"}, status=403, code="not-allowed"
    )
    for path in ("", f"/{publication}", f"/{publication}/moves", f"/{publication}/moves.csv"):
        await house.refuse(who, f"{PUBLICATIONS}{path}", status=403, code="not-allowed", method="GET")
    assert (await preview_of(house, publication))["publication"]["state"] == "proposed"


async def test_nobody_signed_in_is_nobody_and_a_leader_proposes_nothing(house: House) -> None:
    await house.refuse(None, PUBLICATIONS, NOTICE, status=401, code="not-signed-in")
    await house.refuse("leader", PUBLICATIONS, NOTICE, status=403, code="not-allowed")


def broken(**changes: Any) -> dict[str, Any]:
    return NOTICE | changes


def without(*names: str) -> dict[str, Any]:
    return NOTICE | {"break": [row for row in NOTICE["break"] if row["name"] not in names]}


def with_row(**row: Any) -> dict[str, Any]:
    return NOTICE | {"break": [*NOTICE["break"], {"make_up": [], **row}]}


CONTRADICTIONS: list[tuple[str, Any, str]] = [
    ("a statutory day left out", without("国庆节"), "2027.国庆节.off"),
    ("a day off that is worked", with_row(name="元旦二", off=["2027-02-20"]), "2027.元旦二.off"),
    ("a day listed twice", with_row(name="元旦二", off=["2027-01-01"]), "2027.元旦二.off"),
    ("a weekday as make-up day", with_row(name="补", off=["2027-03-01"], make_up=["2027-03-03"]), "2027.补.make_up"),
    ("a make-up day without ground", with_row(name="补", off=[], make_up=["2027-07-10"]), "2027.补.off"),
    ("no breaks at all", broken(**{"break": []}), "break"),
    ("a year left out", broken(year=2028), "year"),
    ("a year before all others", broken(year=2006), "year"),
    ("a year after all others", broken(year=2101), "year"),
    ("an amendment of nothing", broken(amends=True), "amends"),
    ("an unknown field", broken(colour="red"), "colour"),
    ("an unknown region", amendment(1, "2026-03-09", issued_on="2026-03-02", region="nowhere"), "region"),
    ("no paper", broken(notice={}), "notice.title"),
    ("an instant without a zone", broken(effective_at="2027-01-01T00:00:00"), "effective_at"),
    ("older than what is in force", amendment(1, "2026-03-09", issued_on="2025-06-01", year=2026), "notice.issued_on"),
    ("a list", [1], "notice"),
]


@pytest.mark.parametrize(
    ("notice", "field"), [row[1:] for row in CONTRADICTIONS], ids=[row[0] for row in CONTRADICTIONS]
)
async def test_a_notice_that_cannot_be_is_refused_with_its_faults_and_nothing_is_kept(
    house: House, notice: Any, field: str
) -> None:
    before = await house.rows(UNTOUCHED)
    problem = await house.refuse("supervisor", PUBLICATIONS, notice, status=422, code="invalid")
    assert field in [fault["field"] for fault in problem["faults"]], problem["faults"]
    assert await house.rows(UNTOUCHED) == before


TEXT = json.dumps(NOTICE, ensure_ascii=False)
UNREADABLE: list[tuple[str, str | None, bytes]] = [
    ("no content type", None, TEXT.encode()),
    ("an unknown content type", "application/xml", TEXT.encode()),
    ("broken UTF-8", "application/toml", TEXT.encode("gb18030")),
    ("broken TOML", "application/toml", b"year = = 2027"),
    ("JSON called TOML", "application/toml", TEXT.encode()),
    ("CSV without a head", "text/csv", b"2027-01-01,off"),
    ("JSON called CSV", "text/csv; charset=utf-8", TEXT.encode()),
    ("nothing", "application/json", b""),
]


@pytest.mark.parametrize(("form", "body"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE])
async def test_what_cannot_be_read_as_a_notice_is_refused_and_nothing_is_kept(
    house: House, form: str | None, body: bytes
) -> None:
    before = await house.rows(UNTOUCHED)
    headers = {"Authorization": f"Bearer {house.keys['supervisor']}", **({"Content-Type": form} if form else {})}
    answer = await house.client.post(f"/api/v1{PUBLICATIONS}", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM), answer.text
    assert "放假通知" in answer.json()["detail"]
    assert await house.rows(UNTOUCHED) == before


@pytest.mark.parametrize(
    "body",
    [TEXT.encode("gb18030"), TEXT[:-5].encode(), b'{"year": 2027, "year": 2028}', b'{"year": NaN}', b"[" * 100_000],
    ids=["broken UTF-8", "broken JSON", "a key twice", "NaN for a year", "deeply nested"],
)
async def test_json_that_is_none_is_no_notice_either(house: House, body: bytes) -> None:
    before = await house.rows(UNTOUCHED)
    headers = {"Authorization": f"Bearer {house.keys['supervisor']}", "Content-Type": "application/json"}
    answer = await house.client.post(f"/api/v1{PUBLICATIONS}", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM), answer.text
    assert await house.rows(UNTOUCHED) == before


async def test_the_same_notice_is_not_published_twice(house: House) -> None:
    first, second = await proposed(house, NOTICE), await proposed(house, NOTICE)
    await house.do("leader", f"{PUBLICATIONS}/{first}/approval")
    path = f"{PUBLICATIONS}/{second}"
    problem = await house.refuse("leader", f"{path}/approval", status=422, code="invalid")
    assert "无须再次发布" in problem["detail"]
    await house.refuse("supervisor", PUBLICATIONS, NOTICE, status=422, code="invalid")
    (row,) = await house.rows("SELECT state FROM calendar_publication WHERE id = :id", id=second)
    assert row["state"] == "proposed", "it can still be withdrawn"
    await house.do("supervisor", f"{path}/withdrawal", {"reason": "重复"})


async def test_the_three_forms_say_the_same(house: House) -> None:
    for suffix, form in (("json", "application/json"), ("toml", "application/toml"), ("csv", "text/csv")):
        body = (EXAMPLES / f"2027-example.{suffix}").read_bytes()
        headers = {"Authorization": f"Bearer {house.keys['supervisor']}", "Content-Type": form}
        answer = await house.client.post(f"/api/v1{PUBLICATIONS}", content=body, headers=headers)
        assert answer.status_code == 201, answer.text
    assert len(await house.rows("SELECT DISTINCT content FROM calendar_publication")) == 1


# What is shown -------------------------------------------------------------------------------------------------------


async def test_the_list_opens_as_a_table_in_which_no_name_is_a_formula(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    stored = set()
    for text in FORMULAS:
        filed = await house.ask("clerk", "POST", "/appeals", FILING | {"enterprise_name": text, "title": text})
        # What is read back is what was sent; a control character or a byte order mark before it is refused or trimmed.
        if filed.status_code == 201:
            stored.add((await house.read(filed.json()["number"]))["enterprise_name"])
    assert len(stored) >= 45
    assert stored <= {text.strip() for text in FORMULAS}
    publication = await proposed(house, NOTICE)
    answer = await house.ask("leader", "GET", f"{PUBLICATIONS}/{publication}/moves.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert head[:4] == ["诉求编号", "时限", "企业", "承办单位"]
    names = [row[head.index("企业")] for row in rows]
    assert set(names) == {name if name in LEFT_ALONE_IN_TEXT else f"'{name}" for name in stored}
    assert {row[head.index("移动天数")] for row in rows} == {"0"}


async def test_the_list_is_read_page_by_page_and_shows_whom_the_reader_may_see(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    for _ in range(5):
        await house.file()
    publication = await proposed(house, NOTICE)
    path, seen, after = f"{PUBLICATIONS}/{publication}/moves?limit=2", [], ""
    for size in (2, 2, 1):
        page = (await house.ask("leader", "GET", f"{path}{after}")).json()
        assert len(page["items"]) == size
        seen += [one["clock_id"] for one in page["items"]]
        after = f"&after={page['next']}"
    assert (page["next"], len(set(seen))) == (None, 5)
    assert (await preview_of(house, publication))["totals"]["clocks"] == 5
    assert await house.items(f"{PUBLICATIONS}/{publication}/moves", "administrator") == [], "no appeal content"


@pytest.mark.parametrize(
    ("region", "year", "status"),
    [
        ("CN", "2007", 200), ("CN", "2026", 200), ("CN", "2100", 200), ("gedian", "2026", 200),
        ("CN", "2006", 422), ("CN", "2101", 422), ("CN", "0", 422), ("CN", "-1", 422), ("CN", "MMXXVI", 422),
        ("nowhere", "2026", 404), ("cn", "2026", 404),
    ],
)  # fmt: skip
async def test_the_years_of_a_region(house: House, region: str, year: str, status: int) -> None:
    answer = await house.ask("leader", "GET", f"/calendars/{region}/years/{year}")
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["published"] is (int(year) <= 2026)


async def test_a_published_year_is_a_projection_no_more(house: House) -> None:
    before = (await house.ask("leader", "GET", "/calendars/CN/years/2027")).json()
    await published(house, NOTICE)
    after = (await house.ask("leader", "GET", "/calendars/CN/years/2027")).json()
    assert (before["published"], after["published"], before["notice"]) == (False, True, None)
    assert after["notice"]["number"] == "样例〔2026〕1号"
    assert {"2027-01-31", "2027-02-20"} <= {one["day"] for one in after["make_up_days"]}


async def test_the_status_names_what_waits_until_the_notice_comes(house: House) -> None:
    house.go_to("2026-12-28 09:00")
    await house.file()
    publication = await proposed(house, NOTICE)
    status = (await house.ask("leader", "GET", "/calendars")).json()
    assert (status["waiting"], status["open_publications"]) == ([{"year": 2027, "clocks": 1}], 1)
    await house.do("leader", f"{PUBLICATIONS}/{publication}/approval")
    status = (await house.ask("leader", "GET", "/calendars")).json()
    assert (status["waiting"], status["open_publications"]) == ([], 0)
    assert [one["superseded_at"] is None for one in status["history"]] == [True, False]
