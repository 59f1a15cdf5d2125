"""CPU time of process trees, from /proc."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """One process: its parent, and the ticks that it and its children that have ended have used."""

    pid: int
    parent: int
    ticks: int


def cpu_seconds(root: int) -> float:
    """Return the user and system time of a process with everything below it, the ended ones included."""
    return sum(one.ticks for one in _tree(root)) / TICKS_PER_SECOND


def tree_pids(root: int) -> list[int]:
    """Return the ids of a process and of everything below it, the root first."""
    return [one.pid for one in _tree(root)]


def _tree(root: int) -> list[Process]:
    known = {one.pid: one for one in _processes()}
    tree = [known[root]] if root in known else []
    for parent in tree:
        tree.extend(one for one in known.values() if one.parent == parent.pid)
    return tree


def _processes() -> Iterator[Process]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            yield from _read(folder)


def _read(folder: Path) -> Iterator[Process]:
    """Yield the process, or nothing if it has just ended. See proc(5) for the places of the fields."""
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return
    yield Process(int(folder.name), int(fields[1]), sum(map(int, fields[11:15])))


def peak_megabytes() -> float:
    """Return the largest resident memory that this process has had so far."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024
