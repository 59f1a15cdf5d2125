"""Filters that get lost: each is noticed when row-level security is off, and lets nothing through when it is on."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import TextClause, text

from app.services import appeals
from app.storage.queries import cases, events, idempotency, lists, replies, supervision
from app.storage.reach import REACH, reach_of
from tests.api.principals import FOREIGN_FILING, Neighbourhood, fall_overdue, settle
from tests.api.test_authorisation import nothing_stays
from tests.house import FILING, OTHER, House

Patch = Callable[[pytest.MonkeyPatch], None]
Probe = Callable[[Neighbourhood], Awaitable[bool]]
"""Tells whether somebody got what is not his."""
OF_HIS_JURISDICTION = re.escape("AND s.jurisdiction = ANY(CAST(:reach_department_jurisdictions AS text[]))")
KEY = {"Idempotency-Key": "one-key"}


@dataclass(frozen=True)
class Loss:
    """One filter that is lost, and a question by somebody whom it kept out."""

    name: str
    patch: Patch
    probe: Probe


def lost(module: ModuleType, statement: str, *, filter_: str = re.escape(REACH), left: str = "true") -> Patch:
    """Lose a part of a statement."""
    whole: TextClause = getattr(module, statement)
    mutant, times = re.subn(filter_, left, whole.text)
    assert times, f"{statement} has no {filter_}"
    return lambda patch: patch.setattr(module, statement, text(mutant))


def lost_in_queue(filter_: str) -> Patch:
    """Lose a condition of the statement that lists a department's queue."""
    return lambda patch: patch.setattr(lists, "text", lambda whole: text(whole.replace(filter_, "true")))


def unlimited_list(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lists, "_reach", lambda _actor: ("true", {}))


def every_role_is_an_office(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        cases, "reach_of", lambda actor: reach_of(actor) | {"reach_jurisdictions": sorted(actor.jurisdictions)}
    )


def anybody_files_anywhere(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(appeals, "_may_file_here", lambda _filing, _actor: None)


def reads(who: str, path: str) -> Probe:
    """Ask for one thing of 葛店 that is not his."""

    async def probe(around: Neighbourhood) -> bool:
        return (await around.house.ask(who, "GET", path.format(**around.own["assigned"]))).is_success

    return probe


def does(who: str, path: str, body: Any) -> Probe:
    """Move an appeal of 葛店 that is not his."""

    async def probe(around: Neighbourhood) -> bool:
        sent = path.format(**around.own["assigned"])
        return (await around.house.ask(who, "POST", sent, body, version="*")).is_success

    return probe


def lists_near(who: str, path: str) -> Probe:
    """Look for appeals of 葛店 in a list of somebody who has none there."""

    async def probe(around: Neighbourhood) -> bool:
        answer = await around.house.ask(who, "GET", path)
        return answer.is_success and any(one["number"].startswith("GD") for one in answer.json()["items"])

    return probe


def shows_more(tail: str, key: str) -> Probe:
    """Look among the parts of one's own appeal for those of another one."""

    async def probe(around: Neighbourhood) -> bool:
        number = around.foreign["number"]
        shown = (await around.house.ask("foreign_leader", "GET", f"/appeals/{number}{tail}")).json()["items"]
        own = await around.house.rows(
            f"SELECT t.{key} FROM {_TABLES[tail]} t JOIN appeal a ON a.id = t.appeal_id WHERE a.number = :number",
            number=number,
        )
        return bool({str(one[key]) for one in shown} - {str(row[key]) for row in own})

    return probe


_TABLES = {"/timeline": "event", "/replies": "reply", "/supervisions": "supervision", "/clocks": "clock"}


async def handed_back(around: Neighbourhood) -> bool:
    """Read an appeal whose charge one's department has handed back."""
    return (await around.house.ask("officer", "GET", f"/appeals/{around.own['handed back']['number']}")).is_success


async def gets_the_answer_of_another(around: Neighbourhood) -> bool:
    """Repeat the request of another enterprise with its key, where one's own is refused."""
    body = {**FILING, "external_number": "E-1"}
    await around.house.ask("enterprise", "POST", "/appeals", body, headers=KEY)
    answer = await around.house.ask("rival", "POST", "/appeals", body, headers=KEY)
    return "idempotent-replayed" in answer.headers


LOSSES = (
    Loss("reading an appeal", lost(cases, "_READ_BY_NUMBER"), reads("rival", "/appeals/{number}")),
    Loss("its timeline", lost(cases, "_READ_BY_NUMBER"), reads("officer_third", "/appeals/{number}/timeline")),
    Loss("its replies", lost(cases, "_READ_BY_NUMBER"), reads("foreign_leader", "/appeals/{number}/replies")),
    Loss("explaining a clock", lost(cases, "_READ_BY_CLOCK"), reads("rival", "/clocks/{clock_id}/explanation")),
    Loss(
        "locking by number",
        lost(cases, "_LOCK_BY_NUMBER"),
        does("foreign_dispatcher", "/appeals/{number}/termination", {"reason_code": "settled", "notice": "和解。"}),
    ),
    Loss(
        "withdrawing what another filed",
        lost(cases, "_LOCK_BY_NUMBER"),
        does("rival", "/appeals/{number}/withdrawal", {"reason": "不要了"}),
    ),
    Loss(
        "locking by assignment",
        lost(cases, "_LOCK_BY_ASSIGNMENT"),
        does("foreign_dispatcher", "/assignments/{assignment_id}/transfer", {"department": OTHER, "reason": "改派"}),
    ),
    Loss("the feed", lost(events, "_FEED"), lists_near("rival", "/feed")),
    Loss("the list of an enterprise", unlimited_list, lists_near("rival", "/appeals")),
    Loss("the list of an office", unlimited_list, lists_near("foreign_leader", "/appeals?order=due_at")),
    Loss("the list of a department", unlimited_list, lists_near("officer_third", "/appeals")),
    Loss("the list of a hotline", unlimited_list, lists_near("foreign_hotline", "/appeals")),
    Loss("the list of who has no scope", unlimited_list, lists_near("observer", "/appeals")),
    Loss("the roles of the reach", every_role_is_an_office, reads("observer", "/appeals/{number}")),
    Loss(
        "the jurisdiction of a department",
        lost(cases, "_READ_BY_NUMBER", filter_=OF_HIS_JURISDICTION, left=""),
        reads("foreign_officer", "/appeals/{number}"),
    ),
    Loss("a charge handed back", lost(cases, "_READ_BY_NUMBER", filter_="AND NOT s.passed_on", left=""), handed_back),
    Loss(
        "the jurisdictions of a queue",
        lost_in_queue("s.jurisdiction = :jurisdictions"),
        lists_near("foreign_officer", "/assignments"),
    ),
    Loss(
        "the department of a queue",
        lost_in_queue("s.department = :department"),
        lists_near("officer_third", "/assignments"),
    ),
    Loss(
        "whose answer is given again",
        lost(idempotency, "_STORED", filter_="account_id = :account_id"),
        gets_the_answer_of_another,
    ),
    Loss(
        "whose events",
        lost(events, "_TIMELINE", filter_="appeal_id = :appeal"),
        shows_more("/timeline", "digest"),
    ),
    Loss("whose replies", lost(replies, "_REPLIES", filter_="appeal_id = :appeal"), shows_more("/replies", "id")),
    Loss(
        "whose orders",
        lost(supervision, "_SUPERVISIONS", filter_="appeal_id = :appeal"),
        shows_more("/supervisions", "id"),
    ),
    Loss(
        "whose clocks",
        lost(cases, "_READ_BY_NUMBER", filter_=r"WHERE c\.appeal_id = a\.id\) AS clocks", left=") AS clocks"),
        shows_more("/clocks", "id"),
    ),
    Loss("filing elsewhere", anybody_files_anywhere, does("foreign_supervisor", "/appeals", FILING | {
        "enterprise_name": FOREIGN_FILING["enterprise_name"]})),
)  # fmt: skip


async def caught(around: Neighbourhood, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Lose one filter after another; return those whose loss let somebody in."""
    found = set()
    for loss in LOSSES:
        with monkeypatch.context() as patch, nothing_stays(monkeypatch):
            loss.patch(patch)
            if await loss.probe(around):
                found.add(loss.name)
    return found


async def without_losses(around: Neighbourhood) -> set[str]:
    return {loss.name for loss in LOSSES if await loss.probe(around)}


async def prepared(house: House) -> Neighbourhood:
    around = await settle(house)
    await fall_overdue(around)
    number, assignment = await house.assigned()
    asked = {"reason": "本单位无此项职责。", "basis": "三定规定第三条", "department": OTHER}
    await house.do("officer", f"/assignments/{assignment}/return", asked)
    ruling = {"uphold": True, "department": OTHER, "reason": "同意改派。"}
    await house.do("dispatcher", f"/assignments/{assignment}/return-ruling", ruling)
    around.own["handed back"] = {"number": number}
    return around


async def tear_down_wall(house: House) -> None:
    """Switch row-level security off, as if it had never been built."""
    for row in await house.rows("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'"):
        await house.rows(f"ALTER TABLE {row['relname']} DISABLE ROW LEVEL SECURITY")


async def test_each_of_twenty_lost_filters_is_noticed_and_the_second_wall_holds_without_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(LOSSES) >= 20
    around = await prepared(house)
    assert await without_losses(around) == set()
    assert await caught(around, monkeypatch) == set(), "the second wall lets nothing through"
    await tear_down_wall(house)
    assert await without_losses(around) == set(), "the first wall alone holds too"
    assert await caught(around, monkeypatch) == {loss.name for loss in LOSSES}, "and each loss would be noticed"
