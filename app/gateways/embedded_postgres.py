"""PostgreSQL from a wheel under a data folder of ours: nothing to install, no port, nothing to look after.

Several processes may use one folder at the same time (the server, a command beside it, test workers): the first one
starts PostgreSQL, the others join it, the last one stops it. Use is a file lock, so the kernel ends it with its
process, and a server that survives its users is taken over by the next one. `postmaster.pid` is never deleted:
PostgreSQL alone judges whether a server is still there.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import IO
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from app.gateways.postgres_data import (
    Postmaster,
    is_alive,
    is_server_on,
    last_lines,
    put_large_log_aside,
    read_pid_file,
    refuse_other_version,
    server_environment,
)
from app.gateways.postgres_programs import DatabaseUnavailable, programs_folder, reachable_home, server_user

USER = DATABASE = "bihuan"
PORT = 5432
START_SECONDS = 300.0
STOP_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 1.0
# The kernel's field for a socket's path has 104 bytes on the narrowest system, one of them for the end mark.
LONGEST_SOCKET_PATH_BYTES = 103
INITDB_OPTIONS = ("-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions")
DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "shared_buffers": "256MB",
        # The data lie on a disk that seeks for nothing; the stock value of 4 makes the planner shun indexes.
        "random_page_cost": "1.1",
        "max_connections": "200",
        "fsync": "on",
    }
)
# Servers that this process started: one may outlive the object that started it, while others use it.
_CHILDREN: "list[subprocess.Popen[bytes]]" = []
# What PostgreSQL says while an ended server, or a process of it, has not quite gone.
_STILL_ENDING = re.compile(r"lock file .* already exists|pre-existing shared memory block")


class EmbeddedPostgres:
    """A PostgreSQL server on the data in `home`; as a context manager it yields its URL.

    `settings` overrule `DEFAULTS` when this process is the one that starts the server. `home` is moved under /var/lib
    if root runs this and the server's unprivileged user could not reach it; see `self.home` for where it is.
    """

    def __init__(self, home: Path, *, settings: Mapping[str, str] = MappingProxyType({})) -> None:
        self.home = reachable_home(home)
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self._user = server_user(self.home)
        self._settings = {**DEFAULTS, **settings}
        self._use: IO[bytes] | None = None

    def __enter__(self) -> str:
        """Start or join the server and return its URL."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Give up the use of the server."""
        self.stop()

    def start(self) -> str:
        """Start the server, or join the one that runs, and return the URL of database `bihuan`.

        Raises `DatabaseUnavailable` with the last lines of the log if it cannot be had.
        """
        self._take_home()
        with _locked(self.home / "turn.lock"):
            sockets = self._running() or self._bring_up()
            self._use = self._use or _shared(self.home / "use.lock")
            _ensure_database(sockets)
        return _url(sockets)

    def stop(self) -> None:
        """Give up the use of the server and end it, unless another process still uses it."""
        if not self.home.exists():
            return
        with _locked(self.home / "turn.lock"):
            self._give_up_use()
            if _is_unused(self.home / "use.lock"):
                self._end()

    def _take_home(self) -> None:
        """Make the home folder the server's and refuse data of another major version."""
        try:
            self._user.take(self.home)
        except PermissionError as error:
            hint = "请换用它的所有者运行，或用 BIHUAN_HOME 另指目录。"
            raise DatabaseUnavailable(f"无权使用数据目录 {self.home}。{hint}") from error
        if self.data.exists():
            refuse_other_version(self.data)

    def _running(self) -> Path | None:
        """Return the socket folder of a server that runs on our data, whoever started it."""
        found = read_pid_file(self.data)
        return found.sockets if found and _answers(found.sockets, self.data) else None

    def _bring_up(self) -> Path:
        """Start the server, again and again while an ended one is in the way; return its socket folder."""
        self._make_data()
        deadline = time.monotonic() + START_SECONDS
        pause = 0.05
        while (sockets := self._running() or self._spawn(deadline)) is None:
            if time.monotonic() > deadline or not _STILL_ENDING.search(last_lines(self.log)):
                raise self._failure("内嵌的 PostgreSQL 无法启动")
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        return sockets

    def _make_data(self) -> None:
        """Initialise the data once, beside their place, so that they are there entirely or not at all."""
        if self.data.exists():
            return
        making = self.home / "data.making"
        shutil.rmtree(making, ignore_errors=True)
        if self._run("initdb", "-D", str(making), *INITDB_OPTIONS).wait() != 0:
            raise self._failure("无法建立数据库目录")
        making.rename(self.data)

    def _spawn(self, deadline: float) -> Path | None:
        """Start one server and wait for it; None if it gave up."""
        put_large_log_aside(self.log)
        sockets = self._socket_folder()
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        child = self._run("postgres", "-D", str(self.data), "-k", str(sockets), "-p", str(PORT), *settings)
        _CHILDREN.append(child)
        return sockets if self._is_ready(child, sockets, deadline) else None

    def _is_ready(self, child: "subprocess.Popen[bytes]", sockets: Path, deadline: float) -> bool:
        """Wait until the server answers, or has ended, or must be ended because it takes too long."""
        while child.poll() is None:
            if _answers(sockets, self.data):
                return True
            if time.monotonic() > deadline:
                child.send_signal(signal.SIGQUIT)
                child.wait()
            time.sleep(0.02)
        return False

    def _run(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Run one of PostgreSQL's programs as the server's user, out of reach of the terminal's signals."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(programs_folder() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=server_environment(self.data),
                start_new_session=True,
                user=self._user.uid,
                group=self._user.gid,
                extra_groups=self._user.groups,
            )

    def _socket_folder(self) -> Path:
        """Return the home, or a short temporary folder if a socket's path there would be too long."""
        if len(os.fsencode(self.home / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH_BYTES:
            return self.home
        folder = Path(tempfile.mkdtemp(prefix="bihuan-", dir="/tmp"))
        self._user.take(folder)
        return folder

    def _failure(self, what: str) -> DatabaseUnavailable:
        return DatabaseUnavailable(f"{what}。日志 {self.log} 的末尾：\n{last_lines(self.log)}")

    def _give_up_use(self) -> None:
        if self._use:
            self._use.close()
        self._use = None

    def _end(self) -> None:
        """Ask the server on our data to end (fast shutdown), by its process id, and wait until it has."""
        found = read_pid_file(self.data)
        if found and (is_server_on(self.data, found.pid) or self._running()):
            with suppress(ProcessLookupError):
                os.kill(found.pid, signal.SIGINT)
            self._wait_until_gone(found.pid)
            _remove_if_empty(found.sockets)
        _collect_children(found)

    def _wait_until_gone(self, pid: int) -> None:
        """Wait until the pid file no longer names the process, a server's last act, or the process is dead anyway."""
        deadline = time.monotonic() + STOP_SECONDS
        while (found := read_pid_file(self.data)) and found.pid == pid and is_alive(pid):
            if time.monotonic() > deadline:
                raise self._failure(f"PostgreSQL（进程 {pid}）在 {STOP_SECONDS:.0f} 秒内没有停下")
            time.sleep(0.02)


def _collect_children(ended: Postmaster | None) -> None:
    """Collect the servers of this process that have ended; the one that is just ending is waited for."""
    for child in tuple(_CHILDREN):
        if ended and child.pid == ended.pid:
            child.wait(STOP_SECONDS)
        if child.poll() is not None:
            _CHILDREN.remove(child)


def server_url(url: str, database: str) -> str:
    """Return `url` with another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database, safe='')}"))


def _url(sockets: Path) -> str:
    return f"postgresql+psycopg://{USER}@/{DATABASE}?host={quote(str(sockets), safe='')}&port={PORT}"


def _connect(sockets: Path) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(host=str(sockets), port=PORT, user=USER, dbname="postgres", autocommit=True)


def _answers(sockets: Path, data: Path) -> bool:
    """Whether a server that listens in `sockets` answers, and its data are `data`."""
    try:
        with _connect(sockets) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
            return row is not None and os.path.samefile(str(row[0]), data)
    except (psycopg.OperationalError, FileNotFoundError):
        return False


def _ensure_database(sockets: Path) -> None:
    with _connect(sockets) as connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(f"CREATE DATABASE {DATABASE}".encode())


def _remove_if_empty(sockets: Path) -> None:
    """Remove a temporary socket folder; the home, which is never empty, stays."""
    if sockets.exists() and not any(sockets.iterdir()):
        sockets.rmdir()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Wait for the turn to start or stop the server."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _shared(path: Path) -> IO[bytes]:
    """Mark the server as used by us, for as long as the file is open."""
    file = path.open("ab")
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def _is_unused(path: Path) -> bool:
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
