"""`bihuan worker`: the worker in a process of its own."""

import argparse
import asyncio
from contextlib import suppress

from uvicorn.loops.auto import auto_loop_factory

from app.cli.arguments import Commands
from app.cli.database import database, open_office, read_settings
from app.cli.logs import configure_logs
from app.cli.sealing import notary_of
from app.cli.stopping import interrupted_by_sigterm, stopping_by
from app.config import Settings
from app.main import make_post
from app.system_time import utc_now
from app.worker import run_worker


def add_worker_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    parser = subparsers.add_parser("worker", help="只运行后台任务：巡查时限、清理")
    parser.set_defaults(run=run_worker_command)


def run_worker_command(_namespace: argparse.Namespace) -> int:
    """Work until told to stop."""
    settings = read_settings()
    configure_logs(settings.log_level)
    with (
        interrupted_by_sigterm(),
        database(settings) as url,
        asyncio.Runner(loop_factory=auto_loop_factory()) as runner,
    ):
        runner.run(_work(settings, url))
    return 0


async def _work(settings: Settings, url: str) -> None:
    async with open_office(settings, url) as office:
        work = asyncio.create_task(
            run_worker(
                office,
                url,
                read_time=utc_now,
                sweep_seconds=settings.sweep_seconds,
                notary=notary_of(settings),
                retention_years=settings.retention_years,
                post=make_post(office, settings.egress_networks, utc_now),
            ),
            name="worker",
        )
        with stopping_by(work.cancel), suppress(asyncio.CancelledError):
            print(f"后台任务已启动，每{settings.sweep_seconds}秒巡查一次时限。按 Ctrl-C 停止。", flush=True)
            await work
