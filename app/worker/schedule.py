"""Which duty is done how often. A job is a wake-up: it may be lost or doubled, the truth is in our tables."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from procrastinate import App

from app.worker.attachment_duties import look_after_attachments, scan_attachments
from app.worker.duties import (
    Bench,
    anchor_days,
    erase_old_appeals,
    forget_old_answers,
    forget_old_deliveries,
    forget_sign_ins,
    remove_old_jobs,
    rescue_stalled_jobs,
    sweep_clocks,
)
from app.worker.webhooks import WAKE_SECONDS, send_announcements

SECONDS_PER_MINUTE = 60
DUTIES_FIRST = 10
"""Above what is sent out, so that many slow receivers hold up no duty."""
MOST_MINUTES = 59

logger = logging.getLogger("bihuan.worker")


@dataclass(frozen=True, slots=True)
class Wakeup:
    """One duty and when it is due: five cron fields, or six with the seconds."""

    name: str
    cron: str
    duty: Callable[[Bench], Awaitable[None]]


def wakeups(sweep_seconds: int) -> Iterator[Wakeup]:
    """Return every duty that comes round by itself; the nightly ones at hours when no office is open."""
    yield Wakeup("sweep_clocks", every(sweep_seconds), sweep_clocks)
    yield Wakeup("anchor_days", "7 * * * *", anchor_days)
    yield Wakeup("send_announcements", every(WAKE_SECONDS), send_announcements)
    yield Wakeup("rescue_stalled_jobs", every(20), rescue_stalled_jobs)
    yield Wakeup("scan_attachments", "* * * * *", scan_attachments)
    yield Wakeup("look_after_attachments", "57 18 * * *", look_after_attachments)
    yield Wakeup("remove_old_jobs", "17 19 * * *", remove_old_jobs)
    yield Wakeup("forget_old_answers", "37 19 * * *", forget_old_answers)
    yield Wakeup("forget_old_deliveries", "42 19 * * *", forget_old_deliveries)
    yield Wakeup("forget_sign_ins", "47 19 * * *", forget_sign_ins)
    yield Wakeup("erase_old_appeals", "57 19 * * *", erase_old_appeals)


def every(seconds: int) -> str:
    """Return the cron fields for about every so many seconds: whole minutes from one minute on, an hour at most."""
    if seconds < SECONDS_PER_MINUTE:
        return f"* * * * * */{seconds}"
    return f"*/{min(seconds // SECONDS_PER_MINUTE, MOST_MINUTES)} * * * *"


def register(app: App, wakeup: Wakeup, bench: Bench) -> None:
    """Let the job queue wake us up for a duty; a wake-up that still waits is not doubled."""

    async def run(timestamp: int) -> None:
        logger.debug("后台任务 %s（%d）开始", wakeup.name, timestamp)
        try:
            await wakeup.duty(bench)
        except Exception:
            logger.exception("后台任务 %s 失败，下次到时再做", wakeup.name)
            raise

    task = app.task(name=wakeup.name, queueing_lock=wakeup.name, priority=DUTIES_FIRST)(run)
    app.periodic(cron=wakeup.cron)(task)
