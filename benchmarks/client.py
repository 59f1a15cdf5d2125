"""The load: a process of its own that keeps some connections busy and says what came back.

`python -m benchmarks.client` reads one JSON `Order` on the standard input and writes one JSON `Tally`.
It speaks only as much HTTP/1.1 as the service's answers need, so that it takes little from the same cores.
"""

import asyncio
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from statistics import quantiles
from time import perf_counter
from typing import cast
from uuid import uuid4

from uvicorn.loops.auto import auto_loop_factory

UNIQUE = "@unique@"
"""What every request that contains it replaces by something new."""

HEADERS_END = b"\r\n\r\n"
LENGTH = b"content-length: "
FAULT_BYTES = 600


@dataclass(frozen=True, slots=True)
class Order:
    """Requests as they go over the wire, taken in turn; after the warm-up the counting begins."""

    port: int
    requests: list[str]
    connections: int = 16
    seconds: float = 5.0
    warm_up: float = 1.0


@dataclass(slots=True)
class Tally:
    """What came back: `sent` counts the warm-up as well, everything else leaves it out."""

    sent: int = 0
    done: int = 0
    seconds: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    fault: str = ""


class Source:
    """Hands out requests without end."""

    def __init__(self, requests: list[str]) -> None:
        self._parts = cycle([request.encode().split(UNIQUE.encode()) for request in requests])
        self._run = uuid4().hex
        self._numbers = count()

    def take(self) -> bytes:
        """Return the next request."""
        parts = next(self._parts)
        return parts[0] if len(parts) == 1 else f"{self._run}-{next(self._numbers)}".encode().join(parts)


class Recorder:
    """Counts answers and times from the moment at which it is told to."""

    def __init__(self) -> None:
        self.sent = 0
        self.times: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.fault = ""
        self.counts_since: float | None = None

    def note(self, answer: bytes, taken: float) -> None:
        """Note one answer; the first that is no success is kept to be shown."""
        self.sent += 1
        status = answer[9:12].decode("ascii", "replace")
        if status[:1] != "2" and not self.fault:
            self.fault = answer[:FAULT_BYTES].decode("utf-8", "replace")
        if self.counts_since is not None:
            self.times.append(taken)
            self.statuses[status] += 1

    def tally(self) -> Tally:
        """Return what was counted; milliseconds for the latencies."""
        taken = perf_counter() - (self.counts_since or 0.0)
        steps = quantiles(self.times, n=100) if len(self.times) > 1 else [0.0] * 99
        return Tally(
            sent=self.sent,
            done=len(self.times),
            seconds=taken,
            p50=steps[49] * 1e3,
            p99=steps[98] * 1e3,
            statuses=dict(self.statuses),
            fault=self.fault,
        )


class Connection(asyncio.Protocol):
    """One connection: the next request leaves as soon as an answer is there entirely."""

    def __init__(self, source: Source, recorder: Recorder) -> None:
        self._source = source
        self._recorder = recorder
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._needed = 0
        self._started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        # uvloop's transports do not derive from the class that they implement.
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Collect one answer, then send the next request."""
        self._received += data
        self._needed = self._needed or _answer_length(self._received)
        if self._needed and len(self._received) >= self._needed:
            self._recorder.note(self._received, perf_counter() - self._started)
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Keep why, if the server closed it."""
        if exc is not None:
            self._recorder.fault = self._recorder.fault or repr(exc)

    def close(self) -> None:
        """Close it, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()

    def _send(self) -> None:
        self._received, self._needed = b"", 0
        if self._transport is not None and not self._transport.is_closing():
            self._started = perf_counter()
            self._transport.write(self._source.take())


def _answer_length(received: bytes) -> int:
    """Return the bytes of the whole answer, 0 as long as its head is not there."""
    end = received.find(HEADERS_END)
    if end < 0:
        return 0
    head = received[:end].lower()
    length = head.partition(LENGTH)[2].partition(b"\r")[0]
    return end + len(HEADERS_END) + int(length or 0)


async def fulfil(order: Order) -> Tally:
    """Keep the connections busy for as long as ordered."""
    source, recorder, loop = Source(order.requests), Recorder(), asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: Connection(source, recorder), "127.0.0.1", order.port)
        for _ in range(order.connections)
    ]
    await asyncio.sleep(order.warm_up)
    recorder.counts_since = perf_counter()
    await asyncio.sleep(order.seconds)
    tally = recorder.tally()
    for _, connection in opened:
        connection.close()
    return tally


def main() -> None:
    """Do what the standard input asks for."""
    order = Order(**json.load(sys.stdin))
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        print(json.dumps(asdict(runner.run(fulfil(order)))))


if __name__ == "__main__":
    main()
