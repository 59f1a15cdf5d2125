"""`bihuan serve`: everything in one process. `bihuan web`: the API alone, on a database that others prepare."""

import argparse
import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext, suppress
from typing import Any

import uvicorn
from uvicorn.loops.auto import auto_loop_factory

from app.cli.arguments import Commands, read_port
from app.cli.database import database, open_office, read_settings
from app.cli.first_accounts import make_first_accounts
from app.cli.logs import configure_logs
from app.cli.preparing import make_confidential, migrate, publish_packaged
from app.cli.sealing import notary_of
from app.cli.stopping import interrupted_by_sigterm, stopping_by
from app.config import Settings
from app.domain.errors import Conflict, Invalid
from app.main import create_app, edge_of, make_identity, make_post
from app.services.office import Office
from app.system_time import utc_now
from app.worker import run_worker

GRACE_SECONDS = 10


class Server(uvicorn.Server):
    """A server that leaves signals to us and says when it is ready."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none: the library would raise them again at the end, before the database is put away."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce it."""
        await super().startup(sockets)
        self._announce()

    def stop(self) -> None:
        """Finish the requests at hand and stop; asked again, stop at once."""
        self.should_exit, self.force_exit = True, self.should_exit


def add_serving_parsers(subparsers: Commands) -> None:
    """Add both commands to the program's commands."""
    serving = subparsers.add_parser("serve", help="启动服务：数据库、接口与后台任务，一条命令")
    serving.add_argument("--no-worker", action="store_true", help="不在本进程运行后台任务")
    serving.set_defaults(run=run_serve)
    web = subparsers.add_parser("web", help="只提供接口；数据库结构由 migrate 准备，后台任务由 worker 运行")
    web.set_defaults(run=run_web)
    for parser in (serving, web):
        parser.add_argument("--host", metavar="地址", help="监听地址，默认 127.0.0.1")
        parser.add_argument("--port", metavar="端口", type=read_port, help="监听端口，默认 8000")


def run_serve(namespace: argparse.Namespace) -> int:
    """Prepare the database and serve until told to stop; then the API stops first, the database last."""
    settings = read_settings(host=namespace.host, port=namespace.port)
    configure_logs(settings.log_level)
    with interrupted_by_sigterm(), listening(settings) as listener, database(settings) as url:
        migrate(url)
        _run(_serve_all(settings, url, listener, with_worker=not namespace.no_worker))
    return 0


def run_web(namespace: argparse.Namespace) -> int:
    """Serve the API until told to stop."""
    settings = read_settings(host=namespace.host, port=namespace.port)
    configure_logs(settings.log_level)
    with interrupted_by_sigterm(), listening(settings) as listener, database(settings) as url:
        _run(_serve_web(settings, url, listener))
    return 0


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """Yield a socket that listens; whoever connects early waits until the service is ready."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except socket.gaierror:
        raise Invalid(f"没有地址「{settings.host}」，请核对 --host。") from None
    except OSError as error:
        where, reason = f"{settings.host}:{settings.port}", os.strerror(error.errno or 0)
        sentence = f"不能在 {where} 上监听（{reason}）。端口可能已被占用，请用 --port 另选。"
        raise Conflict(sentence, code="port-in-use") from None
    with listener:
        yield listener


def _run(serving: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(serving)


async def _serve_all(settings: Settings, url: str, listener: socket.socket, *, with_worker: bool) -> None:
    async with open_office(settings, url) as office:
        await publish_packaged(office)
        await make_confidential(office)
        if settings.url is None:
            await make_first_accounts(office, settings.home)
        async with _worker(settings, office, url) if with_worker else nullcontext():
            await _serve(settings, office, listener)


async def _serve_web(settings: Settings, url: str, listener: socket.socket) -> None:
    async with open_office(settings, url) as office:
        await _serve(settings, office, listener)


async def _serve(settings: Settings, office: Office, listener: socket.socket) -> None:
    """Serve requests until told to stop."""
    app = create_app(
        office,
        read_time=utc_now,
        max_body_bytes=settings.max_body_bytes,
        edge=edge_of(settings),
        identity=make_identity(settings),
        post=make_post(office, settings.egress_networks, utc_now),
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        # Whose X-Forwarded-For is believed is decided by our own setting alone.
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(config, announce=lambda: print(announcement(settings), flush=True))
    with stopping_by(server.stop):
        await server.serve(sockets=[listener])


def _worker(settings: Settings, office: Office, url: str) -> AbstractAsyncContextManager[None]:
    work = run_worker(
        office,
        url,
        read_time=utc_now,
        sweep_seconds=settings.sweep_seconds,
        notary=notary_of(settings),
        retention_years=settings.retention_years,
        post=make_post(office, settings.egress_networks, utc_now),
    )
    return in_background(work)


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do some work beside the block; at its end the work is cancelled and waited for."""
    task = asyncio.create_task(work, name="worker")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def announcement(settings: Settings) -> str:
    """Return where everything is."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = f"http://{host}:{settings.port}/api/v1"
    return "\n".join(("闭环已启动。", f"接口  {base}", f"文档  {base}/docs", *_key_lines(settings), "按 Ctrl-C 停止。"))


def _key_lines(settings: Settings) -> Iterator[str]:
    keys = settings.home.absolute() / "keys.json"
    if settings.url is None and keys.exists():
        yield f"密钥  {keys}（示范账号；在命令行中使用：. {keys.with_suffix('.sh')}）"
    else:
        yield "账号  创建：./run bihuan account create --help"
