"""`python -m benchmarks [NAME …] [--quick | --large]`: run benchmarks and print one table."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from types import MappingProxyType

from benchmarks.bench import LARGE, NORMAL, QUICK, Bench, Scale
from benchmarks.cluster import open_cluster
from benchmarks.counting import measure_calendar
from benchmarks.filing import measure_filing
from benchmarks.machine import describe
from benchmarks.moving import measure_moves
from benchmarks.overhead import measure_overhead
from benchmarks.plans import measure_plans
from benchmarks.reading import measure_lists, measure_queue, measure_read
from benchmarks.recounting import measure_recount
from benchmarks.report import Row, table
from benchmarks.round_trips import measure_round_trips
from benchmarks.sweeping import measure_sweep

BENCHMARKS: Mapping[str, Callable[[Bench], Iterator[Row]]] = MappingProxyType(
    {
        "calendar": measure_calendar,
        "filing": measure_filing,
        "trips": measure_round_trips,
        "overhead": measure_overhead,
        "plans": measure_plans,
        "moves": measure_moves,
        "read": measure_read,
        "lists": measure_lists,
        "queue": measure_queue,
        "sweep": measure_sweep,
        "recount": measure_recount,
    }
)
HOW = "CPU 为每次请求毫秒数 = 应用 + 数据库；比值逐轮计算：中位数 [最低–最高]。 CPU is ms a request = app + database."


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for; 1 if a plan scans a large table. Speed alone never fails: the machine may be busy."""
    asked = _read(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with open_cluster() as cluster:
        print(describe(cluster.folder), flush=True)
        rows = _measure(Bench(cluster, _scale(asked)), asked.names or list(BENCHMARKS))
    return 1 if any(row.fails for row in rows) else 0


def _measure(bench: Bench, names: Sequence[str]) -> list[Row]:
    """Run the benchmarks and print what they found, even where one of them ends the run."""
    rows: list[Row] = []
    try:
        for name in (name for name in BENCHMARKS if name in names):
            rows += _measure_one(bench, name)
    finally:
        print(f"\n{table(rows)}\n\n{HOW}")
    return rows


def _measure_one(bench: Bench, name: str) -> list[Row]:
    """Run one benchmark and tell how long it took; progress shows while a long run goes on."""
    print(f"{name} …", flush=True)
    started = perf_counter()
    rows = list(BENCHMARKS[name](bench))
    print(f"  {perf_counter() - started:.0f} s", flush=True)
    return rows


def _scale(asked: argparse.Namespace) -> Scale:
    if asked.quick:
        return QUICK
    return LARGE if asked.large else NORMAL


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description="性能测试：与同一台机器上的基准轮流测量。")
    parser.add_argument("names", nargs="*", metavar="NAME", help="；".join(BENCHMARKS))
    scale = parser.add_mutually_exclusive_group()
    scale.add_argument("--quick", action="store_true", help="小规模，约一分钟")
    scale.add_argument("--large", action="store_true", help="另测一千万个运行中的时限")
    asked = parser.parse_args(arguments)
    unknown = set(asked.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"没有「{'、'.join(sorted(unknown))}」，可选：{'、'.join(BENCHMARKS)}")
    return asked


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        os.write(2, "已停止，临时数据已清除。 Stopped; everything was removed.\n".encode())
        sys.exit(130)
