"""What every benchmark is given: the cluster, how much and how long to measure, and the databases it shares."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from benchmarks.cluster import Cluster
from benchmarks.datasets import make_dataset

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: appeals of the two databases that are compared, rounds, and seconds of each round.

    In these databases as many clocks run as there are appeals; `running` asks for another one, for the sweep alone,
    in which two clocks of every appeal run.
    """

    small: int = 100_000
    large: int = 1_000_000
    running: int = 0
    rounds: int = 3
    seconds: float = 5.0


NORMAL = Scale()
QUICK = Scale(small=20_000, large=100_000, rounds=2, seconds=1.0)
LARGE = Scale(running=10_000_000)


@dataclass(slots=True)
class Bench:
    """One run; a database is made when the first benchmark asks for it."""

    cluster: Cluster
    scale: Scale
    _databases: dict[str, str] = field(default_factory=dict)

    def fresh(self) -> str:
        """Return the URL of the database that holds nothing but what the benchmarks have filed."""
        if "fresh" not in self._databases:
            self._databases["fresh"] = self.cluster.database("bench_fresh")
        return self._databases["fresh"]

    def dataset(self, appeals: int) -> str:
        """Return the URL of the database with so many appeals."""
        name = f"bench_{appeals}"
        if name not in self._databases:
            self._databases[name] = make_dataset(self.cluster, name, appeals)
        return self._databases[name]

    def running(self, clocks: int) -> str:
        """Return the URL of the database in which so many clocks run and every appeal is open."""
        name = f"bench_running_{clocks}"
        if name not in self._databases:
            self._databases[name] = make_dataset(self.cluster, name, clocks // 2, all_open=True)
        return self._databases[name]

    def in_turn(self, *measures: Callable[[], T]) -> list[list[T]]:
        """Measure everything once a round, A B A B, and return the results of each."""
        rounds: Sequence[list[T]] = [[measure() for measure in measures] for _ in range(self.scale.rounds)]
        return [list(results) for results in zip(*rounds, strict=True)]
