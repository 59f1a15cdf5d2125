"""Reads: one appeal, a list of 50, and a department's queue, in a small and in a large database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.bench import Bench
from benchmarks.load import Load, put_under_load, request
from benchmarks.report import Goal, Row, cpu_row, ratio_words, ratios
from benchmarks.requests_of import numbers
from benchmarks.serving import Server, serving

APPEALS = 500
READ_CPU = Goal(must=1.2, aim=0.7, most=True, unit=" ms")
LIST_CPU = Goal(must=3.0, aim=1.5, most=True, unit=" ms")
FLAT = Goal(must=0.8, aim=0.95)


@dataclass(frozen=True, slots=True)
class Question:
    """What is read: its requests, given a database and the keys by role."""

    name: str
    requests: Callable[[str, dict[str, str]], Sequence[str]]
    cpu: Goal


def _one(url: str, keys: dict[str, str]) -> Sequence[str]:
    return [request("GET", f"/api/v1/appeals/{number}", key=keys["leader"]) for number in numbers(url, APPEALS)]


def _list(_: str, keys: dict[str, str]) -> Sequence[str]:
    return [request("GET", "/api/v1/appeals?limit=50", key=keys["leader"])]


def _due(_: str, keys: dict[str, str]) -> Sequence[str]:
    return [request("GET", "/api/v1/appeals?limit=50&order=due_at", key=keys["leader"])]


def _queue(_: str, keys: dict[str, str]) -> Sequence[str]:
    return [request("GET", "/api/v1/assignments?limit=50", key=keys["officer"])]


READ = Question("读取一件 read", _one, READ_CPU)
LIST = Question("列表50件 list", _list, LIST_CPU)
DUE = Question("列表按到期日 by due", _due, LIST_CPU)
QUEUE = Question("部门待办50件 queue", _queue, LIST_CPU)


def measure_read(bench: Bench) -> Iterator[Row]:
    """Measure reading one appeal with its clocks."""
    yield from _compare(bench, READ)


def measure_lists(bench: Bench) -> Iterator[Row]:
    """Measure pages of 50."""
    yield from _compare(bench, LIST, DUE)


def measure_queue(bench: Bench) -> Iterator[Row]:
    """Measure a department's queue."""
    yield from _compare(bench, QUEUE)


def _compare(bench: Bench, *questions: Question) -> Iterator[Row]:
    urls = [bench.dataset(appeals) for appeals in (bench.scale.small, bench.scale.large)]
    with serving(urls[0]) as small, serving(urls[1]) as large:
        for question in questions:
            yield from _compare_one(bench, question, dict(zip(urls, (small, large), strict=True)))


def _compare_one(bench: Bench, question: Question, servers: dict[str, Server]) -> Iterator[Row]:
    keys = bench.cluster.people.keys
    measures = [_measure(bench, server, question.requests(url, keys)) for url, server in servers.items()]
    small, large = bench.in_turn(*measures)
    flat = ratios((load.rate for load in large), (load.rate for load in small))
    sizes = f"{_short(bench.scale.large)} 对 {_short(bench.scale.small)}"
    yield Row(
        f"{question.name} {sizes}",
        f"{median(load.rate for load in large):,.0f}/s",
        f"{median(load.rate for load in small):,.0f}/s",
        ratio_words(flat),
        goal=FLAT,
        judged=median(flat),
    )
    yield cpu_row(f"{question.name} {_short(bench.scale.small)}", _parts(small), question.cpu)
    yield cpu_row(f"{question.name} {_short(bench.scale.large)}", _parts(large), question.cpu)


def _measure(bench: Bench, server: Server, requests: Sequence[str]) -> Callable[[], Load]:
    return lambda: put_under_load(server, bench.cluster, requests, seconds=bench.scale.seconds)


def _parts(loads: Sequence[Load]) -> list[tuple[float, float]]:
    return [(load.app_ms, load.database_ms) for load in loads]


def _short(count: int) -> str:
    return f"{count // 1_000_000}M" if count >= 1_000_000 else f"{count // 1_000}k"
