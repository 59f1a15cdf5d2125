"""What lies in a PostgreSQL data folder, read without asking the server."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.gateways.postgres_programs import DatabaseUnavailable, programs_folder

LARGEST_LOG_BYTES = 10_000_000
LOG_LINES_SHOWN = 12
# The file has a sixth line once the server has made its socket.
COMPLETE_PID_FILE_LINES = 6


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What `postmaster.pid` says: the process id of the server and the folder of its socket."""

    pid: int
    sockets: Path


def read_pid_file(data: Path) -> Postmaster | None:
    """Return what the pid file says; None if there is none or it is still being written."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    return Postmaster(int(lines[0]), Path(lines[4])) if len(lines) >= COMPLETE_PID_FILE_LINES else None


def server_environment(data: Path) -> dict[str, str]:
    """Return our environment for a server on `data`: without PostgreSQL's variables, messages in English.

    PostgreSQL refuses to start while the process of an older `postmaster.pid` exists, though that process may have
    ended uncollected or its id may have gone to a stranger. It makes an exception for the process that this variable
    calls its grandparent, and still checks for shared memory of processes that outlived the older server; deleting the
    file would switch that check off.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    stale = _stale_pid(data)
    return kept | {"LC_ALL": "C"} | ({"PG_GRANDPARENT_PID": str(stale)} if stale else {})


def is_server_on(data: Path, pid: int) -> bool:
    """Whether the process is surely a server on `data`: a server works in its data folder."""
    return _working_folder(pid) == data.resolve()


def is_alive(pid: int) -> bool:
    """Whether there is such a process, other than one that has ended and was not collected yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not _has_ended(pid)


def _stale_pid(data: Path) -> int | None:
    """Return the pid file's process id if that process surely is no server on `data`."""
    found = read_pid_file(data)
    return found.pid if found and (_has_ended(found.pid) or _works_elsewhere(data, found.pid)) else None


def _works_elsewhere(data: Path, pid: int) -> bool:
    return _working_folder(pid) not in (None, data.resolve())


def _working_folder(pid: int) -> Path | None:
    """Return the folder that a process works in; None if there is none or it may not be asked."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return None


def _has_ended(pid: int) -> bool:
    """Whether a process has ended and was not collected by its parent yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def refuse_other_version(data: Path) -> None:
    """Refuse data that another major version of PostgreSQL wrote; the data stay untouched."""
    there, ours = (data / "PG_VERSION").read_text().strip(), _major_version()
    if there != ours:
        raise DatabaseUnavailable(
            f"数据目录 {data} 属于 PostgreSQL {there}，程序自带的是 {ours}。数据没有改动；"
            f"请先用 PostgreSQL {there} 导出（pg_dumpall）、移走该目录后再导入，或设置 BIHUAN_DATABASE_URL。"
        )


def _major_version() -> str:
    said = subprocess.run([programs_folder() / "postgres", "-V"], capture_output=True, text=True, check=True).stdout
    return said.split()[2].partition(".")[0]


def last_lines(log: Path) -> str:
    """Return the last lines of the server's log, or nothing."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]) if log.exists() else ""


def put_large_log_aside(log: Path) -> None:
    """Rename a log that has grown large, in the place of the one renamed before."""
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.rename(log.with_suffix(".log.1"))
