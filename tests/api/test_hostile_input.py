"""Whatever is sent, the service refuses it in order or takes it in order, and goes on."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.api.promises import Operation, one_of_everything, operations
from tests.house import FILING, LEAD, PROBLEM, House

HUGE = 10**400
HOSTILE: list[str] = [
    r'"\u0000"',
    r'"a\u0000b"',
    r'"\ud800"',
    r'"x\udfff\ud800y"',
    r'"\u0007\u001b[31m"',
    r'"\u0085\u009f"',
    r'"\u202e\u2066\ufeff\ufffe"',
    '"' + "a" * 30_000 + '"',
    '"' + "́" * 300 + '"',
    '"    "',
    '""',
    "NaN",
    "-Infinity",
    "1e999",
    "-0.0",
    str(2**63),
    str(HUGE),
    "true",
    "null",
    "[]",
    "[[[[[[]]]]]]",
    "{}",
    r'{"\ud800": 1}',
    '"2026-03-09T00:00:00"',
    '"2026-02-30"',
    '"9999-12-31"',
    '"0001-01-01"',
    '"-1 WD"',
    '"99999 WD"',
    '"99999 m"',
]
"""Raw JSON, for some of it cannot be written by an honest encoder."""

SHARES = 3

ODD_BUT_READABLE = "🏭 ‮表头‬ \u2028 ẗ̈ Ω≈ç 'DROP TABLE appeal;-- <script>alert(1)</script> {{7*7}} %s \\ =1+1"


def with_field(example: dict[str, Any], field: str, raw: str) -> bytes:
    """Return the example with raw JSON in the place of one field."""
    marker = "@@hostile@@"
    text = json.dumps({**example, field: marker})
    return text.replace(f'"{marker}"', raw).encode()


def bodies(operation: Operation) -> Iterator[tuple[str, bytes]]:
    """Yield every hostile body of an operation with what it is."""
    for place, field in enumerate(operation.example):
        # Neighbouring fields share the list; what reaches the database is tried in full below.
        for raw in HOSTILE[place % SHARES :: SHARES]:
            yield f"{operation.name}.{field} = {raw[:40]}", with_field(operation.example, field, raw)
    for raw in (*HOSTILE, "", "{", "\xff", "[" * 100_000, '{"a":' * 50_000):
        yield f"{operation.name} = {raw[:40]}", raw.encode("latin-1", "replace")


async def raw_post(house: House, who: str, path: str, content: bytes, **headers: str) -> httpx.Response:
    """Send bytes as they are."""
    sent = {"Authorization": f"Bearer {house.keys[who]}", "Content-Type": "application/json", "If-Match": "*"}
    return await house.client.post(f"/api/v1{path}", content=content, headers=sent | headers)


def in_order(answer: httpx.Response, what: str) -> None:
    """Assert that an answer is a success or a problem, and no breakdown."""
    assert answer.status_code < 500, (what, answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == PROBLEM, (what, answer.text)
    answer.content.decode("utf-8")


async def still_works(house: House) -> None:
    """Assert that everything can still be read, and that an honest appeal is still taken."""
    number = (await house.file())["number"]
    for path in ("/appeals?limit=200", "/appeals?order=due_at", "/feed?limit=500", f"/appeals/{number}/timeline"):
        answer = await house.ask("leader", "GET", path)
        assert answer.status_code == 200, (path, answer.text)
    assert number in {one["number"] for one in await house.items("/appeals?limit=200")}


GROUPS = ("/appeals/{number}/a", "/appeals/{number}/", "/appeals", "/")


def group_of(operation: Operation) -> int:
    """Return which part of the operations one belongs to, so that the parts can run beside each other."""
    path = operation.path.removeprefix("/api/v1")
    return 0 if path == "/appeals" else 1 + sum(path.encode()) % 3


@pytest.mark.parametrize("group", range(4))
async def test_no_body_breaks_an_operation(house: House, group: int) -> None:
    ids = await one_of_everything(house) | {"token": "t" * 43}
    chosen = [one for one in await operations(house) if one.body is not None and group_of(one) == group]
    assert chosen
    sent = 0
    for one in chosen:
        who = {"/appeals": "enterprise"}.get(one.at(ids), "leader" if "{number}" in one.path else "officer")
        for what, content in bodies(one):
            in_order(await raw_post(house, who, one.at(ids), content), what)
            sent += 1
    assert sent > 30
    await still_works(house)


MOVES: list[tuple[str, str, dict[str, Any]]] = [
    ("enterprise", "/appeals", FILING),
    ("dispatcher", "/appeals/{received}/supplement-request", {"gaps": ["缺"], "limit": "5 WD"}),
    ("enterprise", "/appeals/{received}/supplement", {"text": "补"}),
    ("dispatcher", "/appeals/{received}/assignment", {"lead": LEAD, "opinion": "办", "reason": "由"}),
    ("officer", "/assignments/{assignment_id}/contact", {"way": "电话", "note": "实"}),
    ("officer", "/assignments/{assignment_id}/replies", {"kind": "progress", "text": "在办"}),
    (
        "officer",
        "/assignments/{assignment_id}/extension-request",
        {"length": "5 WD", "reason": "等", "progress": "已"},
    ),
    ("officer", "/supervisions/{supervision_id}/answer", {"text": "已办"}),
    ("supervisor", "/appeals/{number}/suspension", {"cause": "papers", "evidence": "通知"}),
]
"""Moves that the table allows, so that what passes the schema reaches the database."""


@pytest.mark.parametrize("raw", [*HOSTILE, json.dumps(ODD_BUT_READABLE)])
async def test_no_value_that_reaches_the_database_breaks_it(house: House, raw: str) -> None:
    ids = await one_of_everything(house)
    received = (await house.file())["number"]
    for who, path, body in MOVES:
        for field in body:
            answer = await raw_post(house, who, path.format(received=received, **ids), with_field(body, field, raw))
            in_order(answer, f"{path} {field} {raw[:40]}")
    await still_works(house)


async def test_odd_but_readable_text_comes_back_as_it_was_sent(house: House) -> None:
    filed = await house.file(title=ODD_BUT_READABLE, text=ODD_BUT_READABLE)
    read = await house.read(filed["number"])
    assert (read["title"], read["text"]) == (ODD_BUT_READABLE, ODD_BUT_READABLE)
    (listed,) = await house.items("/appeals")
    assert listed["title"] == ODD_BUT_READABLE


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("text/plain", json.dumps(FILING).encode()),
        ("application/x-www-form-urlencoded", b"title=x&text=y"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
        ("application/xml", b"<appeal/>"),
        ("application/json; charset=gbk", json.dumps(FILING, ensure_ascii=False).encode("gbk")),
        ("", json.dumps(FILING).encode()),
        ("/;;=", b"{}"),
    ],
)
async def test_another_kind_of_content_is_refused_in_order(house: House, content_type: str, content: bytes) -> None:
    answer = await raw_post(house, "enterprise", "/appeals", content, **{"Content-Type": content_type})
    in_order(answer, content_type)
    assert answer.status_code in (400, 415, 422), answer.text


@pytest.mark.parametrize("stated", [True, False])
async def test_more_than_a_megabyte_is_refused_whether_or_not_its_length_is_stated(house: House, stated: bool) -> None:
    content = json.dumps(FILING | {"text": "x" * (1 << 20)}).encode()

    async def dribble() -> Any:
        for start in range(0, len(content), 1 << 16):
            yield content[start : start + (1 << 16)]

    headers = {"Authorization": f"Bearer {house.keys['enterprise']}", "Content-Type": "application/json"}
    sent: Any = content if stated else dribble()
    answer = await house.client.post("/api/v1/appeals", content=sent, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
    await still_works(house)


QUERY_VALUES = [
    "",
    "%00",
    "%ED%A0%80",
    "%FF%FE",
    "-1",
    "0",
    "1e9",
    str(2**63),
    "9" * 400,
    "NaN",
    "2026-03-09T00:00:00",
    "2026-03-09",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999-12:00",
    "9999999999",
    "true",
    "x" * 5000,
    "%27%3B%20DROP%20TABLE%20appeal",
    "..%2f..%2f",
    "%E2%80%AE",
    quote("‮🏭"),
    "1-1",
    "99999999999999999999-1",
    "9223372036854775807-999999999999999999",
    "18446744073709551616-1",
    "٣-٣",
]


async def test_no_query_breaks_a_list(house: House) -> None:
    ids = await one_of_everything(house)
    asked = [one for one in await operations(house) if one.method == "GET"]
    tried = 0
    for one in asked:
        path = one.at(ids | {"jurisdiction": "gedian"})
        who = "officer" if path == "/assignments" else "leader"
        for name in one.parameters("query") or ["nonsense"]:
            for value in QUERY_VALUES:
                in_order(await house.ask(who, "GET", f"{path}?{name}={value}"), f"{path}?{name}={value[:40]}")
                tried += 1
    assert tried > 300
    await still_works(house)


CURSORS = [
    "eyJ9",
    "W10",
    "WzEsMl0",
    "bnVsbA",
    "A",
    "=",
    "W251bGwsbnVsbF0",
    "%F0%9F%8F%AD",
    "WyIyMDI2LTAzLTAyIiwgIngiXQ",
]


@pytest.mark.parametrize("path", ["/appeals", "/appeals?order=due_at", "/assignments"])
async def test_a_bad_cursor_is_refused_by_name(house: House, path: str) -> None:
    for cursor in CURSORS:
        answer = await house.ask("officer", "GET", f"{path}{'&' if '?' in path else '?'}cursor={cursor}")
        assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "cursor"), cursor


async def test_no_path_breaks_an_operation(house: House) -> None:
    values = ["%00", "%ED%A0%80", "%FF", "..%2f..", "x" * 3000, "%E2%80%AE", "'", "%0d%0aX: y", "-", "0" * 36, "null"]
    for one in await operations(house):
        for value in values if one.parameters("path") else []:
            path = one.at(dict.fromkeys(one.parameters("path"), value))
            answer = await house.ask("leader", one.method, path, one.example, version="*")
            in_order(answer, f"{one.method} {path[:80]}")
            assert answer.status_code >= 400, path
    await still_works(house)


@pytest.mark.parametrize(
    "headers",
    [
        {b"Authorization": b"Bearer \xff\xfe"},
        {b"Authorization": b"Bearer "},
        {b"Authorization": b"Bearer bh_" + b"x" * 8000},
        {b"Authorization": b"Basic dXNlcjpwYXNz"},
        {b"Authorization": "Bearer bh_钥匙".encode()},
        {b"Authorization": b"\x00"},
        {b"Accept": b"\xff", b"Accept-Language": b"\xff"},
        {b"X-Forwarded-For": b"\xff", b"Host": b"\xff"},
    ],
)
async def test_no_header_breaks_the_service(house: House, headers: dict[bytes, bytes]) -> None:
    answer = await house.client.get("/api/v1/appeals", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)
    await still_works(house)
