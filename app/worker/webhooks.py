"""Announcements on their way out: handed on in turn, each address drained by a job of its own."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued

from app.services.announcing import announce
from app.services.delivering import Post, drain, subscriptions_due
from app.worker.duties import Bench

WAKE_SECONDS: Final = 2
Wake = Callable[[UUID], Awaitable[None]]

logger = logging.getLogger("bihuan.worker")


async def send_announcements(bench: Bench) -> None:
    """Hand on what has been announced, and wake a drain for every address at which something is due."""
    if bench.wake is None:
        return
    await announce(bench.office, now=bench.read_time())
    for subscription_id in await subscriptions_due(bench.office, now=bench.read_time()):
        await bench.wake(subscription_id)


def register_drains(app: App, post: Post) -> Wake:
    """Let the job queue drain addresses, one job for each at a time; return what wakes one."""

    async def run(subscription: str) -> None:
        try:
            await drain(post, UUID(subscription))
        except Exception:
            logger.exception("投递任务失败，稍后再试")
            raise

    task = app.task(name="drain_subscription")(run)

    async def wake(subscription_id: UUID) -> None:
        lock = f"subscription:{subscription_id}"
        try:
            await task.configure(lock=lock, queueing_lock=lock).defer_async(subscription=str(subscription_id))
        except AlreadyEnqueued:
            logger.debug("投递任务已在等待")

    return wake
