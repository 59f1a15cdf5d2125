"""The floor under filing: pgbench writes the rows of a real filing, statement by statement, in one transaction.

The rows are read back from a filing that the service has answered, so the floor never lags behind the service.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import sql

from app.gateways.postgres_programs import programs_folder
from benchmarks.cluster import Cluster, connect, plain_url

NEW_ID, NEW_NUMBER, APPEAL = "uuidv7()", "CAST(:number AS text)", "CAST(:appeal AS uuid)"
TABLES = {
    "appeal": ("number = %s", {"id": NEW_ID, "number": NEW_NUMBER}, ()),
    "clock": ("appeal_id = (SELECT id FROM appeal WHERE number = %s)", {"id": NEW_ID, "appeal_id": APPEAL}, ()),
    "event": ("appeal_id = (SELECT id FROM appeal WHERE number = %s)", {"appeal_id": APPEAL}, ("id", "transaction")),
    "outbox": ("appeal_id = (SELECT id FROM appeal WHERE number = %s)", {"appeal_id": APPEAL}, ("id",)),
    "idempotency": ("body LIKE '%%' || %s || '%%'", {"key": NEW_NUMBER}, ()),
}
"""The tables that a filing writes: how its rows are found, what is new each time, what the database fills in."""

CLIENTS, THREADS = 16, 2
_RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


@dataclass(slots=True)
class Script:
    """A pgbench script and the values of its variables."""

    lines: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def variable(self, value: object) -> str:
        """Return how the script names a value; a variable goes over the wire as a parameter, as ours do."""
        if value in (None, ""):
            return "NULL" if value is None else "''"
        self.values.append(str(value))
        return f":v{len(self.values) - 1}"

    @property
    def definitions(self) -> Iterator[str]:
        """The variables as pgbench takes them."""
        for place, value in enumerate(self.values):
            yield from ("-D", f"v{place}={value}")


@dataclass(frozen=True, slots=True)
class Floor:
    """What pgbench reached: transactions a second, and PostgreSQL's CPU a transaction in milliseconds."""

    rate: float
    database_ms: float


def filing_script(url: str, number: str) -> Script:
    """Return the script that writes the rows of the filing `number` over and over, under new ids."""
    script = Script([r"\set number random(1, 1000000000000000000)", "BEGIN;"])
    for table in TABLES:
        insert = _insert(script, url, table, number)
        script.lines.append(f"{insert} RETURNING id AS appeal \\gset" if table == "appeal" else f"{insert};")
    script.lines.append("COMMIT;")
    return script


def run_floor(script: Script, cluster: Cluster, url: str, *, seconds: float) -> Floor:
    """Run a script as often as it goes for so many seconds."""
    path = cluster.folder / "floor.sql"
    path.write_text("\n".join(script.lines) + "\n")
    before = cluster.cpu_seconds()
    output = _pgbench(path, script, url, seconds)
    found = _RATE.search(output)
    if found is None:
        raise SystemExit(f"pgbench 没有给出结果 pgbench gave no figure:\n{output}")
    rate = float(found[1])
    return Floor(rate, (cluster.cpu_seconds() - before) * 1e3 / (rate * round(seconds)))


def _pgbench(path: Path, script: Script, url: str, seconds: float) -> str:
    command = [str(programs_folder() / "pgbench"), "-n", "-c", str(CLIENTS), "-j", str(THREADS), "-M", "prepared"]
    command += ["-T", str(round(seconds)), "-f", str(path), *script.definitions, plain_url(url)]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


def _insert(script: Script, url: str, table: str, number: str) -> str:
    condition, anew, filled_in = TABLES[table]
    columns, rows = _rows(url, table, condition, number, filled_in)
    written = [
        ", ".join(anew.get(column) or script.variable(value) for column, value in zip(columns, row, strict=True))
        for row in rows
    ]
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({'), ('.join(written)})"


def _rows(
    url: str, table: str, condition: str, number: str, filled_in: tuple[str, ...]
) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return the columns of a table and the rows of one filing in it, every value as text."""
    with connect(url) as connection:
        found = connection.execute(
            "SELECT quote_ident(column_name) FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
            [table],
        )
        columns = [str(name) for (name,) in found if name not in filled_in and str(name).strip('"') not in filled_in]
        listed = sql.SQL(", ".join(f"{column}::text" for column in columns))
        question = sql.SQL("SELECT {} FROM {} WHERE ").format(listed, sql.Identifier(table)) + sql.SQL(condition)
        return columns, connection.execute(question, [number]).fetchall()
