"""Rules of the house that no linter knows, read from the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import grimp
import pytest

PROJECT = Path(__file__).parents[1]
APP = PROJECT / "app"
LONGEST_MODULE, USUAL_MODULE = 300, 60
LONGEST_FUNCTION, USUAL_FUNCTION = 40, 6
CLOCK_READERS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "time"}
TIME_SOURCE = "app/system_time.py"
TRANSACTION_EDGE = "app/storage/unit_of_work.py"
SOURCES = {str(path.relative_to(PROJECT)): path.read_text() for path in sorted(APP.rglob("*.py"))}
TREES = {path: ast.parse(source) for path, source in SOURCES.items()}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function]]:
    """Every function of the program with where it is."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{path}:{node.lineno} {node.name}", node


def calls(tree: ast.Module) -> Iterator[ast.Attribute]:
    """Every `something.method(…)` of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func


def reads_the_clock(call: ast.Attribute) -> bool:
    """Whether it is `datetime.now`, `date.today`, `time.time` or the like; measuring by `time.monotonic` is free."""
    owner = call.value.attr if isinstance(call.value, ast.Attribute) else getattr(call.value, "id", "")
    return call.attr in CLOCK_READERS and owner in CLOCK_OWNERS


def length(function: Function) -> int:
    """The lines of a function's body, without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_there_is_a_program_to_look_at() -> None:
    assert len(SOURCES) > 20
    assert len(list(functions())) > 50


def test_one_place_reads_the_time_of_the_machine() -> None:
    assert {path for path, tree in TREES.items() if any(map(reads_the_clock, calls(tree)))} == {TIME_SOURCE}


def test_one_place_commits() -> None:
    assert {path for path, tree in TREES.items() if any(call.attr == "commit" for call in calls(tree))} == {
        TRANSACTION_EDGE
    }


def test_connections_are_opened_where_postgresql_is_told_who_asks() -> None:
    openers = {path for path, tree in TREES.items() if any(call.attr == "connect" for call in calls(tree))}
    assert {path for path in openers if path.startswith(("app/api", "app/services", "app/storage", "app/worker"))} == {
        TRANSACTION_EDGE
    }


def test_no_request_is_served_at_the_offices_own_duties() -> None:
    own_duties = {
        path
        for path, tree in TREES.items()
        if path.startswith("app/api") and any(call.attr in ("work", "look") for call in calls(tree))
    }
    assert own_duties == set()


def test_few_use_cases_reach_beyond_their_asker_and_each_is_known() -> None:
    wide = {path for path, tree in TREES.items() if any(call.attr == "stand_for_office" for call in calls(tree))}
    # What is announced is decided in the standing of each subscriber, and written in the office's own.
    of_the_worker = {"app/services/announcing.py", "app/services/delivering.py"}
    assert wide - of_the_worker == {
        "app/services/audit_reading.py",
        "app/services/calendar_previews.py",
        "app/services/calendar_status.py",
        "app/services/calendars.py",
        "app/services/links.py",
        "app/services/ratings.py",
    }


def test_functions_import_nothing() -> None:
    hidden = [
        name for name, one in functions() if any(isinstance(n, ast.Import | ast.ImportFrom) for n in ast.walk(one))
    ]
    assert hidden == []


def test_every_file_is_reached_by_the_import_contracts() -> None:
    reached = grimp.build_graph("app").modules
    assert {path for path in SOURCES if _module_name(path) not in reached} == set()


def _module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def test_only_storage_and_what_it_stands_on_imports_sqlalchemy() -> None:
    graph = grimp.build_graph("app", include_external_packages=True)
    users = graph.find_modules_that_directly_import("sqlalchemy")
    assert {user for user in users if not user.startswith("app.storage")} == set()


def test_one_place_reads_an_appeal_for_those_who_ask() -> None:
    """Readings of confidential appeals are noted there, and nobody who reads elsewhere could be noted."""
    readers = {path for path, tree in TREES.items() if {"read_appeal", "read_case_of_clock"} & imported(tree)}
    before_an_upload, event_of_its_own = "app/services/attachments.py", "app/services/unmaskings.py"
    assert readers == {"app/api/reading.py", "app/services/explanations.py", before_an_upload, event_of_its_own}


def imported(tree: ast.Module) -> set[str]:
    """The names that a file imports from elsewhere."""
    return {name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names}


def test_no_module_is_too_long() -> None:
    assert {path: _lines(path) for path in SOURCES if _lines(path) > LONGEST_MODULE} == {}


def test_no_function_is_too_long() -> None:
    assert {name: length(one) for name, one in functions() if length(one) > LONGEST_FUNCTION} == {}


def test_the_usual_function_is_short() -> None:
    assert median(length(one) for _, one in functions()) <= USUAL_FUNCTION


def _lines(path: str) -> int:
    return len(SOURCES[path].splitlines())


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("datetime.now(UTC)", True),
        ("datetime.datetime.utcnow()", True),
        ("date.today()", True),
        ("time.time()", True),
        ("time.monotonic()", False),
        ("clock.now()", False),
    ],
)
def test_the_search_for_time_knows_a_clock_when_it_sees_one(source: str, reads: bool) -> None:
    assert [reads_the_clock(call) for call in calls(ast.parse(source))] == [reads]
