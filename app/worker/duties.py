"""What the worker does when it is woken up. Every duty may be done twice, or by two workers at once, without harm."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from app.domain.credential_password import FORGOTTEN_AFTER
from app.domain.retention import YEARS, rule_said
from app.services.anchors import Notary, anchor_finished_days
from app.services.office import Office
from app.services.retention import Schedule, erase_expired
from app.services.sweeping import SweepCount, sweep
from app.storage.queries.deliveries import forget_deliveries
from app.storage.queries.housekeeping import forget_answers
from app.storage.queries.sessions import forget_sessions
from app.storage.queries.sign_in_failures import forget_failures

ANSWERS_KEPT_FOR = timedelta(days=30)
"""How long a repeated request with the same Idempotency-Key still gets its first answer."""
ANSWERS_PER_TRANSACTION = 5_000
SESSIONS_KEPT_FOR = timedelta(days=30)
JOBS_KEPT_FOR_HOURS = 72
ATTEMPTS_KEPT_FOR, DELIVERIES_KEPT_FOR = timedelta(days=30), timedelta(days=90)
"""How long subscribers can read what was tried, and what was sent; what was given up stays."""

logger = logging.getLogger("bihuan.worker")


@dataclass(frozen=True, slots=True)
class Bench:
    """What a worker works with; without a notary it seals no days, without `wake` it sends nothing."""

    office: Office
    jobs: JobManager
    read_time: Callable[[], datetime]
    notary: Notary | None = None
    retention_years: int = YEARS
    wake: Callable[[UUID], Awaitable[None]] | None = None


async def sweep_clocks(bench: Bench) -> None:
    """Announce what has come due."""
    count = await sweep(bench.office, now=bench.read_time())
    if count.total:
        logger.info(told(count))


async def anchor_days(bench: Bench) -> None:
    """Seal the days that are over."""
    if bench.notary is None:
        return
    sealed = await anchor_finished_days(bench.office, bench.notary, now=bench.read_time())
    if sealed:
        logger.info("已锚定%d天的历史，最近一天为%s", len(sealed), sealed[-1])


async def rescue_stalled_jobs(bench: Bench) -> None:
    """Wake up again for the jobs whose worker has died."""
    for job in await bench.jobs.get_stalled_jobs():
        await _rescue(bench, job)


async def remove_old_jobs(bench: Bench) -> None:
    """Remove the jobs that ended long ago, however they ended; those that succeeded went at once."""
    await bench.jobs.delete_old_jobs(
        JOBS_KEPT_FOR_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


async def erase_old_appeals(bench: Bench) -> None:
    """Erase the words of appeals that were closed long ago."""
    schedule = Schedule(bench.retention_years)
    if erased := await erase_expired(bench.office, schedule, now=bench.read_time()):
        logger.info("已按期销毁%d件诉求（%s）", erased, rule_said(schedule.years))


async def forget_old_answers(bench: Bench) -> None:
    """Remove the answers that nobody will ask for again."""
    before = bench.read_time() - ANSWERS_KEPT_FOR
    while await _forget_some(bench, before) == ANSWERS_PER_TRANSACTION:
        pass


async def forget_sign_ins(bench: Bench) -> None:
    """Remove sessions that ended long ago, and what was tried in vain so long ago that it counts no more."""
    now = bench.read_time()
    async with bench.office.work() as work:
        await forget_failures(work.connection, before=now - FORGOTTEN_AFTER)
        await forget_sessions(work.connection, before=now - SESSIONS_KEPT_FOR)


async def forget_old_deliveries(bench: Bench) -> None:
    """Remove what was sent so long ago that nobody will ask for it again."""
    now = bench.read_time()
    async with bench.office.work() as work:
        await forget_deliveries(work.connection, before=(now - ATTEMPTS_KEPT_FOR, now - DELIVERIES_KEPT_FOR))


def told(count: SweepCount) -> str:
    """Return in one sentence what a sweep has announced."""
    return f"已提醒{count.warned}项，超期{count.breached}项，督办{count.ordered}项，届满{count.ended}项"


async def _rescue(bench: Bench, job: Job) -> None:
    try:
        await bench.jobs.retry_job(job, retry_at=bench.read_time())
    except UniqueViolation:
        # The same wake-up waits already: one of them is enough.
        await bench.jobs.finish_job(job, Status.FAILED, delete_job=True)


async def _forget_some(bench: Bench, before: datetime) -> int:
    async with bench.office.work() as work:
        return await forget_answers(work.connection, before=before, limit=ANSWERS_PER_TRANSACTION)
