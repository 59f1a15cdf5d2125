"""The table: one line a figure, beside its floor and its goal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from unicodedata import east_asian_width

from benchmarks.machine import load_average

HEADINGS = (
    "项目 figure",
    "本系统 ours",
    "基准 floor",
    "比 ratio",
    "至少 must",
    "目标 aim",
    "结论 verdict",
    "负载 load",
)


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure must reach and should reach: at least so much, or, if `most`, at most."""

    must: float
    aim: float
    most: bool = False
    unit: str = ""

    def verdict(self, value: float) -> str:
        """Say how far the value gets."""
        if self._reaches(value, self.aim):
            return "达到目标 aim met"
        return "达标 must met" if self._reaches(value, self.must) else "未达 MISSED"

    def words(self, bound: float) -> str:
        """Return a bound as the table shows it."""
        return f"{'≤' if self.most else '≥'} {bound:g}{self.unit}"

    def _reaches(self, value: float, bound: float) -> bool:
        return value <= bound if self.most else value >= bound


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; `judged` is the value that the goal is about, `fails` whether it fails the run."""

    name: str
    ours: str
    floor: str = ""
    ratio: str = ""
    goal: Goal | None = None
    judged: float = 0.0
    fails: bool = False
    load: float = field(default_factory=load_average)

    @property
    def verdict(self) -> str:
        """How far the figure gets; empty where there is no goal."""
        return "" if self.goal is None else self.goal.verdict(self.judged)

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as the table shows it."""
        must = self.goal.words(self.goal.must) if self.goal else ""
        aim = self.goal.words(self.goal.aim) if self.goal else ""
        return (self.name, self.ours, self.floor, self.ratio, must, aim, self.verdict, f"{self.load:.1f}")


def cpu_row(name: str, parts: Sequence[tuple[float, float]], goal: Goal | None = None) -> Row:
    """Return a line about CPU time a request, of (service, database) in milliseconds a round."""
    app, database = median(part[0] for part in parts), median(part[1] for part in parts)
    total = median(sum(part) for part in parts)
    return Row(f"{name} CPU", f"{total:.2f} ms = {app:.2f} + {database:.2f}", goal=goal, judged=total)


def ratio_words(ratios: Sequence[float]) -> str:
    """Return a median with the lowest and the highest round."""
    return f"{median(ratios):.2f} [{min(ratios):.2f}–{max(ratios):.2f}]"


def ratios(ours: Iterable[float], floors: Iterable[float]) -> list[float]:
    """Return the ratios round by round."""
    return [mine / floor for mine, floor in zip(ours, floors, strict=True)]


def table(rows: Sequence[Row]) -> str:
    """Return the whole table as text."""
    lines = [HEADINGS, *(row.cells for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    rule = tuple("─" * width for width in widths)
    return "\n".join("  ".join(map(_padded, line, widths)).rstrip() for line in (HEADINGS, rule, *lines[1:]))


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(cell: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in cell)
