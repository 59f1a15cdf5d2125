"""What the load asks for, taken from what a database holds."""

from collections.abc import Sequence

from benchmarks.cluster import DEPARTMENT, JURISDICTION, connect

_NUMBERS = "SELECT number FROM appeal WHERE jurisdiction = %s AND id > %s ORDER BY id LIMIT %s"
_ASSIGNMENTS = """
    SELECT s.id FROM assignment s JOIN appeal a ON a.id = s.appeal_id
    WHERE a.jurisdiction = %s AND s.department = %s AND s.ended_at IS NULL
        AND a.status = 'assigned' AND a.due_at > now()
    ORDER BY s.due_at, s.id LIMIT %s
"""
FIRST = "00000000-0000-0000-0000-000000000000"


def numbers(url: str, count: int) -> Sequence[str]:
    """Return the numbers of appeals that the leader sees."""
    with connect(url) as connection:
        return [str(row[0]) for row in connection.execute(_NUMBERS, [JURISDICTION, FIRST, count])]


def assignments(url: str, count: int) -> Sequence[str]:
    """Return assignments that the officer's department now handles, in time."""
    with connect(url) as connection:
        return [str(row[0]) for row in connection.execute(_ASSIGNMENTS, [JURISDICTION, DEPARTMENT, count])]
