"""What auditors, and everybody who keeps copies, are answered."""

import asyncio
from datetime import datetime
from typing import Any

from app.domain.act import ActChain
from app.domain.anchor import Algorithm, anchor_of, signed_text
from app.gateways.signing_key import is_signed, load_or_make_key
from app.services.anchors import Notary, anchor_finished_days
from tests.house import House

EVENTS = "/audit/events"
SAID = ("免申即享补贴未到账", "公示期满已两个月", "葛店enterprise公司", "理由如此", "economy")


async def all_are_final(house: House) -> None:
    """Wait until nothing is open that began before the newest event: other databases of the server count as well."""
    for _ in range(200):
        open_ = "SELECT 1 FROM event WHERE transaction >= pg_snapshot_xmin(pg_current_snapshot())"
        if not await house.rows(open_):
            return
        await asyncio.sleep(0.05)


async def all_events(house: House, limit: int) -> list[dict[str, Any]]:
    """Read the whole history page by page."""
    seen: list[dict[str, Any]] = []
    after = "0-0"
    while True:
        page = (await house.ask("auditor", "GET", f"{EVENTS}?after={after}&limit={limit}")).json()
        if not page["items"]:
            return seen
        seen, after = seen + page["items"], page["next"]


async def test_an_auditor_reads_the_history_of_all_appeals_without_its_content(house: House) -> None:
    number, _ = await house.assigned(reason="理由如此")
    other = (await house.file())["number"]
    await all_are_final(house)
    answer = await house.ask("auditor", "GET", EVENTS)
    assert [said for said in SAID if said in answer.text] == []
    shown = [(one["number"], one["sequence"], one["action"]) for one in answer.json()["items"]]
    assert shown == [(number, 1, "file"), (number, 2, "assign"), (other, 1, "file")]
    digests = [row["digest"] for row in await house.rows("SELECT digest FROM event ORDER BY id")]
    assert [one["digest"] for one in answer.json()["items"]] == digests


async def test_pages_of_any_length_show_everything_once(house: House) -> None:
    for _ in range(3):
        await house.assigned()
    await all_are_final(house)
    whole = await all_events(house, 100)
    assert len(whole) == 6
    assert await all_events(house, 1) == await all_events(house, 4) == whole


async def test_nobody_but_an_auditor_reads_it_and_an_auditor_reads_no_appeal(house: House) -> None:
    number = (await house.file())["number"]
    for who in ("administrator", "leader", "supervisor", "enterprise", "officer"):
        await house.refuse(who, EVENTS, status=403, code="not-allowed", method="GET")
    for tail in ("", "/timeline", "/accesses"):
        await house.refuse("auditor", f"/appeals/{number}{tail}", status=404, code="not-found", method="GET")


async def test_anybody_who_is_signed_in_can_keep_a_copy_of_the_anchors(house: House, tmp_path: Any) -> None:
    notary = Notary(load_or_make_key(tmp_path / "key.pem"), Algorithm.SHA256)
    await house.file()
    house.go_to("2026-03-07 10:00")
    await anchor_finished_days(house.office, notary, now=house.now)
    pages = [(await house.ask("enterprise", "GET", "/anchors?limit=3")).json()]
    pages.append((await house.ask("observer", "GET", f"/anchors?limit=3&before={pages[0]['next']}")).json())
    items = [one for page in pages for one in page["items"]]
    assert [one["day"] for one in items] == [f"2026-03-0{day}" for day in (6, 5, 4, 3, 2)]
    assert pages[1]["next"] is None
    (key,) = pages[0]["keys"]
    anchor = anchor_of({**items[-1], "public_key": notary.key.public_key})
    assert (key["key_id"], is_signed(anchor, signed_text(anchor.day, anchor, anchor.digest))) == (anchor.key_id, True)
    await house.refuse(None, "/anchors", status=401, code="not-signed-in", method="GET")


async def test_an_anchor_with_a_ruined_key_is_still_shown(house: House, tmp_path: Any) -> None:
    notary = Notary(load_or_make_key(tmp_path / "key.pem"), Algorithm.SHA256)
    await house.file()
    house.go_to("2026-03-03 10:00")
    await anchor_finished_days(house.office, notary, now=house.now)
    await house.rows("ALTER TABLE anchor DISABLE TRIGGER USER")
    await house.rows("UPDATE anchor SET public_key = '坏'")
    answer = (await house.ask("leader", "GET", "/anchors")).json()
    assert (len(answer["items"]), answer["keys"]) == (1, [])


async def all_acts(house: House, limit: int) -> list[dict[str, Any]]:
    """Read every act page by page."""
    seen: list[dict[str, Any]] = []
    after = 0
    while True:
        page = (await house.ask("auditor", "GET", f"/audit/acts?after={after}&limit={limit}")).json()
        if not page["items"]:
            assert page["next"] == after
            return seen
        seen, after = seen + page["items"], page["next"]


async def test_an_auditor_reads_every_act_in_words_and_can_compute_its_digest(house: House) -> None:
    made = await house.do("administrator", "/accounts", {"name": "新人", "roles": ["auditor"]})
    await house.do("administrator", f"/accounts/{made['id']}/disablement")
    acts = await all_acts(house, 100)
    assert await all_acts(house, 1) == await all_acts(house, 3) == acts
    told = [(one["actor_name"], one["role_names"], one["action_name"]) for one in acts]
    assert told == [
        ("系统", ["系统"], "启用内置工作日历"),
        ("系统", ["系统"], "发布办理规则"),
        ("administrator", ["系统管理员"], "新建账号"),
        ("administrator", ["系统管理员"], "停用账号"),
    ]
    assert [(one["subject"], one["payload"].get("name")) for one in acts[2:]] == [(made["id"], "新人")] * 2
    chain = ActChain()
    acts = [{**one, "at": datetime.fromisoformat(one["at"])} for one in acts]
    assert [fault for one in acts for fault in chain.verify(one)] == []


async def test_nobody_but_an_auditor_reads_acts(house: House) -> None:
    for who in ("administrator", "leader", "supervisor", "enterprise", "officer"):
        await house.refuse(who, "/audit/acts", status=403, code="not-allowed", method="GET")
    for after in ("-1", "x", str(2**63)):
        await house.refuse("auditor", f"/audit/acts?after={after}", status=422, code="invalid", method="GET")


async def test_bad_positions_are_refused(house: House) -> None:
    await house.refuse("auditor", f"{EVENTS}?after=x", status=422, code="invalid", method="GET")
    await house.refuse("leader", "/anchors?before=yesterday", status=422, code="invalid", method="GET")
