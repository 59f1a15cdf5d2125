"""The interface against its own description: generated requests by several roles, poison words among them."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count, product
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode

from tests.api.test_hostile_corpus import ALL, everything_is_read, prepared, unreadable
from tests.house import House, open_house

POISON = [
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\u202e",
    "\ufffe",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
    "1772000000",
    "=1+1",
    "' OR '1'='1",
    "99999 WD",
    "gedian",
    "02",
    "economy",
    "5 WD",
]
NUMBERS = [0, -1, 2**31, 2**53, 2**63, 2**64]
CONFIG = {
    "dictionaries": {"poison": {"values": POISON}, "numbers": {"values": NUMBERS}},
    "generation": {
        # Who asks is decided here and not made up.
        "with-security-parameters": False,
        "dictionaries": {
            "string": {"dictionary": "poison", "probability": 0.3},
            "integer": {"dictionary": "numbers", "probability": 0.3},
        },
    },
}
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
PEOPLE = (ALL, "leader", "enterprise", "officer", "dispatcher", "hotline", "administrator", None)
USUAL, NIGHTLY = ((1,), 5), ((1, 2, 3), 55)
"""The seeds, and how many cases of each operation and mode with each."""


@dataclass
class Tried:
    """What came of the requests."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)


@contextmanager
def lived_in(url: str) -> Iterator[tuple[asyncio.Runner, House, dict[str, str]]]:
    """Yield a house with something of everything in it, and what runs its requests."""
    with asyncio.Runner() as runner:
        opening = open_house(url)
        house = runner.run(entered(opening))
        try:
            yield runner, house, runner.run(prepared(house))
        finally:
            runner.run(opening.__aexit__(None, None, None))


async def entered(opening: Any) -> House:
    house: House = await opening.__aenter__()
    return house


def described(runner: asyncio.Runner, house: House) -> Any:
    async def read() -> dict[str, Any]:
        document: dict[str, Any] = (await house.client.get("/api/v1/openapi.json")).json()
        return document

    return schemathesis.openapi.from_dict(runner.run(read()), config=SchemathesisConfig.from_dict(CONFIG))


def checks() -> list[Any]:
    load_all_checks()
    return list(schemathesis.checks.CHECKS.get_by_names(CHECKS))


async def sent(house: House, case: Any, who: str | None) -> httpx.Response:
    """Send a generated request as it is, signed in as somebody."""
    prepared_request = requests.Request(**case.as_transport_kwargs(base_url="http://bihuan.test")).prepare()
    headers = [
        (name.encode(), value if isinstance(value, bytes) else value.encode("latin-1", "replace"))
        for name, value in prepared_request.headers.items()
    ]
    headers = [one for one in headers if one[0].lower() != b"authorization"]
    if who is not None:
        headers.append((b"Authorization", f"Bearer {house.keys[who]}".encode()))
    body = prepared_request.body
    content = body.encode() if isinstance(body, str) else body
    return await house.client.request(
        str(prepared_request.method), str(prepared_request.url), content=content, headers=headers
    )


def tried(
    runner: asyncio.Runner,
    house: House,
    ids: dict[str, str],
    *,
    size: tuple[tuple[int, ...], int],
    only: str = "",
    send: Callable[..., Awaitable[Any]] = sent,
) -> Tried:
    """Send generated requests to every operation and note what the checks say of the answers."""
    outcome, wanted, turn = Tried(), checks(), count()
    seeds, examples = size

    def ask(case: Any, mode: GenerationMode) -> None:
        place = next(turn)
        if place % 2 and mode is GenerationMode.POSITIVE and case.path_parameters:
            case.path_parameters = {**case.path_parameters, **within(case.path_parameters, ids)}
        answer = runner.run(send(house, case, PEOPLE[place // 2 % len(PEOPLE)]))
        outcome.statuses[answer.status_code] += 1
        note(outcome, case, answer, wanted)

    for operation in (one.ok() for one in described(runner, house).get_all_operations()):
        if only not in operation.label:
            continue
        for mode, number in product((GenerationMode.POSITIVE, GenerationMode.NEGATIVE), seeds):
            generate(operation, partial(ask, mode=mode), mode=mode, number=number, examples=examples)
    return outcome


def generate(operation: Any, ask: Callable[[Any], None], *, mode: GenerationMode, number: int, examples: int) -> None:
    """Have one operation asked as often as it is said, always alike for the same seed."""

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        ask(case)

    # What takes nothing cannot be asked wrongly.
    with suppress(Unsatisfiable):
        run()


def within(names: dict[str, Any], ids: dict[str, str]) -> dict[str, str]:
    """Return real identifiers for the names that have one."""
    return {name: ids[name] for name in names if name in ids}


def note(outcome: Tried, case: Any, answer: httpx.Response, wanted: list[Any]) -> None:
    try:
        case.validate_response(answer, checks=wanted)
    except (Failure, FailureGroup) as refusal:
        found = refusal.exceptions if isinstance(refusal, FailureGroup) else [refusal]
        for one in found:
            outcome.faults[f"{case.operation.label} {answer.status_code} {type(one).__name__}: {str(one)[:300]}"] += 1


@pytest.mark.timeout(1_800)
def test_every_answer_is_as_it_is_described(database_url: str, request: pytest.FixtureRequest) -> None:
    full = bool(request.config.getoption("--full"))
    with lived_in(database_url) as (runner, house, ids):
        outcome = tried(runner, house, ids, size=NIGHTLY if full else USUAL)
        assert sorted(outcome.faults) == []
        assert sum(outcome.statuses.values()) >= (15_000 if full else 450)
        assert len(outcome.statuses) >= 6, outcome.statuses
        assert runner.run(unreadable(house)) == []
        runner.run(everything_is_read(house, ids))


def test_an_answer_that_is_not_as_it_is_described_is_found(database_url: str) -> None:
    async def otherwise(house: House, case: Any, who: str | None) -> httpx.Response:
        answer = await sent(house, case, who)
        changed = httpx.Response(500 if answer.is_error else 200, json={"nonsense": 1}, request=answer.request)
        changed.elapsed = answer.elapsed
        return changed

    with lived_in(database_url) as (runner, house, ids):
        outcome = tried(runner, house, ids, size=((1,), 8), only="GET /api/v1/appeals", send=otherwise)
        kinds = {fault.split(" ")[3] for fault in outcome.faults}
        assert {"ServerError:", "JsonSchemaError:"} <= kinds, kinds
