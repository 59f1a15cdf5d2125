"""What the interface description promises, operation by operation, and one appeal to try all of it on."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from tests.files import PDF
from tests.house import LEAD, SUBSTANTIVE, House, clock_of, lead_of

PREFIX = "/api/v1"
JSON = "application/json"
FORM = "multipart/form-data"
NOWHERE = str(UUID(int=7))
UNKNOWN = {
    "number": "GD-20260302-999999",
    "assignment_id": NOWHERE,
    "reply_id": NOWHERE,
    "supervision_id": NOWHERE,
    "clock_id": NOWHERE,
    "attachment_id": NOWHERE,
}
"""Well-formed identifiers of nothing."""
ELSEWHERE = {
    **dict.fromkeys(("key_id", "session_id", "account_id", "identity_id", "enterprise_id", "subscription_id"), NOWHERE),
    "publication_id": NOWHERE,
    "region": "CN",
    "year": "2026",
}
"""What paths name beside appeals."""


@dataclass(frozen=True)
class Operation:
    """One operation as the interface description names it."""

    method: str
    path: str
    spec: dict[str, Any]
    document: dict[str, Any]

    @property
    def name(self) -> str:
        """The operation id."""
        return str(self.spec.get("operationId", f"{self.method} {self.path}"))

    @property
    def is_open(self) -> bool:
        """Whether nobody needs a key for it."""
        return not self.spec.get("security")

    def parameters(self, place: str) -> list[str]:
        """Return the names of the parameters in `path`, `query` or `header`."""
        return [str(one["name"]) for one in self.spec.get("parameters", []) if one["in"] == place]

    @property
    def body(self) -> dict[str, Any] | None:
        """The schema of the request body, be it JSON or a form; None if it takes none."""
        content = self.spec.get("requestBody", {}).get("content")
        return None if content is None else self.resolved(content[JSON if self.takes_json else FORM]["schema"])

    @property
    def takes_json(self) -> bool:
        """Whether the request body is JSON."""
        return JSON in self.spec.get("requestBody", {}).get("content", {})

    @property
    def example(self) -> Any:
        """The example of the request body; None if it takes none."""
        return None if self.body is None else self.body["examples"][0]

    @property
    def answer(self) -> dict[str, Any] | None:
        """The schema of the answer that tells of success; None where it is a table and no JSON."""
        (code,) = [code for code in self.spec["responses"] if code in ("200", "201")]
        content = self.spec["responses"][code]["content"]
        return self.resolved(content[JSON]["schema"]) if JSON in content else None

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Follow a reference."""
        if "$ref" not in schema:
            return schema
        found: dict[str, Any] = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return found

    def at(self, ids: dict[str, str]) -> str:
        """Return the path without its prefix, filled with identifiers."""
        return self.path.removeprefix(PREFIX).format(**{**ELSEWHERE, **ids})


_described: dict[str, Any] = {}
"""The interface description, which is the same in every house and takes a while to make."""


async def operations(house: House) -> list[Operation]:
    """Return every operation of the interface."""
    if not _described:
        _described.update((await house.client.get(f"{PREFIX}/openapi.json")).json())
    document = _described
    return [
        Operation(method.upper(), path, spec, document)
        for path, methods in document["paths"].items()
        for method, spec in methods.items()
    ]


async def about_an_appeal(house: House) -> list[Operation]:
    """Return the operations that name one appeal, or something that belongs to one."""
    return [one for one in await operations(house) if set(one.parameters("path")) & set(UNKNOWN)]


async def one_of_everything(house: House) -> dict[str, str]:
    """Bring an appeal so far that it has an assignment, a draft reply, an order and a file; return their ids."""
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    reply = (await house.do("officer", f"/assignments/{assignment}/replies", SUBSTANTIVE))["reply_id"]
    house.go_to("2026-03-11")
    await house.sweep()
    order = (await house.items(f"/appeals/{number}/supervisions"))[-1]
    case = await house.read(number)
    assert (order["rung"], lead_of(case), case["lead_department"]) == (2, assignment, LEAD)
    clock = clock_of(case, "handling")["id"]
    attachment = await _attachment(house, number)
    ids = (number, assignment, reply, order["id"], clock, attachment)
    return dict(zip(UNKNOWN, ids, strict=True))


async def _attachment(house: House, number: str) -> str:
    answer = await house.client.post(
        f"{PREFIX}/appeals/{number}/attachments",
        files={"file": ("凭证017.pdf", PDF)},
        data={"purpose": "evidence"},
        headers={"Authorization": f"Bearer {house.keys['enterprise']}"},
    )
    return str(answer.json()["id"])


async def send(
    house: House, who: str | None, operation: Operation, ids: dict[str, str], body: Any = None
) -> httpx.Response:
    """Ask one operation with its own example, or with another body."""
    sent = operation.example if body is None else body
    version = None if operation.method == "GET" else "*"
    return await house.ask(who, operation.method, operation.at(ids), sent, version=version)
