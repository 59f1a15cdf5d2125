"""Filing through HTTP with everything on, against pgbench writing the same rows."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from statistics import median

from benchmarks.bench import Bench
from benchmarks.client import UNIQUE
from benchmarks.cluster import JURISDICTION
from benchmarks.datasets_sql import LETTER
from benchmarks.floor import Floor, Script, filing_script, run_floor
from benchmarks.load import Load, put_under_load, request
from benchmarks.report import Goal, Row, cpu_row, ratio_words, ratios
from benchmarks.serving import HOST, Server, serving

PATH = "/api/v1/appeals"
FILING = {"jurisdiction": JURISDICTION, "title": "免申即享补贴未到账", "text": LETTER, "category": "02"}
RATE = Goal(must=0.15, aim=0.25)
CPU = Goal(must=2.0, aim=1.4, most=True, unit=" ms")
LATENCY = Goal(must=80, aim=40, most=True, unit=" ms")


def measure_filing(bench: Bench) -> Iterator[Row]:
    """Measure filing and its floor in turn."""
    url, key = bench.fresh(), bench.cluster.people.keys["enterprise"]
    with serving(url) as server:
        script = filing_script(url, file_one(server, key))
        floors, loads = _measure(bench, server, script, url)
    yield from _rows(floors, loads)


def filing_request(key: str) -> str:
    """Return the request that files one appeal, each time under a new Idempotency-Key."""
    return request("POST", PATH, key=key, body=FILING, headers={"Idempotency-Key": UNIQUE})


def file_one(server: Server, key: str) -> str:
    """File one appeal as the load does, and return its number."""
    connection = HTTPConnection(HOST, server.port, timeout=10)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Idempotency-Key": "first"}
    connection.request("POST", PATH, json.dumps(FILING, ensure_ascii=False).encode(), headers)
    number: str = json.load(connection.getresponse())["number"]
    connection.close()
    return number


def _measure(bench: Bench, server: Server, script: Script, url: str) -> tuple[list[Floor], list[Load]]:
    seconds, requests = bench.scale.seconds, [filing_request(bench.cluster.people.keys["enterprise"])]
    rounds = bench.in_turn(
        lambda: (
            run_floor(script, bench.cluster, url, seconds=seconds),
            put_under_load(server, bench.cluster, requests, seconds=seconds),
        )
    )[0]
    return [floor for floor, _ in rounds], [load for _, load in rounds]


def _rows(floors: list[Floor], loads: list[Load]) -> Iterator[Row]:
    rate, floor = median(load.rate for load in loads), median(one.rate for one in floors)
    compared = ratios((load.rate for load in loads), (one.rate for one in floors))
    name = "提交诉求 filing"
    yield Row(
        f"{name} 对 pgbench",
        f"{rate:,.0f}/s",
        f"{floor:,.0f}/s",
        ratio_words(compared),
        goal=RATE,
        judged=median(compared),
    )
    yield cpu_row(name, [(load.app_ms, load.database_ms) for load in loads], CPU)
    yield Row(f"{name} 的基准 CPU", "", f"{median(one.database_ms for one in floors):.2f} ms")
    p50, p99 = median(load.p50 for load in loads), median(load.p99 for load in loads)
    yield Row(f"{name} p99（p50）", f"{p99:.0f} ms ({p50:.1f})", goal=LATENCY, judged=p99)
