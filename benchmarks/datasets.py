"""Large databases, made by set-based SQL: appeals of two years with clocks, assignments and history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from time import perf_counter
from typing import LiteralString

from app.calendars import load_calendar
from app.domain.clock import OFFICE_TIMEZONE, Promise, compute_due, office_day, warn_at
from app.domain.limit import Limit, Unit
from app.policies import packaged
from app.system_time import utc_now
from benchmarks.cluster import Cluster, Connection, connect
from benchmarks.datasets_sql import FILL, INSERT_PLACE, INSERT_SLOT, PREPARE, SECONDARY_INDEXES, TABLES

HANDLING, SUBSTANTIVE = Limit(Decimal(15), Unit.WORKING_DAY), Limit(Decimal(3), Unit.MONTH)
LATE_APPEALS = 8_000
OFFICE_HOURS = time(9, 30)
OPEN_DAYS, CLOSED_DAYS = 8, 700
JURISDICTIONS = ("gedian",) * 4 + ("jingmen",) * 2 + ("dongbao", "jingzhou", "jingzhou", "hongshan")
"""Out of ten appeals, where each is filed."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A share of the appeals that stands at one point of the process, and the days on which they were filed."""

    name: str
    first: int
    last: int
    days: Sequence[date]


def make_dataset(cluster: Cluster, name: str, appeals: int, *, all_open: bool = False) -> str:
    """Make a database with so many appeals; half of them open, or all; each open one has two running clocks."""
    url, started = cluster.database(name), perf_counter()
    with connect(url) as connection:
        indexes = _without_indexes(connection)
        _prepare(connection, cluster, stages(appeals, office_day(utc_now()), all_open=all_open))
        for statement in [*FILL, *indexes]:
            connection.execute(statement.encode())
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    print(f"  {appeals:,} 件诉求的数据 rows made: {perf_counter() - started:.0f} s", flush=True)
    return url


def stages(appeals: int, today: date, *, all_open: bool = False) -> tuple[Stage, ...]:
    """Divide the appeals: closed, late without anybody having been told, resolved or reviewed, open and in time."""
    late = min(max(LATE_APPEALS, appeals // 50), appeals // 4)
    closed, resolved = (0, 0) if all_open else (appeals * 45 // 100, appeals // 20)
    ends = (closed, closed + late, closed + late + resolved, appeals)
    recent = [today - timedelta(days=back) for back in range(OPEN_DAYS, 0, -1)]
    old = [today - timedelta(days=60 + back) for back in range(CLOSED_DAYS, 0, -1)]
    days = {"closed": old, "late": [_late_since_last_working_day(today)], "resolved": recent, "open": recent}
    firsts = (1, *(end + 1 for end in ends[:-1]))
    return tuple(Stage(name, first, last, days[name]) for name, first, last in zip(days, firsts, ends, strict=True))


def _late_since_last_working_day(today: date) -> date:
    """Return a filing day whose handling limit ended on the last working day: breached, no order due yet."""
    calendar = load_calendar()
    due_day = calendar.previous_working_day(today)
    days = (today - timedelta(days=back) for back in range(90))
    return next(day for day in days if calendar.add_working_days(day, int(HANDLING.amount)) == due_day)


def _without_indexes(connection: Connection) -> list[str]:
    """Drop the indexes that are no constraints and return how they are made again, once the rows are there."""
    found = connection.execute(SECONDARY_INDEXES, [list(TABLES)]).fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"'.encode())
    return [str(definition) for _, definition in found]


def _prepare(connection: Connection, cluster: Cluster, divided: Iterable[Stage]) -> None:
    for statement in PREPARE:
        connection.execute(statement.encode())
    for name, value in _settings(cluster).items():
        connection.execute("SELECT set_config(%s, %s, false)", [f"bench.{name}", value])
    for stage in divided:
        row = [stage.name, stage.first, stage.last, len(stage.days)]
        connection.execute("INSERT INTO bench_stage VALUES (%s, %s, %s, %s)", row)
        _insert(connection, INSERT_SLOT, _slots(stage))
    _insert(connection, INSERT_PLACE, ((place, *_codes(code), code) for place, code in enumerate(JURISDICTIONS)))


def _insert(connection: Connection, statement: LiteralString, rows: Iterable[Sequence[object]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _settings(cluster: Cluster) -> dict[str, str]:
    """Return what the statements ask the session for."""
    calendar = load_calendar()
    return {
        "enterprise": str(cluster.people.enterprise_id),
        "calendar": calendar.version,
        "published": calendar.published_until.isoformat(),
    }


def _codes(jurisdiction: str) -> tuple[list[str], list[str]]:
    data = packaged().packs[jurisdiction].data
    return sorted(data["department"]), sorted(data["category"])


def _slots(stage: Stage) -> Iterator[tuple[object, ...]]:
    for place, day in enumerate(stage.days):
        received_at = datetime.combine(day, OFFICE_HOURS, OFFICE_TIMEZONE)
        yield (stage.name, place, received_at, *_due(received_at, HANDLING), *_due(received_at, SUBSTANTIVE))


def _due(received_at: datetime, limit: Limit) -> tuple[date, datetime, datetime | None]:
    calendar = load_calendar()
    due = compute_due(Promise(received_at, limit), calendar)
    return due.day, due.at, warn_at(due, received_at, calendar)
