"""One published notice recounts every open clock: time of the whole approval, and memory of the process."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter, process_time
from typing import LiteralString
from uuid import UUID

from app.calendars import load_calendar, load_statutory_days
from app.domain.clock import office_day
from app.domain.holiday_break import Break, Notice
from app.domain.notice import COUNTRY, Publication
from app.domain.roles import Actor, Role
from app.services.calendars import approve, propose
from app.services.office import Office
from app.storage import make_engine
from app.system_time import utc_now
from benchmarks.bench import Bench
from benchmarks.cluster import Connection, connect
from benchmarks.processes import peak_megabytes
from benchmarks.report import Goal, Row

CLOCKS = 1_000_000
WHOLE = Goal(must=15, aim=7, most=True, unit=" s")
QUARTER = Goal(must=15, aim=3.5, most=True, unit=" s")
EARLIEST = timedelta(days=44)
"""A notice decides days of its year and of the weeks around it."""
MEMORY = Goal(must=100, aim=50, most=True, unit=" MB")
BARE_CLOCKS: Sequence[LiteralString] = (
    """UPDATE clock SET due_day = due_day + 1, due_at = due_at + interval '1 day', next_at = next_at + interval '1 day',
        former_dues = '[{"cause": "calendar"}]' WHERE state <> 'stopped'""",
)
BARE_REST: Sequence[LiteralString] = (
    """INSERT INTO event (appeal_id, sequence, action, announces, actor_id, actor_name, actor_roles, to_status, at,
        recorded_at, reason, payload, digest)
        SELECT id, 99, 'recount', 'clock.recounted', id, '', '', status, now(), now(), '', '{}', chain_head
        FROM appeal WHERE status <> 'closed'""",
    """INSERT INTO outbox (appeal_id, sequence, type, payload, created_at)
        SELECT id, 99, 'clock.recounted', '{}', now() FROM appeal WHERE status <> 'closed'""",
    "UPDATE assignment SET due_at = due_at + interval '1 day' WHERE ended_at IS NULL",
    """UPDATE appeal SET due_at = due_at + interval '1 day', version = version + 1, event_count = event_count + 1
        WHERE status <> 'closed'""",
)
PROPOSER = Actor(UUID(int=1), "提交人", frozenset({Role.SUPERVISOR}))
APPROVER = Actor(UUID(int=2), "批准人", frozenset({Role.LEADER}))


@dataclass(frozen=True, slots=True)
class Recount:
    """One approval: seconds by the wall clock, CPU of this process and of PostgreSQL, and what was moved."""

    wall: float
    app: float
    database: float
    megabytes: float
    moved: int
    appeals: int


def measure_recount(bench: Bench) -> Iterator[Row]:
    """Measure a notice that moves a quarter of the open clocks, then one that moves all of them."""
    clocks = min(CLOCKS, bench.scale.large)
    url = bench.running(clocks)
    quarter, whole = asyncio.run(_recounts(bench, url))
    dates, rows = _floors(url)
    for name, goal, found in (("四分之一 quarter", QUARTER, quarter), ("全部 all", WHOLE, whole)):
        yield from _rows(f"{clocks:,} 个时限，{name}", found, goal)
    bare = f"{dates:.1f} s 时限 + {rows:.1f} s 诉求与记录"
    yield Row("重算全部 : 直接写同样的行 all : bare", f"{whole.wall:.1f} s", bare, f"{whole.wall / (dates + rows):.2f}")


def _rows(name: str, found: Recount, goal: Goal) -> Iterator[Row]:
    shown = f"{found.wall:.1f} s, CPU {found.app:.1f} + {found.database:.1f}"
    moved = f"{found.moved:,} 项/{found.appeals:,} 件"
    yield Row(f"重算 recount {name}", shown, moved, goal=goal, judged=found.wall)
    extra = f"+{found.megabytes:.0f} MB"
    yield Row("重算内存 recount memory", extra, goal=MEMORY, judged=found.megabytes)


def _floors(url: str) -> tuple[float, float]:
    """Return the seconds that writing the same rows takes with nothing worked out: the clocks, and all the rest."""
    with connect(url) as connection:
        connection.execute("VACUUM")
        connection.execute("BEGIN")
        taken = [_seconds(connection, statements) for statements in (BARE_CLOCKS, BARE_REST)]
        connection.execute("ROLLBACK")
    return taken[0], taken[1]


def _seconds(connection: Connection, statements: Sequence[LiteralString]) -> float:
    started = perf_counter()
    for statement in statements:
        connection.execute(statement)
    return perf_counter() - started


async def _recounts(bench: Bench, url: str) -> list[Recount]:
    office = Office(make_engine(url))
    found = [await _recount(bench, office, notice) for notice in (_late_half(url), _everything())]
    await office.engine.dispose()
    return found


async def _recount(bench: Bench, office: Office, notice: Publication) -> Recount:
    async with office.work() as work:
        row = await propose(work, notice, actor=PROPOSER, now=utc_now())
    before, resident = (perf_counter(), process_time(), bench.cluster.cpu_seconds()), peak_megabytes()
    async with office.work() as work:
        row = await approve(work, row["id"], actor=APPROVER, now=utc_now())
    after = perf_counter(), process_time(), bench.cluster.cpu_seconds()
    wall, app, database = (later - earlier for earlier, later in zip(before, after, strict=True))
    return Recount(wall, app, database, peak_megabytes() - resident, row["totals"]["clocks"], row["totals"]["appeals"])


def _late_half(url: str) -> Publication:
    """Rest on the day by which half of the handling clocks are due: the later half moves, a quarter of all clocks."""
    with connect(url) as connection:
        query = (
            "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY due_day) FROM clock "
            "WHERE kind = 'handling' AND state <> 'stopped'"
        )
        day = connection.execute(query).fetchone()
    assert day is not None
    assert isinstance(day[0], date)
    return _publication([("样例假", (day[0],))], day[0].year, amends=True)


def _everything() -> Publication:
    """The next year's notice, which also rests on the next working day: every open clock moves or becomes final."""
    calendar, today = load_calendar(), office_day(utc_now())
    year = calendar.published_until.year + 1
    soon = calendar.next_working_day(max(calendar.next_working_day(today), date(year, 1, 1) - EARLIEST))
    statutory = [(name, day) for day, name in sorted(load_statutory_days().items()) if day.year == year]
    breaks = {name: tuple(day for other, day in statutory if other == name) for name, _ in statutory}
    return _publication([("样例假", (soon,)), *breaks.items()], year, amends=False)


def _publication(rows: list[tuple[str, tuple[date, ...]]], year: int, *, amends: bool) -> Publication:
    notice = Notice(year, "样例通知", source="样例", issued_on=office_day(utc_now()))
    return Publication(COUNTRY, amends, notice, tuple(Break(name, notice, days) for name, days in rows))
