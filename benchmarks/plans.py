"""The plans of every question at 100,000 appeals: no list, move or sweep may read a large table from end to end.

Each statement is explained twice: with its values, and as PostgreSQL plans a prepared statement for any values;
under the application's role and as whoever asked, so that row-level security is part of the plan.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.services.office import Office
from app.storage import make_engine
from app.storage.reach import STAND, THE_OFFICE, Standing, settings_of, standing_of
from app.storage.unit_of_work import APPLICATION_ROLE
from app.system_time import utc_now
from benchmarks.bench import Bench
from benchmarks.cluster import Connection, connect
from benchmarks.questions import questions, take_sample
from benchmarks.report import Goal, Row
from benchmarks.statements import Statement, recorded

LARGE_TABLES = frozenset({"appeal", "clock", "assignment", "event"})
MOST_ROWS = 5_000
"""Rows of large tables that one question may look at; more is reported, though no plan says 'scan'."""

NONE = Goal(must=0, aim=0, most=True)
_PARAMETER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement's plan: which large tables it scans, and how many of their rows it looked at."""

    question: str
    scanned: frozenset[str]
    looked_at: int
    milliseconds: float
    nodes: str


def measure_plans(bench: Bench) -> Iterator[Row]:
    """Explain every question; the run fails if one scans."""
    plans = list(_explain_all(bench.dataset(max(bench.scale.small, 100_000))))
    scans, long = [plan for plan in plans if plan.scanned], [plan for plan in plans if plan.looked_at > MOST_ROWS]
    for plan in scans:
        print(f"  全表扫描 SCAN  {plan.question}: {', '.join(sorted(plan.scanned))}\n    {plan.nodes}")
    for plan in sorted(long, key=lambda plan: -plan.looked_at):
        print(
            f"  读行过多 many rows  {plan.question}: {plan.looked_at:,}, {plan.milliseconds:.1f} ms\n    {plan.nodes}"
        )
    yield Row(
        f"查询计划 {len(plans)} 份中的全表扫描 scans", str(len(scans)), goal=NONE, judged=len(scans), fails=bool(scans)
    )
    yield Row(f"读大表超过 {MOST_ROWS:,} 行的计划 many rows", str(len(long)))


def _explain_all(url: str) -> Iterator[Plan]:
    asked = asyncio.run(_ask_all(url))
    known: set[str] = set()
    with connect(url) as connection:
        connection.execute(f"SET ROLE {APPLICATION_ROLE}".encode())
        for question, standing, statement in asked:
            connection.execute(STAND, settings_of(standing))
            yield _plan(question, _explain(connection, statement))
            if statement.sql not in known:
                yield _plan(f"{question} (any values)", _explain_any(connection, statement))
            known.add(statement.sql)


async def _ask_all(url: str) -> list[tuple[str, Standing, Statement]]:
    """Ask every question and return the statements that answered them."""
    office = Office(make_engine(url))
    async with office.work() as work:
        sample = await take_sample(work.connection, utc_now())
    asked = []
    for name, (actor, ask) in questions(sample).items():
        with recorded(office.engine) as statements:
            async with office.work() if actor is None else office.work_for(actor) as work:
                await ask(work)
        standing = THE_OFFICE if actor is None else standing_of(actor)
        asked += [(name, standing, statement) for statement in statements]
    await office.engine.dispose()
    return asked


def _explain(connection: Connection, statement: Statement) -> dict[str, Any]:
    question = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.sql}".encode()
    return _only(connection.execute(question, statement.parameters, prepare=False).fetchone())


def _explain_any(connection: Connection, statement: Statement) -> dict[str, Any]:
    """Explain a statement as it is planned without knowing its values."""
    places: dict[str, str] = {}
    numbered = _PARAMETER.sub(lambda match: places.setdefault(match[1], f"${len(places) + 1}"), statement.sql)
    question = f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {numbered.replace('%%', '%')}".encode()
    return _only(connection.execute(question, prepare=False).fetchone())


def _only(row: Any) -> dict[str, Any]:
    plan: dict[str, Any] = row[0][0]
    return plan


def _plan(question: str, explained: dict[str, Any]) -> Plan:
    nodes = list(_nodes(explained["Plan"]))
    large = [node for node in nodes if node.get("Relation Name") in LARGE_TABLES]
    return Plan(
        question=question,
        scanned=frozenset(node["Relation Name"] for node in large if node["Node Type"] == "Seq Scan"),
        looked_at=round(sum(map(_rows, large))),
        milliseconds=explained.get("Execution Time", 0.0),
        nodes=" < ".join(_words(node) for node in nodes),
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _rows(node: dict[str, Any]) -> float:
    """Return the rows that a node looked at, those included that it threw away."""
    a_loop: float = node.get("Actual Rows", 0)
    a_loop += node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    loops: float = node.get("Actual Loops", 0)
    return a_loop * loops


def _words(node: dict[str, Any]) -> str:
    where = node.get("Index Name") or node.get("Relation Name") or ""
    return f"{node['Node Type']} {where}".strip()
