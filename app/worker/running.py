"""Keeps a worker at work until it is told to stop, whatever happens to the database."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from procrastinate import App, PsycopgConnector

from app.domain.retention import YEARS
from app.services.anchors import Notary
from app.services.delivering import Post
from app.services.office import Office
from app.storage.unit_of_work import APPLICATION_ROLE
from app.worker.duties import Bench, anchor_days, sweep_clocks
from app.worker.schedule import register, wakeups
from app.worker.webhooks import register_drains

SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
STEADY_SECONDS = 60.0
"""After so long without a disturbance the next one is met with the shortest pause again."""
GRACE_SECONDS = 20.0
JOBS_AT_ONCE = 64
"""Most of them send to one address each: a slow receiver takes a place, and duties go before."""
CONNECTIONS = 4
CONNECT_SECONDS = 10.0
JOB_SCHEMA = "procrastinate"

logger = logging.getLogger("bihuan.worker")


async def run_worker(
    office: Office,
    url: str,
    *,
    read_time: Callable[[], datetime],
    sweep_seconds: int,
    notary: Notary | None = None,
    retention_years: int = YEARS,
    post: Post | None = None,
) -> None:
    """Do every duty when it is due, until cancelled; jobs that run by then are finished first.

    At the start everything is announced that came due while no worker ran, and what days are over are sealed. When the
    database goes away, the worker tries again after ever longer pauses.
    """
    pause = SHORTEST_PAUSE_SECONDS
    loop = asyncio.get_running_loop()
    while True:
        started = loop.time()
        await _work(
            office,
            url,
            read_time=read_time,
            sweep_seconds=sweep_seconds,
            notary=notary,
            retention_years=retention_years,
            post=post,
        )
        # The queue's library may take the cancellation for its own and return as if nothing had happened.
        if _is_cancelled():
            raise asyncio.CancelledError
        pause = SHORTEST_PAUSE_SECONDS if loop.time() - started > STEADY_SECONDS else pause
        logger.warning("后台任务中断，%.0f秒后重试", pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


async def _work(
    office: Office,
    url: str,
    *,
    read_time: Callable[[], datetime],
    sweep_seconds: int,
    notary: Notary | None,
    retention_years: int,
    post: Post | None,
) -> None:
    """Work until something is in the way; raise only when cancelled."""
    app = _job_app(url)
    wake = None if post is None else register_drains(app, post)
    bench = Bench(office, app.job_manager, read_time, notary, retention_years, wake)
    for wakeup in wakeups(sweep_seconds):
        register(app, wakeup, bench)
    try:
        await sweep_clocks(bench)
        await anchor_days(bench)
        await _run(app)
    except Exception as error:
        # A stop during a disturbance comes out as the disturbance; it is a stop all the same.
        if _is_cancelled():
            raise asyncio.CancelledError from error
        logger.warning("后台任务遇到错误：%s", _first_line(error), exc_info=logger.isEnabledFor(logging.DEBUG))


async def _run(app: App) -> None:
    async with app.open_async():
        await app.run_worker_async(
            concurrency=JOBS_AT_ONCE,
            delete_jobs="successful",
            shutdown_graceful_timeout=GRACE_SECONDS,
            install_signal_handlers=False,
        )


def _job_app(url: str) -> App:
    connector = PsycopgConnector(
        conninfo=url.replace("+psycopg", "", 1),
        kwargs={
            "options": f"-c role={APPLICATION_ROLE} -c search_path={JOB_SCHEMA} -c timezone=UTC",
            "connect_timeout": int(CONNECT_SECONDS),
        },
        min_size=1,
        max_size=CONNECTIONS,
        timeout=CONNECT_SECONDS,
    )
    return App(connector=connector)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
