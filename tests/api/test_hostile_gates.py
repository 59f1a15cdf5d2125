"""The gates before every operation, each with what happens where it is taken away."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import HTTPException, Request
from starlette.types import Message, Receive, Scope, Send

from app.api import hardening
from app.api.bodies import BodyGate, capped
from tests.api.edges import NoGate, entrance
from tests.api.promises import UNKNOWN, operations
from tests.house import FILING, PROBLEM, House

GOOD = json.dumps(FILING, ensure_ascii=False)


async def send_json(house: House, content: bytes, path: str = "/appeals", **headers: str) -> httpx.Response:
    sent = {"Authorization": f"Bearer {house.keys['enterprise']}", "Content-Type": "application/json"} | headers
    return await house.client.post(f"/api/v1{path}", content=content, headers=sent)


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Assert that an answer is this refusal; return it."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"/problems/{code}", answer.text
    return problem


def written(**changes: Any) -> bytes:
    return json.dumps(FILING | changes, ensure_ascii=False).encode()


BAD_JSON: list[tuple[str, bytes, str]] = [
    ("a repeated name", GOOD[:-1].encode() + ', "title": "另一个"}'.encode(), "repeated-name"),
    ("a repeated name within", b'{"citation": {"commitment": "a", "commitment": "b"}}', "repeated-name"),
    ("half a character", GOOD.replace("免申", r"\ud800").encode(), "malformed-json"),
    ("half a character in a name", rb'{"\ud800": 1}', "malformed-json"),
    ("NaN", b'{"petition": NaN}', "malformed-json"),
    ("Infinity", b'{"petition": -Infinity}', "malformed-json"),
    ("more than a number holds", b'{"petition": 1e400}', "malformed-json"),
    ("more digits than are read", b'{"petition": ' + b"9" * 5_000 + b"}", "malformed-json"),
    ("UTF-16", GOOD.encode("utf-16"), "malformed-json"),
    ("a byte order mark", b"\xef\xbb\xbf" + GOOD.encode(), "malformed-json"),
    ("another encoding", GOOD.encode("gbk"), "malformed-json"),
    ("two documents", GOOD.encode() + GOOD.encode(), "malformed-json"),
    ("a raw control character", b'{"title": "a\x07b"}', "malformed-json"),
    ("17 levels", b"[" * 17 + b"]" * 17, "too-deep-json"),
    ("1,000 levels", b'{"a":' * 1_000 + b"1" + b"}" * 1_000, "too-deep-json"),
    ("100,000 levels", b"[" * 100_000 + b"]" * 100_000, "malformed-json"),
    ("NUL in a name", rb'{"a\u0000": 1}', "unreadable-name"),
]


@pytest.mark.parametrize(("content", "code"), [one[1:] for one in BAD_JSON], ids=[one[0] for one in BAD_JSON])
async def test_what_readers_of_json_take_differently_is_refused_everywhere(
    house: House, content: bytes, code: str
) -> None:
    for path in ("/appeals", "/calendars/publications", f"/ratings/{'t' * 43}"):
        refused(await send_json(house, content, path), 400, code)
    assert await house.items("/appeals") == []


async def test_sixteen_levels_are_not_too_deep(house: House) -> None:
    problem = refused(await send_json(house, b"[" * 16 + b"]" * 16), 422, "invalid")
    assert problem["faults"] == [{"field": "body", "reason": "应为 JSON 对象"}]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("a\x00b", "title"),
        ("a\x1b[31m", "title"),
        ("a\x7fb", "title"),
        ("a\x85b", "title"),
        (2**53, "title"),
        (-(2**63), "title"),
        (1e300, "title"),
        ({"deep": ["\x00"]}, "title.deep.0"),
    ],
)
async def test_values_that_no_field_takes_are_refused_by_field(house: House, value: Any, field: str) -> None:
    problem = refused(await send_json(house, json.dumps(FILING | {"title": value}).encode()), 422, "invalid")
    assert [fault["field"] for fault in problem["faults"]] == [field]


async def test_without_the_gate_the_last_of_two_equal_names_counts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardening, "BodyGate", NoGate)
    async with entrance(house) as ungated:
        answer = await send_json(ungated, BAD_JSON[0][1])
    assert (answer.status_code, answer.json()["title"]) == (201, "另一个")


async def test_without_the_gate_nobody_counts_the_bytes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardening, "BodyGate", NoGate)
    async with entrance(house) as ungated:
        assert (await send_json(ungated, b" " * (1 << 20) + GOOD.encode())).status_code == 201
    refused(await send_json(house, b" " * (1 << 20) + GOOD.encode()), 413, "http-413")


# Bodies as they arrive -----------------------------------------------------------------------------------------------


async def answered(gate: BodyGate, messages: list[Message], **headers: str) -> tuple[list[Message], int]:
    """Send messages to a gate; return what it answered and how many messages it took."""
    sent: list[Message] = []
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        if taken > len(messages):
            await asyncio.sleep(60)
        return messages[taken - 1]

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/upload",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    await gate(scope, receive, send)
    return sent, taken


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


def part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def status_of(sent: list[Message]) -> int:
    status: int = sent[0]["status"]
    return status


async def test_a_body_in_parts_arrives_whole() -> None:
    gate = BodyGate(echo, most=100)
    sent, _ = await answered(gate, [part(b"a", more=True), part(b"b", more=False)], content_length="2")
    assert (status_of(sent), sent[1]["body"]) == (200, b"ab")


async def test_more_than_the_cap_is_refused_before_the_rest_is_taken() -> None:
    messages = [part(b"x" * 60, more=True)] * 1_000
    sent, taken = await answered(BodyGate(echo, most=100), messages, transfer_encoding="chunked")
    assert (status_of(sent), taken) == (413, 2)


async def test_a_length_that_lies_is_counted_and_one_that_is_stated_is_believed_at_once() -> None:
    sent, _ = await answered(BodyGate(echo, most=100), [part(b"x" * 101, more=False)], content_length="1")
    assert status_of(sent) == 413
    sent, taken = await answered(BodyGate(echo, most=100), [], content_length="101")
    assert (status_of(sent), taken) == (413, 0)


async def test_a_slow_body_is_refused_in_time() -> None:
    gate = BodyGate(echo, most=100, slowest=0.05)
    sent, _ = await answered(gate, [part(b"x", more=True)], content_length="50")
    assert status_of(sent) == 408


async def test_who_has_gone_is_not_answered_and_starts_nothing() -> None:
    messages: list[Message] = [part(b"x", more=True), {"type": "http.disconnect"}]
    assert (await answered(BodyGate(echo, most=100), messages, content_length="50"))[0] == []


async def test_a_body_that_was_not_announced_is_not_read() -> None:
    sent, _ = await answered(BodyGate(echo, most=100), [part(b"x" * 500, more=False)])
    assert (status_of(sent), sent[1]["body"]) == (200, b"")


async def test_a_path_that_streams_keeps_its_body_and_counts_for_itself() -> None:
    async def stored(scope: Scope, receive: Receive, send: Send) -> None:
        length = 0
        try:
            async for piece in capped(Request(scope, receive), 1_000).stream():
                length += len(piece)
        except HTTPException as refusal:
            length = -refusal.status_code
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(length).encode()})

    gate = BodyGate(stored, most=100, streamed=re.compile("/upload"))
    pieces = [part(b"\xff" * 300, more=True)] * 3
    sent, _ = await answered(gate, [*pieces, part(b"", more=False)], transfer_encoding="chunked")
    assert sent[1]["body"] == b"900"
    sent, taken = await answered(gate, pieces * 100, transfer_encoding="chunked")
    assert (sent[1]["body"], taken) == (b"-413", 4)


async def test_an_endless_body_takes_no_memory_over_a_connection(house: House) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 65_536

    headers = {"Authorization": f"Bearer {house.keys['enterprise']}", "Content-Type": "application/json"}
    answer = await house.client.post("/api/v1/appeals", content=endless(), headers=headers)
    refused(answer, 413, "http-413")
    assert sent <= 18


# The head of a request -----------------------------------------------------------------------------------------------

BAD_ADDRESSES = (
    "/appeals/%00",
    "/appeals/%ED%A0%80",
    "/appeals/%FF",
    "/appeals/a%0d%0aX-Injected:%20y",
    "/appeals/%C2%85",
    "/appeals/" + "x" * 3_000,
    "/appeals?external_number=%00",
    "/appeals?external_number=%FF",
    "/appeals?external_number=%ED%A0%80",
    "/appeals?external_number=%1b%5b31m",
    "/appeals?%00=1",
    "/appeals?external_number=" + "x" * 9_000,
    "/appeals?" + "&".join(["limit=1"] * 200),
)


@pytest.mark.parametrize("path", BAD_ADDRESSES, ids=lambda path: path[:40])
async def test_an_address_that_is_no_text_is_refused(house: House, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(await house.ask("leader", "GET", path), 400, "unreadable-request")
    monkeypatch.setattr(hardening, "RequestGate", NoGate)
    async with entrance(house) as ungated:
        assert (await ungated.ask("leader", "GET", path)).status_code != 400


@pytest.mark.parametrize("name", ["If-Match", "Idempotency-Key", "Content-Type"])
@pytest.mark.parametrize("value", [b"\xff", b"a\x00b", b"a\x1b", "键".encode(), b"x" * 256])
async def test_a_header_that_is_read_is_printable(house: House, name: str, value: bytes) -> None:
    headers = [(b"Authorization", f"Bearer {house.keys['enterprise']}".encode()), (name.encode(), value)]
    for method, path in (("POST", "/appeals"), ("GET", "/appeals"), ("GET", "/nowhere")):
        answer = await house.client.request(method, f"/api/v1{path}", headers=headers)
        assert [fault["field"] for fault in refused(answer, 422, "invalid")["faults"]] == [name]


@pytest.mark.parametrize("name", ["Authorization", "If-Match", "Idempotency-Key", "Content-Type", "Host"])
async def test_a_header_that_is_read_stands_once(house: House, name: str) -> None:
    answer = await house.client.get("/api/v1/appeals", headers=[(name, "a"), (name, "b")])
    assert [fault["field"] for fault in refused(answer, 422, "invalid")["faults"]] == [name]


# Methods, slashes and hosts ------------------------------------------------------------------------------------------

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X")
SOME = {"number": "GD-1", "jurisdiction": "gedian", "token": "t" * 40}


ALSO = {"download_attachment": {"HEAD"}}
"""Methods that the interface description does not list."""


async def test_every_other_method_is_answered_with_the_methods_that_there_are(house: House) -> None:
    there_are: dict[str, set[str]] = {}
    uuid = "00000000-0000-0000-0000-000000000007"
    ids = SOME | dict.fromkeys(UNKNOWN.keys() - {"number"} | {"publication_id"}, uuid)
    for one in await operations(house):
        there_are.setdefault(one.at(ids), set()).update({one.method} | ALSO.get(one.name, set()))
    assert len(there_are) >= 45
    for path, methods in there_are.items():
        for method in set(METHODS) - methods:
            answer = await house.ask("leader", method, path)
            assert answer.status_code == 405, (method, path, answer.text)
            assert set(answer.headers["allow"].split(", ")) == methods, (method, path)


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
async def test_a_method_cannot_be_put_into_a_header(house: House, header: str) -> None:
    answer = await house.ask("enterprise", "GET", "/appeals", headers={header: "POST"})
    assert (answer.status_code, "items" in answer.json()) == (200, True)
    filed = await house.ask("enterprise", "POST", "/appeals", FILING, headers={header: "DELETE"})
    assert filed.status_code == 201


@pytest.mark.parametrize("path", ["/appeals/", "//appeals", "/docs/", "/health/", "/nowhere", "/docs-files/../x", "/"])
async def test_a_slash_too_many_is_an_unknown_path_and_leads_nowhere(house: House, path: str) -> None:
    answer = await house.ask("leader", "GET", path, headers={"Host": "evil.example"})
    refused(answer, 404, "http-404")
    assert "location" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:99999", "[::1", "a b", "x" * 300, "", "\x7f", "é"])
async def test_no_answer_is_made_of_the_host(house: House, host: str) -> None:
    headers = {b"Host": host.encode(), b"X-Forwarded-Host": b"evil.example", b"Forwarded": b"host=evil.example"}
    for method, path, body in (("GET", "/appeals", None), ("POST", "/appeals", FILING), ("GET", "/nowhere", None)):
        answer = await house.ask("enterprise", method, path, body, headers=headers)
        assert answer.status_code in (200, 201, 404)
        assert "evil" not in answer.text + str(answer.headers)


# Unknown names -------------------------------------------------------------------------------------------------------


async def test_a_misspelt_parameter_is_refused_with_the_known_ones(house: House) -> None:
    problem = refused(await house.ask("leader", "GET", "/appeals?limti=5"), 422, "invalid")
    (fault,) = problem["faults"]
    assert fault["field"] == "limti"
    assert "limit" in fault["reason"]


async def test_no_operation_takes_a_parameter_that_it_does_not_know(house: House) -> None:
    uuid = "00000000-0000-0000-0000-000000000007"
    ids = SOME | dict.fromkeys(UNKNOWN.keys() - {"number"} | {"publication_id"}, uuid)
    for one in await operations(house):
        answer = await house.ask("leader", one.method, f"{one.at(ids)}?limti=5", one.example, version="*")
        assert [fault["field"] for fault in refused(answer, 422, "invalid")["faults"]] == ["limti"], one.name


async def test_a_name_that_was_made_up_is_not_repeated(house: House) -> None:
    for name in ("张三13900000000", "13900000000", "<script>"):
        answer = await house.client.get("/api/v1/policies", params={name: "1"})
        assert name not in answer.text
        answer = await send_json(house, written(**{name: 1}))
        assert refused(answer, 422, "invalid")["faults"][0]["field"] == "（未知字段）"


@pytest.mark.parametrize("value", ["1772000000", "9999999999", "20260302", "0001-01-01T00:00:00Z", "2200-01-01T00:00Z"])
async def test_no_number_is_an_instant_and_no_year_is_out_of_reach(house: House, value: str) -> None:
    for path in (f"/appeals?due_before={value}", f"/assignments?due_before={value}"):
        refused(await house.ask("officer", "GET", path), 422, "invalid")
    refused(await send_json(house, written(paper_received_on=value)), 422, "invalid")
