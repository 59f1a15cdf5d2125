"""Recounting many open clocks at once gives each what the rules for a single clock give it.

Clocks of every kind, unit, switch, pause and announcement are made by the domain under the packaged calendar and put
straight into the tables; a made-up notice is published over HTTP; every row is compared with `follow_calendar`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.calendars import load_breaks, load_calendar, load_statutory_days
from app.domain.appeal import Appeal, AppealStatus, Assignment, AssignmentPart
from app.domain.calendar import Break, WorkCalendar, build
from app.domain.case import Case, Clock, ClockState
from app.domain.clock import Switch
from app.domain.clock_kind import ClockKind
from app.domain.limit import Limit, Unit
from app.domain.notice import apply_publication, compose, publication_of
from app.domain.roles import Role
from app.domain.supervision import SERVICE_PROMISES, Act, next_call
from app.domain.timeline import chain_digest, event_digest, words_digest
from app.domain.turning import Start, extend, follow_calendar, pause, resume, start_clock, stop
from app.domain.verdict import Verdict
from app.services import recounting as service
from app.services.accounts import NewAccount
from app.services.calendar_regions import change_by
from app.services.recount_totals import Totals
from app.services.recounting import work_out
from app.storage.ids import new_id
from app.storage.queries import recounting
from app.storage.records import appeal_values, assignment_values, clock_of, clock_values
from app.storage.unit_of_work import trial
from tests.domain.cases import POLICY, an_appeal
from tests.house import House, at
from tests.journeys.test_calendars import NOTICE, PUBLICATIONS, amendment, preview_of, proposed

PACKAGED = load_calendar()
NOW = at("2026-12-21 09:17")
PLACES = ("gedian", "jingmen", "dongbao")
HOURLY = (Unit.HOUR, Unit.WORKING_HOUR)
APPEALS = 160


@dataclass(frozen=True)
class Life:
    """One appeal with its assignments and clocks."""

    appeal: Appeal
    assignments: tuple[Assignment, ...]
    clocks: tuple[Clock, ...]


# Random lives, made by the domain ------------------------------------------------------------------------------------


def a_limit(random: Random, unit: Unit) -> Limit:
    longest = {Unit.WORKING_DAY: 20, Unit.DAY: 40, Unit.MONTH: 3, Unit.HOUR: 300, Unit.WORKING_HOUR: 80}[unit]
    amount = Decimal(random.randint(1, longest))
    return Limit(amount - Decimal("0.5") if unit is Unit.WORKING_DAY and random.random() < 0.3 else amount, unit)


def an_instant(random: Random, since: datetime) -> datetime:
    """Return an instant before now; the edges at which a count changes are likelier than others."""
    span = NOW - timedelta(minutes=1) - since
    drawn = since + span * random.random()
    local = drawn.astimezone(at("2026-01-01").tzinfo) + timedelta(hours=8)
    edge = random.choice([None, None, (0, 0), (12, 0), (17, 30), (11, 59), (17, 29)])
    if edge is None:
        return drawn
    moved = local.replace(hour=edge[0], minute=edge[1], second=0, microsecond=0) - timedelta(hours=8)
    return max(since, min(moved, NOW - timedelta(minutes=1)))


def a_start(random: Random, appeal: Appeal, kind: ClockKind, assignment_id: UUID) -> Clock:
    """Return a new clock; every second one starts in a crowd, whose members differ in the time of the day alone."""
    limit, started_at = a_limit(random, random.choice(list(Unit))), an_instant(random, at("2026-10-20 08:00"))
    switches = frozenset(switch for switch in Switch if random.random() < 0.25)
    if random.random() < 0.5:
        limit = Limit.parse(random.choice(["10 WD", "10.5 WD", "20 d", "1 m"]))
        started_at = at(f"2026-12-{random.choice([10, 12])}") + timedelta(seconds=random.randrange(86_400))
        kind = random.choice([kind, ClockKind.MILESTONE, ClockKind.DEPARTMENT_ANSWER])
    start = Start(kind, started_at, limit, random.choice([None, assignment_id]))
    policy = replace(POLICY, switches=frozenset[str](switches))
    return start_clock(start, appeal=appeal, policy=policy, calendar=PACKAGED, make_id=lambda: new_id(NOW))


def a_clock(random: Random, appeal: Appeal, kind: ClockKind, assignment_id: UUID) -> Clock:
    """Return a clock that has lived through pauses, extensions, warnings, a breach and an order, or through none."""
    clock = a_start(random, appeal, kind, assignment_id)
    since = clock.started_at
    for _ in range(random.choice([0, 0, 1, 2, 3])):
        since = an_instant(random, since)
        clock = turned(random, announced(random, clock, since), since)
    clock = announced(random, clock, NOW) if random.random() < 0.7 else clock
    return stop(clock, an_instant(random, since), PACKAGED) if random.random() < 0.15 else clock


def turned(random: Random, clock: Clock, now: datetime) -> Clock:
    if clock.state is ClockState.PAUSED:
        return resume(clock, now, PACKAGED)
    if random.random() < 0.6 or clock.is_late(now):  # what is late is not extended
        return pause(clock, now)
    unit = clock.limit.unit if clock.limit.unit in HOURLY else random.choice([Unit.WORKING_DAY, Unit.DAY, Unit.MONTH])
    return extend(clock, a_limit(random, unit), PACKAGED, now)


def announced(random: Random, clock: Clock, now: datetime) -> Clock:
    """Do what the sweep would have done by now, as far as it came."""
    while random.random() < 0.9 and (call := next_call(clock, PACKAGED)) is not None and call.at <= now:
        if call.act is Act.WARN:
            clock = replace(clock, warnings=clock.warnings + 1, warned_at=call.at)
        elif call.act is Act.BREACH:
            clock = replace(clock, breached_at=call.at)
        elif call.act is Act.ORDER:
            clock = replace(clock, ordered_at=call.at)
        else:
            return stop(clock, clock.due_at, PACKAGED)
        following = next_call(clock, PACKAGED)
        clock = replace(clock, next_at=None if following is None else following.at)
    return clock


def a_life(random: Random, house: House, policy_id: UUID, number: int) -> Life:
    place, appeal_id = random.choice(PLACES), new_id(NOW)
    statuses = (AppealStatus.RECEIVED, AppealStatus.ASSIGNED, AppealStatus.RESOLVED, AppealStatus.REVIEWED)
    appeal = an_appeal(
        id=appeal_id, number=f"RC-{number:06d}", jurisdiction=place, policy_id=policy_id,
        enterprise_id=house.enterprises["enterprise"], status=random.choice(statuses),
    )  # fmt: skip
    assignments = tuple(
        Assignment(
            id=new_id(NOW),
            appeal_id=appeal_id,
            round=1,
            jurisdiction=place,
            department="economy",
            part=AssignmentPart.LEAD,
            assigned_at=appeal.filed_at,
            ended_at=ended_at,
        )  # fmt: skip
        for ended_at in (None, NOW - timedelta(days=1))
    )
    kinds = random.sample(list(ClockKind), random.randint(1, 4))
    clocks = tuple(a_clock(random, appeal, kind, assignments[0].id) for kind in kinds)
    main = Case(appeal, clocks, assignments, POLICY, PACKAGED).main_clock()
    if main is not None:
        appeal = replace(appeal, due_at=main.due_at, due_day=main.due_day, provisional=main.provisional)
        assignments = (replace(assignments[0], due_at=main.due_at), assignments[1])
    return Life(replace(appeal, overdue=is_broken(clocks)), assignments, clocks)


def is_broken(clocks: Sequence[Clock]) -> bool:
    """Tell whether a promise to the enterprise was broken or is, announced or not."""
    promises = [clock for clock in clocks if clock.kind in SERVICE_PROMISES]
    open_ = [clock for clock in promises if clock.state is not ClockState.STOPPED]
    return any(clock.verdict is Verdict.LATE for clock in promises) or any(clock.is_late(NOW) for clock in open_)


async def keep(house: House, lives: Sequence[Life]) -> list[Life]:
    """Put the lives into the tables, each with its first event."""
    kept = []
    async with house.office.work() as work:
        for life in lives:
            event = {
                "appeal_id": life.appeal.id, "sequence": 1, "action": "file", "actor_id": UUID(int=9),
                "actor_name": "某人", "actor_roles": "clerk", "from_status": None, "to_status": life.appeal.status,
                "at": NOW, "reason": "", "payload": {},
            }  # fmt: skip
            digest = chain_digest("", event)
            appeal = replace(life.appeal, chain_head=digest, event_count=1, version=1)
            text = {"text": "全文", "contact_name": None, "contact_phone": None}
            work.changes.insert("appeal", {**appeal_values(appeal), **text})
            work.changes.insert(
                "event", {**event, "announces": "appeal.received", "recorded_at": NOW, "digest": digest}
            )
            for one in life.assignments:
                work.changes.insert("assignment", {**assignment_values(one), "opinion": ""})
            for clock in life.clocks:
                work.changes.insert("clock", clock_values(clock))
            kept.append(replace(life, appeal=appeal))
    return kept


async def random_lives(house: House, seed: int, many: int = APPEALS) -> list[Life]:
    """Let a leader see every place, and many appeals be there."""
    house.now = NOW
    await house.admit("chief", NewAccount("chief", frozenset({Role.LEADER}), jurisdictions=PLACES))
    (policy,) = await house.rows("SELECT id FROM policy WHERE jurisdiction = 'gedian' LIMIT 1")
    random = Random(seed)
    return await keep(house, [a_life(random, house, policy["id"], number) for number in range(many)])


# Made-up notices -----------------------------------------------------------------------------------------------------


def some_days_off(random: Random, number: int, **more: Any) -> dict[str, Any]:
    """Return an amendment of 2026 that takes off weekdays of its last three months, and works on a weekend for it."""
    weekdays = [day for day in days_of_autumn() if PACKAGED.is_working_day(day) and day.weekday() < 5]
    off = sorted(random.sample(weekdays, random.randint(1, 4)))
    rest = [day for day in days_of_autumn() if not PACKAGED.is_working_day(day) and day.weekday() >= 5]
    near = [day for day in rest if abs(day - off[0]) <= timedelta(days=14)]
    rows = [{"name": f"临时放假{place}", "off": [str(day)], "make_up": []} for place, day in enumerate(off)]
    if near and random.random() < 0.8:
        rows[0]["make_up"] = [str(random.choice(near))]
    return {**amendment(number, issued_on="2026-12-20", **more), "break": rows}


def days_of_autumn() -> Iterator[date]:
    return (date(2026, 11, 2) + timedelta(days=offset) for offset in range(60))


def calendar_after(*notices: Mapping[str, Any], region: str = "CN") -> WorkCalendar:
    """Return the calendar of the packaged notices with others laid upon them, built in another way."""
    country = load_breaks()
    local: tuple[Break, ...] = ()
    for notice in notices:
        publication = publication_of(dict(notice))
        if publication.is_local:
            local = apply_publication(local, publication)
        else:
            country = apply_publication(country, publication)
    return build(compose(country, local), label=region, statutory=load_statutory_days())


# What must be --------------------------------------------------------------------------------------------------------


def expected_clock(clock: Clock, calendar: WorkCalendar) -> Clock:
    """Return what one clock becomes: a stopped one stays; the version is that of the notice that moved it last."""
    if clock.state is ClockState.STOPPED:
        return clock
    after = follow_calendar(clock, calendar, NOW)
    moved = (after.due_at, after.provisional) != (clock.due_at, clock.provisional)
    return after if moved else replace(after, calendar_version=clock.calendar_version)


def wrong_clocks(
    before: Mapping[UUID, Clock], after: Mapping[UUID, Clock], calendar: WorkCalendar
) -> list[tuple[Clock, Clock]]:
    """Return what is stored of clocks that did not become what they should, beside what they should have become."""
    pairs = ((after[clock.id], expected_clock(clock, calendar)) for clock in before.values())
    return [(stored, expected) for stored, expected in pairs if stored != expected]


async def stored_clocks(house: House) -> dict[UUID, Clock]:
    rows = await house.rows("SELECT to_jsonb(c) AS clock FROM clock c")
    return {clock.id: clock for clock in (clock_of(row["clock"]) for row in rows)}


async def overdue_appeals(house: House) -> dict[UUID, bool]:
    return {row["id"]: row["overdue"] for row in await house.rows("SELECT id, overdue FROM appeal")}


async def raw_rows(house: House, clocks: Sequence[Clock]) -> list[dict[str, Any]]:
    """Return rows as the table holds them, with the instant of their last writing."""
    query = "SELECT xmin::text AS written, c.* FROM clock c WHERE id = ANY(:ids) ORDER BY id"
    return await house.rows(query, ids=[clock.id for clock in clocks])


async def assert_chains_hold(house: House) -> None:
    heads: dict[UUID, str] = {}
    for event in await house.rows("SELECT * FROM event ORDER BY appeal_id, sequence"):
        heads[event["appeal_id"]] = event_digest(heads.get(event["appeal_id"], ""), event)
        assert event["digest"] == heads[event["appeal_id"]]
        assert event["words_digest"] in (None, words_digest(event))
    assert {row["id"]: row["chain_head"] for row in await house.rows("SELECT id, chain_head FROM appeal")} == heads


async def publish(house: House, notice: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Preview and approve a notice; return what came of it and what was announced beforehand."""
    publication = await proposed(house, notice, "administrator")
    shown = await preview_of(house, publication)
    moves = await house.items(f"{PUBLICATIONS}/{publication}/moves?limit=1000", "chief")
    applied = await house.do("leader", f"{PUBLICATIONS}/{publication}/approval")
    told = {name: count for name, count in applied["totals"].items() if name != "appeals"}
    assert told == {name: count for name, count in shown["totals"].items() if name != "appeals"}
    return applied, moves


def assert_moves_are(
    moves: Sequence[Mapping[str, Any]], before: Mapping[UUID, Clock], after: Mapping[UUID, Clock]
) -> None:
    """The list names exactly the clocks whose due date or standing changed, as they were and as they are."""
    changed = {
        str(one.id): (str(was.due_day), str(one.due_day), was.provisional, one.provisional)
        for was, one in ((was, after[was.id]) for was in before.values())
        if (was.due_at, was.provisional) != (one.due_at, one.provisional)
    }
    listed = {
        one["clock_id"]: (one["was_due_day"], one["due_day"], one["was_provisional"], one["provisional"])
        for one in moves
    }
    assert listed == changed
    assert len(listed) == len(moves)


async def assert_appeals_follow(
    house: House, lives: Sequence[Life], after: Mapping[UUID, Clock], overdue: Mapping[UUID, bool]
) -> None:
    """Each appeal, and the order to its department, shows the due date of its main clock.

    An appeal that was overdue stays so while any promise is broken; one that comes to be late is left to the sweep.
    """
    rows = {row["id"]: row for row in await house.rows("SELECT * FROM appeal")}
    orders = {row["id"]: row["due_at"] for row in await house.rows("SELECT id, due_at FROM assignment")}
    for life in lives:
        row, clocks = rows[life.appeal.id], tuple(after[clock.id] for clock in life.clocks)
        main = replace_clocks(life, clocks).main_clock() or life.appeal
        assert (row["due_at"], row["due_day"], row["provisional"]) == (main.due_at, main.due_day, main.provisional)
        assert row["overdue"] is (overdue[life.appeal.id] and is_broken(clocks))
        assert orders[life.assignments[0].id] == main.due_at
        assert orders[life.assignments[1].id] is None, "an assignment that is over keeps what was printed on it"


def replace_clocks(life: Life, clocks: tuple[Clock, ...]) -> Case:
    return Case(life.appeal, clocks, life.assignments, POLICY, PACKAGED)


# The tests -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
async def test_every_open_clock_follows_the_new_calendar_as_if_it_were_alone(
    house: House, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "GROUPS_AT_ONCE", 37)
    lives = await random_lives(house, seed)
    random, notices = Random(1000 + seed), []
    for notice in (some_days_off(random, 1), NOTICE, some_days_off(random, 2))[seed % 3 :]:
        before, overdue = await stored_clocks(house), await overdue_appeals(house)
        stopped = [clock for clock in before.values() if clock.state is ClockState.STOPPED]
        frozen = await raw_rows(house, stopped)
        notices.append(notice)
        calendar = calendar_after(*notices)
        applied, moves = await publish(house, notice)
        after = await stored_clocks(house)
        assert applied["publication"]["version"] == calendar.version
        assert wrong_clocks(before, after, calendar) == []
        assert await raw_rows(house, stopped) == frozen
        assert stopped
        assert_moves_are(moves, before, after)
        assert len(moves) == applied["totals"]["clocks"] > 0
        await assert_appeals_follow(house, lives, after, overdue)
        await assert_chains_hold(house)


async def test_the_comparison_finds_a_clock_that_was_recounted_wrongly(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(clock: Clock, calendar: WorkCalendar, now: datetime) -> Clock:
        return follow_calendar(replace(clock, switches=frozenset()), calendar, now)

    await random_lives(house, 0, 60)
    before = await stored_clocks(house)
    monkeypatch.setattr(service, "follow_calendar", forgetful)
    await publish(house, NOTICE)
    assert wrong_clocks(before, await stored_clocks(house), calendar_after(NOTICE))


@pytest.mark.parametrize("seed", range(3))
async def test_the_clocks_of_one_jurisdiction_follow_its_own_calendar_and_the_others_the_countrys(
    house: House, seed: int
) -> None:
    lives, random = await random_lives(house, 100 + seed), Random(seed)
    local = some_days_off(random, 1, region="jingmen")
    notices: list[dict[str, Any]] = []
    for notice in (local, NOTICE, some_days_off(random, 3)):
        before, overdue = await stored_clocks(house), await overdue_appeals(house)
        notices.append(notice)
        own = calendar_after(*notices, region="jingmen")
        country = calendar_after(*(one for one in notices if one is not local))
        _, moves = await publish(house, notice)
        after = await stored_clocks(house)
        for place, calendar in (("gedian", country), ("jingmen", own), ("dongbao", own)):
            here = {clock.id for life in lives if life.appeal.jurisdiction == place for clock in life.clocks}
            was = {clock_id: clock for clock_id, clock in before.items() if clock_id in here}
            if place == "gedian" and notice is local:
                assert {clock_id: after[clock_id] for clock_id in here} == was, "a neighbour's notice moves nothing"
            else:
                assert wrong_clocks(was, after, calendar) == []
        assert_moves_are(moves, before, after)
        await assert_appeals_follow(house, lives, after, overdue)
    await assert_chains_hold(house)


async def test_like_clocks_are_answered_once_and_all_of_them_move(house: House) -> None:
    lives = await random_lives(house, 7, 400)
    publication = await proposed(house, NOTICE, "administrator")
    async with house.office.look() as work, trial(work.connection):
        change, _ = await change_by(work.connection, work.calendars, publication_of(NOTICE))
        await work_out(work.connection, change, Totals(), now=NOW)
        counted = await work.connection.execute(text('SELECT count(DISTINCT "group"), count(*) FROM recount_move'))
        groups, clocks = counted.one()
    assert groups < clocks, "or grouping was not tried"
    moves = await house.items(f"{PUBLICATIONS}/{publication}/moves?limit=1000", "chief")
    assert {one["clock_id"] for one in moves} <= {str(clock.id) for life in lives for clock in life.clocks}
