"""Moves: contact records through HTTP, spread over many appeals."""

from collections.abc import Iterator
from statistics import median

from benchmarks.bench import Bench
from benchmarks.load import put_under_load, request
from benchmarks.report import Goal, Row, cpu_row
from benchmarks.requests_of import assignments
from benchmarks.serving import serving

APPEALS = 2_000
CONTACT = {"way": "电话", "note": "已向企业核实情况，约定下周上门。"}
CPU = Goal(must=2.5, aim=1.3, most=True, unit=" ms")


def measure_moves(bench: Bench) -> Iterator[Row]:
    """Measure the record of a contact: one appeal locked, its assignment and history written."""
    url = bench.dataset(bench.scale.small)
    key, headers = bench.cluster.people.keys["officer"], {"If-Match": "*"}
    requests = [
        request("POST", f"/api/v1/assignments/{one}/contact", key=key, body=CONTACT, headers=headers)
        for one in assignments(url, APPEALS)
    ]
    with serving(url) as server:
        (loads,) = bench.in_turn(lambda: put_under_load(server, bench.cluster, requests, seconds=bench.scale.seconds))
    name = "办理动作 move"
    yield Row(f"{name} 联系登记", f"{median(load.rate for load in loads):,.0f}/s")
    yield cpu_row(name, [(load.app_ms, load.database_ms) for load in loads], CPU)
