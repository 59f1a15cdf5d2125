"""What every answer carries: headers for browsers, and the id under which the logs tell of it."""

import json
import logging
import re

import httpx
import pytest

from app.api.hardening import Edge
from app.api.security_headers import SecurityHeaders
from app.cli.logs import json_formatter
from app.services.accounts import Doorkeeper
from tests.api.edges import NoGate, entrance
from tests.house import House

SENT = "what somebody has sent"
PROMISED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let signing in be a bug."""

    async def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError(SENT)

    monkeypatch.setattr(Doorkeeper, "admit", fail)


def promised(answer: httpx.Response) -> None:
    assert {name: answer.headers.get(name) for name in PROMISED} == PROMISED
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("who", "method", "path", "status"),
    [
        ("leader", "GET", "/appeals", 200),
        (None, "GET", "/policies", 200),
        (None, "GET", "/appeals", 401),
        (None, "GET", "/nowhere", 404),
        (None, "PUT", "/appeals", 405),
        (None, "GET", "/appeals/%00", 400),
        (None, "GET", "/openapi.json", 200),
        (None, "GET", "/metrics", 200),
    ],
)
async def test_every_answer_carries_them(house: House, who: str | None, method: str, path: str, status: int) -> None:
    answer = await house.ask(who, method, path)
    assert answer.status_code == status
    promised(answer)


@pytest.mark.usefixtures("broken")
async def test_the_answer_to_a_bug_carries_them_and_the_id_that_the_log_tells(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(json_formatter())
    with caplog.at_level(logging.DEBUG):
        answer = await house.ask("leader", "GET", "/appeals")
    assert answer.status_code == 500
    promised(answer)
    request_id = answer.json()["request_id"]
    assert request_id == answer.headers["x-request-id"]
    lines = [json.loads(line) for line in caplog.text.splitlines() if "unexpected error" in line]
    assert [one["request_id"] for one in lines] == [request_id]
    assert "RuntimeError" in lines[0]["exception"]
    assert SENT not in caplog.text + answer.text


async def test_a_refusal_by_rate_or_size_carries_them(house: House) -> None:
    async with entrance(house, Edge(rates=None)) as reached:
        promised(await reached.client.post("/api/v1/appeals", content=b"x" * (2 << 20)))


@pytest.mark.parametrize("given", ["abc-123", "A" * 64])
async def test_a_callers_id_is_taken_over(house: House, given: str) -> None:
    assert (await house.ask(None, "GET", "/policies", headers={"X-Request-Id": given})).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "A" * 65, "a\tb", "é", "a\r\nb: c", "<script>", "a_b"])
async def test_a_callers_id_that_could_be_anything_else_is_not(house: House, given: str) -> None:
    answer = await house.client.get("/api/v1/policies", headers={b"X-Request-Id": given.encode()})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])


async def test_only_behind_tls_browsers_are_told_to_stay_there(house: House) -> None:
    async with entrance(house, Edge(behind_tls=True)) as reached:
        assert "max-age=" in (await reached.ask(None, "GET", "/health")).headers["strict-transport-security"]
    assert "strict-transport-security" not in (await house.ask(None, "GET", "/health")).headers


async def test_the_documentation_may_run_its_own_script_and_nothing_else(house: House) -> None:
    policy = (await house.ask(None, "GET", "/docs")).headers["content-security-policy"]
    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "http" not in policy
    file = await house.ask(None, "GET", "/docs-files/swagger-ui.css")
    assert (file.status_code, file.headers.get("cache-control")) == (200, None)


async def test_without_the_middleware_there_are_none(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.api.documentation.SecurityHeaders", NoGate)
    async with entrance(house) as bare:
        answer = await bare.ask("leader", "GET", "/appeals")
    assert set(PROMISED) & set(answer.headers) == set()


async def test_what_an_answer_says_itself_stands(house: House) -> None:
    sent = []

    async def app(_scope: object, _receive: object, send: object) -> None:
        own = [(b"cache-control", b"public"), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": own})

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await SecurityHeaders(app)({"type": "http", "headers": []}, send, send)
    headers: list[tuple[bytes, bytes]] = sent[0]["headers"]
    assert [value for name, value in headers if name == b"cache-control"] == [b"public"]
