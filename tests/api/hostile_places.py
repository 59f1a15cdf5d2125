"""Every place of the interface where a caller can put a value, read from its own description."""

import copy
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx

from tests.api.promises import JSON, PREFIX, Operation
from tests.hostile_values import ESCAPES, RAW, TEXTS
from tests.house import House

Path = tuple[str | int, ...]
HEADERS = ("If-Match", "Idempotency-Key", "Content-Type", "Authorization", "X-Request-Id", "X-Forwarded-For", "Accept")
LONGEST_OF_THE_CLIENT = 60_000
_MARKER = "@@here@@"

Sent = tuple[str, dict[str, Any]]
"""What is sent, in words for a failure, and the arguments of the client's request."""


def body_places(operation: Operation) -> Iterator[tuple[Path, Any]]:
    """Yield every field of a body at each depth, with a body in which it can be replaced; () is the body itself."""
    if operation.body is not None:
        yield (), operation.example
        yield from _fields(operation, operation.body, (), operation.example)


def _fields(operation: Operation, schema: dict[str, Any], path: Path, body: Any) -> Iterator[tuple[Path, Any]]:
    for name, described in schema.get("properties", {}).items():
        for choice in described.get("anyOf", [described]):
            found = operation.resolved(choice)
            here = (*path, name)
            if found.get("type") == "null":
                continue
            yield here, body
            if found.get("type") == "array":
                item = operation.resolved(found["items"])
                filled = _put(body, here, [_example(item)])
                yield (*here, 0), filled
                yield from _fields(operation, item, (*here, 0), filled)
            elif "properties" in found:
                yield from _fields(operation, found, here, _put(body, here, _example(found)))


def _example(schema: dict[str, Any]) -> Any:
    """Return an example of a schema, made of its fields where it has none."""
    if "examples" in schema:
        return schema["examples"][0]
    return {name: _example(one) for name, one in schema.get("properties", {}).items()} or "2026-03-02T09:00:00+08:00"


def replaced(body: Any, path: Path, value: Any) -> Any:
    """Return a body with a value in the place of one field, or of the whole."""
    return _put(body, path, value) if path else value


def _put(body: Any, path: Path, value: Any) -> Any:
    changed = copy.deepcopy(body)
    within = changed
    for step in path[:-1]:
        within = within[step]
    within[path[-1]] = value
    return changed


def bodies(operation: Operation) -> Iterator[tuple[str, list[Sent]]]:
    """Yield for each field every body with a hostile value in it."""
    for path, body in body_places(operation):
        marked = json.dumps(replaced(body, path, _MARKER))
        name = f"{operation.name} body {'.'.join(map(str, path))}"
        yield (
            name,
            [
                (
                    f"{name} = {raw[:60]}",
                    {"content": marked.replace(f'"{_MARKER}"', raw).encode(), "headers": {"Content-Type": JSON}},
                )
                for raw in RAW
            ],
        )


def queries(operation: Operation) -> Iterator[tuple[str, list[Sent]]]:
    """Yield for each query parameter, and for one that there is not, every hostile value."""
    for parameter in [*operation.parameters("query"), "nonsense"]:
        name = f"{operation.name} query {parameter}"
        yield name, [(f"{name} = {value[:60]}", {"query": f"{parameter}={value}"}) for value in _encoded()]


def paths(operation: Operation) -> Iterator[tuple[str, list[Sent]]]:
    """Yield for each path parameter every hostile value."""
    for parameter in operation.parameters("path"):
        name = f"{operation.name} path {parameter}"
        yield name, [(f"{name} = {value[:60]}", {"path": {parameter: value}}) for value in _encoded()]


def headers(operation: Operation) -> Iterator[tuple[str, list[Sent]]]:
    """Yield for each header every hostile value."""
    for header in HEADERS:
        name = f"{operation.name} header {header}"
        values = [text.encode("utf-8", "replace") for text in TEXTS]
        yield name, [(f"{name} = {value[:60]!r}", {"headers": {header: value}}) for value in values]


def _encoded() -> list[str]:
    return [one for one in (*(quote(text, safe="") for text in TEXTS), *ESCAPES) if len(one) < LONGEST_OF_THE_CLIENT]


async def send(
    house: House, who: str, operation: Operation, ids: dict[str, str], what: dict[str, Any]
) -> httpx.Response:
    """Send one operation with one value in the place of an honest one."""
    path = operation.at(ids | what.get("path", {})) + (f"?{what['query']}" if "query" in what else "")
    content = what.get("content")
    if content is None and operation.body is not None:
        content = json.dumps(operation.example).encode()
    sent: dict[str, Any] = {"Authorization": f"Bearer {house.keys[who]}", "If-Match": "*", "Content-Type": JSON}
    sent |= what.get("headers", {})
    as_bytes = [(name.encode(), one if isinstance(one, bytes) else one.encode()) for name, one in sent.items()]
    return await house.client.request(operation.method, f"{PREFIX}{path}", content=content, headers=as_bytes)
