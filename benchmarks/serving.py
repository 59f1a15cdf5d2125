"""The service under load: uvicorn with two worker processes on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection

from benchmarks.processes import cpu_seconds, tree_pids

HOST = "127.0.0.1"
SERVICE = "app.main:serve"
WORKERS = 2
START_SECONDS = 60
STOP_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return what the server and its workers have used so far."""
        return cpu_seconds(self.pid)


@contextmanager
def serving(url: str, *, ready: str = "/api/v1/health", application: str = SERVICE) -> Iterator[Server]:
    """Serve an application on the database at `url` until the block ends; `ready` is a path that answers 200."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", application, "--factory", "--workers", str(WORKERS)]
    command += ["--host", HOST, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    # A session of its own: Ctrl-C reaches this process first, which then ends the server.
    started = subprocess.Popen(command, env={**os.environ, "BIHUAN_DATABASE_URL": url}, start_new_session=True)
    try:
        _wait(started, port, ready)
        yield Server(port, started.pid)
    finally:
        _end(started)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait(started: "subprocess.Popen[bytes]", port: int, ready: str) -> None:
    """Wait until every worker has had time to answer."""
    deadline = time.monotonic() + START_SECONDS
    while started.poll() is None and time.monotonic() < deadline:
        if _answers(port, ready):
            # The other worker starts at the same time; half a second more and it listens, too.
            time.sleep(0.5)
            return
        time.sleep(0.1)
    raise SystemExit(f"服务没有启动（端口 {port}）。请看上面的信息。 The server did not start; see above.")


def _answers(port: int, ready: str) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", ready)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _end(started: "subprocess.Popen[bytes]") -> None:
    """Ask the server to end; what has not ended in time is killed with its workers, by their ids."""
    started.terminate()
    try:
        started.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        for pid in reversed(tree_pids(started.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        started.wait()
