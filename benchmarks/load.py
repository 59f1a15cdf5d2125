"""Requests, and what a load of them costs."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from benchmarks.client import Order, Tally
from benchmarks.cluster import Cluster
from benchmarks.serving import Server


@dataclass(frozen=True, slots=True)
class Load:
    """What one round of load came to: requests a second, latencies and CPU a request in milliseconds."""

    rate: float
    p50: float
    p99: float
    app_ms: float
    database_ms: float

    @property
    def cpu_ms(self) -> float:
        """The whole CPU time of one request."""
        return self.app_ms + self.database_ms


def request(
    method: str, path: str, *, key: str = "", body: object = None, headers: Mapping[str, str] | None = None
) -> str:
    """Return one request as it goes over the wire."""
    content = "" if body is None else json.dumps(body, ensure_ascii=False)
    lines = [f"{method} {path} HTTP/1.1", "Host: bihuan.test"]
    lines += [f"Authorization: Bearer {key}"] if key else []
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content.encode())}"]
    return "\r\n".join(lines) + f"\r\n\r\n{content}"


def put_under_load(server: Server, cluster: Cluster, requests: Sequence[str], *, seconds: float) -> Load:
    """Load a server from a process of its own; raise if any answer is not a success."""
    before = server.cpu_seconds(), cluster.cpu_seconds()
    tally = _send(Order(server.port, list(requests), seconds=seconds, warm_up=min(1.0, seconds / 2)))
    after = server.cpu_seconds(), cluster.cpu_seconds()
    if tally.fault or not tally.done:
        raise SystemExit(f"压测请求没有成功 a request failed: {tally.statuses}\n{tally.fault}")
    app, database = ((later - earlier) * 1e3 / tally.sent for earlier, later in zip(before, after, strict=True))
    return Load(tally.done / tally.seconds, tally.p50, tally.p99, app, database)


def _send(order: Order) -> Tally:
    command = [sys.executable, "-m", "benchmarks.client"]
    done = subprocess.run(command, input=json.dumps(asdict(order)), stdout=subprocess.PIPE, text=True, check=True)
    return Tally(**json.loads(done.stdout))
