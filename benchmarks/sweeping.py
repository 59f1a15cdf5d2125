"""The sweep: 1,000 clocks that have come due, found among many that run, announced in one transaction."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from time import perf_counter, process_time

from app.services.office import Office
from app.services.sweeping import SweepCount, sweep_batch
from app.storage import make_engine
from app.system_time import utc_now
from benchmarks.bench import Bench
from benchmarks.report import Goal, Row

DUE = 1_000
TIME = Goal(must=60, aim=30, most=True, unit=" ms")
FLAT = Goal(must=1.5, aim=1.2, most=True)


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch in milliseconds: by the wall clock, and CPU of this process and of PostgreSQL."""

    wall: float
    app: float
    database: float


def measure_sweep(bench: Bench) -> Iterator[Row]:
    """Measure the sweep among few and among many running clocks."""
    compared = {clocks: asyncio.run(_sweep_batches(bench, url)) for clocks, url in _databases(bench).items()}
    for clocks, batches in compared.items():
        yield _row(clocks, batches)
    *_, fewer, more = (median(batch.wall for batch in batches) for batches in compared.values())
    yield Row("巡检 时限多对少 more : fewer", "", "", f"{more / fewer:.2f}", goal=FLAT, judged=more / fewer)


def _databases(bench: Bench) -> dict[int, str]:
    """Return the databases by the number of their running clocks."""
    scale = bench.scale
    found = {appeals: bench.dataset(appeals) for appeals in (scale.small, scale.large)}
    return found | ({scale.running: bench.running(scale.running)} if scale.running else {})


def _row(clocks: int, batches: Sequence[Batch]) -> Row:
    wall, app, database = (median(getattr(batch, part) for batch in batches) for part in ("wall", "app", "database"))
    name = f"巡检 {DUE:,}/{clocks:,} 个时限 sweep"
    return Row(name, f"{wall:.0f} ms, CPU {app:.0f} + {database:.0f}", goal=TIME, judged=wall)


async def _sweep_batches(bench: Bench, url: str) -> list[Batch]:
    """Sweep batch by batch; the first one, which prepares the statements, does not count."""
    office, now = Office(make_engine(url)), utc_now()
    taken = [await _sweep_batch(bench, office, now) for _ in range(1 + bench.scale.rounds)]
    await office.engine.dispose()
    return taken[1:]


async def _sweep_batch(bench: Bench, office: Office, now: datetime) -> Batch:
    count, before = SweepCount(), (perf_counter(), process_time(), bench.cluster.cpu_seconds())
    await sweep_batch(office, count, now=now, limit=DUE)
    after = perf_counter(), process_time(), bench.cluster.cpu_seconds()
    if count.breached != DUE:
        raise SystemExit(f"巡检应宣布{DUE}个超期，实际{count}。 The sweep announced something else.")
    return Batch(*((later - earlier) * 1e3 for earlier, later in zip(before, after, strict=True)))
