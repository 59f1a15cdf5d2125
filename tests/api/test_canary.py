"""Personal data and secrets, sent everywhere, good and bad: no log, figure, address or refusal tells of them."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from app.api import problems
from app.cli.logs import QUIET, json_formatter
from tests.api import hostile_places
from tests.api.promises import Operation, operations
from tests.api.test_hostile_corpus import ALL, FILER, prepared
from tests.house import House

CANARIES = {
    "name": "欧阳鹦鹉",
    "phone": "13987654321",
    "text": "举报信里写着一只金丝雀",
    "identity": "420704199001011234",
    "mail": "canary@personal.example",
    "key": "bh_" + "CaNaRy" * 7 + "x",
    "token": "cAnArYtOkEn" * 4,
    "password": "hunter2-canary",
}
FIGURES = "/api/v1/metrics"


class Kept(logging.Handler):
    """Keeps every line as the service would write it, and the levels of what came."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(json_formatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # The client is the test's own, and writes its address.
        if not record.name.startswith(("httpx", "httpcore")):
            self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[Kept]:
    """Write at DEBUG what the service writes at DEBUG."""
    root = logging.getLogger()
    before = root.level, {name: logging.getLogger(name).level for name in QUIET}
    kept = Kept()
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    yield kept
    root.removeHandler(kept)
    root.setLevel(before[0])
    for name, level in before[1].items():
        logging.getLogger(name).setLevel(level)


def told(texts: list[str]) -> list[str]:
    """Return the canaries that texts tell, also as escapes."""
    whole = "\n".join(texts)
    return [
        name
        for name, canary in CANARIES.items()
        if any(form in whole for form in (canary, quote(canary), json.dumps(canary)[1:-1]))
    ]


def leaks(answer: httpx.Response) -> list[str]:
    """Return what an answer tells that it must not: a refusal nothing, a success nothing in its head."""
    head = [f"{name}: {value}" for name, value in answer.headers.items()]
    return told(head + ([answer.text] if answer.status_code >= 400 else []))


def requests_with(operation: Operation, canary: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield requests of one operation with a canary in every place."""
    for path, body in hostile_places.body_places(operation):
        changed = hostile_places.replaced(body, path, canary)
        yield f"body {path}", {"content": json.dumps(changed, ensure_ascii=False).encode()}
    if operation.body is not None:
        yield "body no JSON", {"content": f'{{"text": "{canary}", '.encode()}
        yield "body unknown", {"content": json.dumps({**operation.example, canary: canary}).encode()}
        yield "body other type", {"content": canary.encode(), "headers": {"Content-Type": "text/plain"}}
    for name in [*operation.parameters("query"), quote(canary)]:
        yield f"query {name}", {"query": f"{name}={quote(canary)}"}
    for name in operation.parameters("path"):
        yield f"path {name}", {"path": {name: quote(canary)}}
    for name in ("Authorization", "If-Match", "Idempotency-Key", "Content-Type", "User-Agent", "Cookie", "Referer"):
        value = f"Bearer {canary}" if name == "Authorization" else canary
        yield f"header {name}", {"headers": {name: value.encode()}}


async def sing(house: House, stride: int) -> list[str]:
    """Send canaries through every operation; return what the answers leak."""
    ids = await prepared(house)
    leaked, turn = [], 0
    for one in await operations(house):
        for canary in CANARIES.values():
            for what, request in requests_with(one, canary):
                turn += 1
                if turn % stride == 0:
                    answer = await hostile_places.send(house, FILER.get(one.name, ALL), one, ids, request)
                    leaked += [f"{one.name} {what}: {name}" for name in leaks(answer)]
    return leaked


@pytest.mark.timeout(600)
async def test_no_canary_sings(house: House, log: Kept, request: pytest.FixtureRequest) -> None:
    full = bool(request.config.getoption("--full"))
    assert await sing(house, 1 if full else 23) == []
    assert told([(await house.client.get(FIGURES)).text]) == []
    assert told(log.lines) == [], [line for line in log.lines if told([line])][:3]


@pytest.mark.parametrize("kind", [ValueError, KeyError, TypeError, UnicodeError])
async def test_no_canary_sings_out_of_an_exception(
    house: House, log: Kept, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise kind(f"cannot take {CANARIES['text']} of {CANARIES['phone']}")

    monkeypatch.setattr("app.storage.changes._encode", fail)
    answer = await house.ask("enterprise", "POST", "/appeals", filing())
    assert answer.status_code in (422, 500)
    assert leaks(answer) == []
    assert told(log.lines) == []
    assert [line for line in log.lines if kind.__name__ in line] != []


async def test_no_canary_sings_out_of_the_database(house: House, log: Kept) -> None:
    await house.rows("ALTER TABLE appeal ADD CONSTRAINT ck_appeal_canary CHECK (length(title) < 3) NOT VALID")
    answer = await house.ask("enterprise", "POST", "/appeals", filing())
    assert answer.status_code == 500
    assert leaks(answer) == []
    assert [line for line in log.lines if "CheckViolation" in line or "IntegrityError" in line] != []
    assert told(log.lines) == [], [line for line in log.lines if told([line])][:1]


def filing() -> dict[str, Any]:
    return {
        "jurisdiction": "gedian",
        "category": "02",
        "title": CANARIES["text"],
        "text": CANARIES["text"],
        "contact_name": CANARIES["name"],
        "contact_phone": CANARIES["phone"],
    }


async def test_a_careless_line_and_a_careless_refusal_are_found(
    house: House, log: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("bihuan.api").debug("filed by %s", CANARIES["name"])
    assert told(log.lines) == ["name"]
    monkeypatch.setattr(problems, "fault_of", lambda error: problems.Fault("title", str(error["input"])))
    answer = await house.ask("enterprise", "POST", "/appeals", filing() | {"kind": CANARIES["phone"]})
    assert leaks(answer) == ["phone"]


def test_every_canary_is_one_that_nothing_else_says() -> None:
    assert len(set(CANARIES.values())) == len(CANARIES)
    assert all(len(canary) >= 4 for canary in CANARIES.values())
    assert re.fullmatch(r"bh_\w{40,}", CANARIES["key"])
