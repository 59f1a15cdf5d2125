"""Random people do random things to an appeal while time passes, against a reference model written by hand.

The model knows statuses, holds and roles from the design, not from the table in the code. Guards that depend on
dates are left to the service; whatever it accepts must lead where the model says, and whatever the model forbids
must be refused. After every step clocks, events and announcements must be consistent.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from app.domain.appeal import AppealStatus, AssignmentPart, Hold
from app.domain.calendar import WorkCalendar
from app.domain.case import ClockState
from app.domain.clock import compute_due
from app.domain.clock_kind import ClockKind
from app.domain.timeline import event_digest, words_digest
from app.services.office import Work
from app.storage.queries.cases import StoredCase, lock_cases
from tests.house import FILING, LEAD, OTHER, SUBSTANTIVE, House, open_house

PEOPLE = (
    "enterprise", "clerk", "dispatcher", "officer", "head", "officer_other", "head_other", "reviewer", "callback",
    "supervisor", "leader", "observer", "administrator",
)  # fmt: skip
REASON = {"reason": "情况如此。"}
FREE = {"none"}
ANY = {"none", "supplement", "suspended", "shelved"}
OPEN = {"received", "assigned", "resolved", "reviewed"}
NOTHING_MORE = {ClockKind.OBJECTION, ClockKind.PROCEDURAL_REPLY, ClockKind.SUBSTANTIVE_REPLY}


@dataclass(frozen=True)
class Sentence:
    """One sentence of the design: who may do it, from which statuses and holds, and where it leads."""

    path: str
    body: Any
    who: frozenset[str]
    statuses: frozenset[str]
    holds: frozenset[str]
    to: str | None = None
    hold: str | None = None


def sentence(path: str, body: Any, who: str, statuses: str, *, holds: set[str] = FREE, **leads: Any) -> Sentence:
    return Sentence(path, body, frozenset(who.split()), frozenset(statuses.split()), frozenset(holds), **leads)


NOTICE = {"reason_code": "civil_dispute", "notice": "属民事纠纷。"}
MODEL = {
    "supplement": sentence(
        "/appeals/{n}/supplement-request", {"gaps": ["营业执照"]}, "dispatcher", "received", hold="supplement"
    ),
    "supply": sentence(
        "/appeals/{n}/supplement",
        {"text": "已补。"},
        "enterprise clerk dispatcher",
        "received",
        holds={"supplement"},
        hold="none",
    ),
    "lapse": sentence(
        "/appeals/{n}/supplement-lapse", None, "dispatcher", "received", holds={"supplement"}, to="closed", hold="none"
    ),
    "refuse": sentence("/appeals/{n}/refusal", NOTICE, "dispatcher", "received", to="closed"),
    "redirect": sentence(
        "/appeals/{n}/redirection",
        {"channel": "court", "notice": "请向法院反映。"},
        "dispatcher",
        "received",
        to="closed",
    ),
    "assign": sentence("/appeals/{n}/assignment", {"lead": LEAD, **REASON}, "dispatcher", "received", to="assigned"),
    "regrade": sentence("/appeals/{n}/regrade", {"level": "difficult", **REASON}, "dispatcher", "received assigned"),
    "sign": sentence("/assignments/{a}/signature", None, "officer head", "assigned", holds=ANY),
    "return": sentence(
        "/assignments/{a}/return", {"basis": "三定规定", "department": OTHER, **REASON}, "officer head", "assigned"
    ),
    "uphold": sentence(
        "/assignments/{a}/return-ruling", {"uphold": True, **REASON}, "dispatcher", "assigned", holds=ANY
    ),
    "deny": sentence(
        "/assignments/{a}/return-ruling", {"uphold": False, **REASON}, "dispatcher", "assigned", holds=ANY
    ),
    "transfer": sentence(
        "/assignments/{a}/transfer", {"department": OTHER, **REASON}, "dispatcher", "assigned", holds=ANY
    ),
    "contact": sentence(
        "/assignments/{a}/contact", {"way": "电话", "note": "已联系"}, "officer head", "assigned", holds=ANY
    ),
    "progress": sentence(
        "/assignments/{a}/replies", {"kind": "progress", "text": "正在核查。"}, "officer head", "assigned", holds=ANY
    ),
    "draft": sentence("/assignments/{a}/replies", SUBSTANTIVE, "officer head", "assigned"),
    "approve": sentence("/replies/{r}/approval", None, "head", "assigned", to="resolved"),
    "ask_extension": sentence(
        "/assignments/{a}/extension-request",
        {"length": "5 WD", "progress": "在办", **REASON},
        "officer head",
        "assigned",
    ),
    "grant": sentence("/appeals/{n}/extension-ruling", {"grant": True, **REASON}, "supervisor", "assigned"),
    "suspend": sentence(
        "/appeals/{n}/suspension",
        {"cause": "papers", "evidence": "通知1号"},
        "supervisor",
        "assigned",
        hold="suspended",
    ),
    "resume": sentence("/appeals/{n}/resumption", REASON, "supervisor", "assigned", holds={"suspended"}, hold="none"),
    "shelve": sentence(
        "/appeals/{n}/shelving",
        {"plan": "先核权属", "milestone_on": "{soon}", **REASON},
        "leader",
        "assigned",
        hold="shelved",
    ),
    "unshelve": sentence(
        "/appeals/{n}/unshelving", REASON, "leader supervisor", "assigned", holds={"shelved"}, hold="none"
    ),
    "pass": sentence("/appeals/{n}/review", {"verdict": "pass"}, "reviewer", "resolved", to="reviewed"),
    "send_back": sentence(
        "/appeals/{n}/review",
        {"verdict": "send_back", "defects": ["hollow"], "note": "空"},
        "reviewer",
        "resolved",
        to="assigned",
    ),
    "visit": sentence(
        "/appeals/{n}/visits",
        {"way": "电话", "contacted": True, "solved": True, "satisfied": True},
        "callback",
        "reviewed",
    ),
    "unhappy": sentence(
        "/appeals/{n}/visits",
        {"way": "电话", "contacted": True, "solved": False, "satisfied": False},
        "callback",
        "reviewed",
    ),
    "rework": sentence("/appeals/{n}/rework", REASON, "callback", "reviewed", to="assigned"),
    "certify": sentence("/appeals/{n}/certificate", REASON, "leader", "reviewed"),
    "close": sentence("/appeals/{n}/closure", None, "dispatcher", "reviewed", to="closed"),
    "withdraw": sentence(
        "/appeals/{n}/withdrawal", REASON, "enterprise", " ".join(OPEN), holds=ANY, to="closed", hold="none"
    ),
    "terminate": sentence(
        "/appeals/{n}/termination",
        {"reason_code": "settled", "notice": "双方和解。"},
        "dispatcher",
        " ".join(OPEN),
        holds=ANY,
        to="closed",
        hold="none",
    ),
}
LIVELY = [name for name in MODEL if name not in ("withdraw", "terminate", "refuse", "redirect")]
"""Most steps should not end the life that they are part of."""


class RandomLife(RuleBasedStateMachine):
    """One appeal's life."""

    runner: ClassVar[asyncio.Runner]
    house: ClassVar[House]

    def run(self, coroutine: Any) -> Any:
        return self.runner.run(coroutine)

    @initialize(petition=st.booleans())
    def file(self, petition: bool) -> None:
        filed = self.run(self.house.do("enterprise", "/appeals", FILING | {"petition": petition}))
        self.number, self.status, self.hold, self.noticed = filed["number"], "received", "none", False
        self.assignment = self.reply = "00000000-0000-7000-8000-000000000000"

    @rule(name=st.sampled_from(LIVELY), who=st.sampled_from(PEOPLE))
    def anybody_tries_anything(self, name: str, who: str) -> None:
        self.try_to(name, who)

    @rule(pick=st.integers(0, 9999), who=st.sampled_from(PEOPLE))
    def anybody_tries_what_is_due(self, pick: int, who: str) -> None:
        possible = self.possible()
        if possible:
            self.try_to(possible[pick % len(possible)], who)

    @rule(pick=st.integers(0, 9999))
    def the_right_person_acts(self, pick: int) -> None:
        possible = self.possible()
        if possible:
            name = possible[pick % len(possible)]
            people = sorted(MODEL[name].who)
            self.try_to(name, people[pick % len(people)])

    def possible(self) -> list[str]:
        return [name for name in LIVELY if self.status in MODEL[name].statuses and self.hold in MODEL[name].holds]

    @rule(name=st.sampled_from(("withdraw", "terminate", "refuse", "redirect")), who=st.sampled_from(PEOPLE))
    def end(self, name: str, who: str) -> None:
        self.try_to(name, who)

    @precondition(lambda self: self.status in ("assigned", "resolved"))
    @rule()
    def go_on(self) -> None:
        """Do what usually comes next, so that lives reach their later chapters."""
        for name, who in (("contact", "officer"), ("draft", "officer"), ("approve", "head"), ("pass", "reviewer")):
            self.try_to(name, who)

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.house.pass_time(hours=hours)

    @rule()
    def sweep(self) -> None:
        self.run(self.house.sweep())

    @precondition(lambda self: not self.noticed)
    @rule(ahead=st.integers(1, 12))
    def a_notice_makes_a_day_off(self, ahead: int) -> None:
        """Rest on some day to come; a rest day, or a year without a notice, is refused and changes nothing."""
        self.noticed = True
        day = str(self.house.now.date() + timedelta(days=ahead))
        put_forward = self.run(self.house.ask("supervisor", "POST", "/calendars/publications", notice_of(day)))
        if put_forward.status_code == 201:
            publication = put_forward.json()["id"]
            self.run(self.house.do("leader", f"/calendars/publications/{publication}/approval"))
        else:
            assert put_forward.status_code == 422, put_forward.text

    def try_to(self, name: str, who: str) -> None:
        said = MODEL[name]
        allowed = who in said.who and self.status in said.statuses and self.hold in said.holds
        answer = self.run(self.house.ask(who, "POST", self.filled(said.path), self.body_of(said.body), version="*"))
        assert answer.status_code in (200, 201, 403, 404, 409, 422), answer.text
        if answer.status_code >= 400:
            return
        assert allowed, (name, who, self.status, self.hold)
        self.follow(said, answer.json())

    def follow(self, said: Sentence, case: dict[str, Any]) -> None:
        self.status, self.hold = said.to or self.status, said.hold or self.hold
        assert (case["status"], case["hold"]) == (self.status, self.hold)
        self.reply = case.get("reply_id", self.reply)
        active = [one["id"] for one in case["assignments"] if one["ended_at"] is None]
        self.assignment = active[0] if active else self.assignment

    def filled(self, path: str) -> str:
        return path.format(n=self.number, a=self.assignment, r=self.reply)

    def body_of(self, body: Any) -> Any:
        if not isinstance(body, dict) or "milestone_on" not in body:
            return body
        return body | {"milestone_on": str(self.house.now.date() + timedelta(days=7))}

    @invariant()
    def everything_is_consistent(self) -> None:
        if hasattr(self, "number"):
            stored, calendars, events, outbox = self.run(self.stored())
            assert (stored.appeal.status, stored.appeal.hold) == (self.status, self.hold)
            check_clocks(stored, calendars)
            check_assignments(stored)
            check_history(stored, events, outbox)

    async def stored(self) -> tuple[StoredCase, dict[UUID, WorkCalendar], list[dict[str, Any]], int]:
        """Return the case, the calendar that must give each clock's due date, the history, and the announcements."""
        async with self.house.office.look() as work:
            found = await work.connection.execute(
                text("SELECT id FROM appeal WHERE number = :number"), {"number": self.number}
            )
            appeal_id = found.scalar_one()
            (stored,) = await lock_cases(work.connection, [appeal_id])
            events = await work.connection.execute(
                text("SELECT * FROM event WHERE appeal_id = :id ORDER BY sequence"), {"id": appeal_id}
            )
            rows = [dict(row) for row in events.mappings()]
            count = await work.connection.execute(
                text("SELECT count(*) FROM outbox WHERE appeal_id = :id"), {"id": appeal_id}
            )
            return stored, await calendars_of(work, stored), rows, count.scalar_one()


async def calendars_of(work: Work, stored: StoredCase) -> dict[UUID, WorkCalendar]:
    """Open clocks follow the calendar in force, stopped ones keep the version that judged them."""
    in_force = work.calendars.of(stored.appeal.jurisdiction)
    kept = {
        clock.id: await work.calendars.at_version(work.connection, clock.calendar_version) for clock in stored.clocks
    }
    stopped = {clock.id for clock in stored.clocks if clock.state is ClockState.STOPPED}
    return {id_: calendar if id_ in stopped and calendar else in_force for id_, calendar in kept.items()}


def notice_of(day: str) -> dict[str, Any]:
    paper = {"title": "关于临时放假的通知（样例）", "number": "", "source": "样例", "issued_on": "2026-01-01"}
    return {"year": int(day[:4]), "amends": True, "notice": paper, "break": [{"name": "临时放假", "off": [day]}]}


def check_clocks(stored: StoredCase, calendars: dict[UUID, WorkCalendar]) -> None:
    for clock in stored.clocks:
        if stored.appeal.status is AppealStatus.CLOSED:
            assert clock.state is ClockState.STOPPED or clock.kind in NOTHING_MORE, clock
        if clock.state is ClockState.PAUSED:
            assert stored.appeal.hold is not Hold.NONE, clock
        else:
            due = compute_due(clock.promise, calendars[clock.id])
            assert (due.day, due.at, due.provisional) == (clock.due_day, clock.due_at, clock.provisional), clock
        assert (clock.state is ClockState.STOPPED) == (clock.stopped_at is not None), clock
    running = [clock for clock in stored.clocks if clock.state is not ClockState.STOPPED]
    main = [clock for clock in running if clock.kind in (ClockKind.HANDLING, ClockKind.REWORK)]
    assert len(main) == (stored.appeal.status in (AppealStatus.RECEIVED, AppealStatus.ASSIGNED)), main


def check_assignments(stored: StoredCase) -> None:
    leads = [one for one in stored.assignments if one.is_active and one.part is AssignmentPart.LEAD]
    assert len(leads) == (stored.appeal.status not in (AppealStatus.RECEIVED, AppealStatus.CLOSED)), leads
    assert all(one.due_at == stored.appeal.due_at for one in leads)


def check_history(stored: StoredCase, events: list[dict[str, Any]], outbox: int) -> None:
    assert [event["sequence"] for event in events] == list(range(1, stored.appeal.version + 1))
    assert stored.appeal.event_count == stored.appeal.version == outbox
    head = ""
    for event in events:
        head = event_digest(head, event)
        assert head == event["digest"], event["sequence"]
        assert words_digest(event) == event["words_digest"], event["sequence"]
    assert head == stored.appeal.chain_head
    assert events[-1]["to_status"] == stored.appeal.status


@pytest.fixture
def shared_house(database_url: str) -> Iterator[None]:
    """Open one house for all lives."""
    with asyncio.Runner() as runner:
        opening = open_house(database_url)
        RandomLife.runner, RandomLife.house = runner, runner.run(opening.__aenter__())
        yield
        runner.run(opening.__aexit__(None, None, None))


def test_random_lives_never_leave_the_process(shared_house: None) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    few = settings(
        max_examples=80, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=checks
    )
    run_state_machine_as_test(RandomLife, settings=few)
    query = "SELECT count(*) AS notices FROM calendar_publication WHERE state = 'applied'"
    (found,) = RandomLife.runner.run(RandomLife.house.rows(query))
    assert found["notices"] > 10, "hardly any life saw its days change"
