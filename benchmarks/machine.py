"""What the figures were taken on."""

import os
import platform
from pathlib import Path
from statistics import median
from time import perf_counter

SYNC_BYTES = 8_192
SYNC_ROUNDS = 200


def describe(folder: Path) -> str:
    """Return cores, memory, load average and the time of one `fdatasync` of 8 KB in a folder, in one line."""
    return (
        f"{os.cpu_count()} 核 cores · {memory_gigabytes():.0f} GB · Python {platform.python_version()} · "
        f"负载 load {load_average():.2f} · fdatasync 8 KB {sync_microseconds(folder):.0f} µs"
    )


def memory_gigabytes() -> float:
    """Return the memory of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def load_average() -> float:
    """Return the load average of the last minute; our own load is part of it."""
    return os.getloadavg()[0]


def sync_microseconds(folder: Path) -> float:
    """Return the median time that writing 8 KB down to the disk takes."""
    path = folder / "fdatasync"
    with path.open("wb", buffering=0) as file:
        taken = median(_sync_once(file.fileno()) for _ in range(SYNC_ROUNDS))
    path.unlink()
    return taken * 1e6


def _sync_once(descriptor: int) -> float:
    os.pwrite(descriptor, bytes(SYNC_BYTES), 0)
    started = perf_counter()
    os.fdatasync(descriptor)
    return perf_counter() - started
