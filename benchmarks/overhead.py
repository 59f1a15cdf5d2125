"""What the edge costs: our empty signed-in endpoint against a bare FastAPI one."""

from collections.abc import Iterator
from statistics import median

from benchmarks.bench import Bench
from benchmarks.endpoints import PATH
from benchmarks.load import put_under_load, request
from benchmarks.report import Goal, Row, cpu_row, ratio_words, ratios
from benchmarks.serving import serving

GOAL = Goal(must=0.45, aim=0.6)
BARE, OURS = "benchmarks.endpoints:bare", "benchmarks.endpoints:ours"


def measure_overhead(bench: Bench) -> Iterator[Row]:
    """Measure both in turn."""
    url, seconds = bench.fresh(), bench.scale.seconds
    signed_in = [request("GET", PATH, key=bench.cluster.people.keys["leader"])]
    nobody = [request("GET", PATH)]
    with serving(url, application=BARE, ready=PATH) as bare, serving(url, application=OURS) as ours:
        floors, loads = bench.in_turn(
            lambda: put_under_load(bare, bench.cluster, nobody, seconds=seconds),
            lambda: put_under_load(ours, bench.cluster, signed_in, seconds=seconds),
        )
    compared = ratios((load.rate for load in loads), (floor.rate for floor in floors))
    yield Row(
        "空接口（已登录）对 FastAPI empty",
        f"{median(load.rate for load in loads):,.0f}/s",
        f"{median(floor.rate for floor in floors):,.0f}/s",
        ratio_words(compared),
        goal=GOAL,
        judged=median(compared),
    )
    yield cpu_row("空接口 empty", [(load.app_ms, load.database_ms) for load in loads])
    yield Row("空接口 的基准 CPU", "", f"{median(floor.app_ms for floor in floors):.2f} ms")
