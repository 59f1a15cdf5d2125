"""What stands before every operation: headers, rate limits, and the gates through which a request must come."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.bodies import BodyGate
from app.api.problems import problem, problem_of
from app.api.rate_limits import RateLimits, Rates
from app.api.rate_limits_addresses import Networks
from app.domain.errors import Fault, Invalid
from app.domain.readable import is_readable_line

LONGEST_PATH: Final = 2_048
LONGEST_QUERY: Final = 8_192
MOST_PARAMETERS: Final = 100
LONGEST_HEADER: Final = 255
ONCE: Final = {
    name.lower().encode(): name
    for name in ("Authorization", "Content-Length", "Content-Type", "Host", "Idempotency-Key", "If-Match")
}
CHECKED: Final = frozenset({b"content-type", b"idempotency-key", b"if-match"})
"""What operations read of a request's head; the key in Authorization is looked up by its digest alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """How the service may be reached. Without rates nobody is limited; without proxies none is believed."""

    rates: Rates | None = None
    trusted_proxies: Networks = ()
    behind_tls: bool = False


OPEN_EDGE: Final = Edge()
UPLOADS: Final = re.compile(r"/api/v1/appeals/[^/]+/attachments")
"""Files are received piece by piece, and counted, by their own route."""
_PRINTABLE = re.compile(rb"[\x20-\x7e]*")


def harden(app: FastAPI, edge: Edge, *, max_body_bytes: int) -> None:
    """Put the gates in front of an application: rates first, a request's head before its body."""
    app.state.behind_tls = edge.behind_tls
    app.state.trusted_proxies = edge.trusted_proxies
    app.state.max_body_bytes = max_body_bytes
    app.add_middleware(BodyGate, most=max_body_bytes, streamed=UPLOADS)
    app.add_middleware(RequestGate)
    if edge.rates is not None:
        app.add_middleware(RateLimits, rates=edge.rates, trusted_proxies=edge.trusted_proxies)


class RequestGate:
    """Refuses what no operation could read: a path, a query or headers that are no text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request by its head or hand it on."""
        refusal = _refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)


def _refusal(scope: Scope) -> ASGIApp | None:
    fault = _path_fault(scope) or _query_fault(scope["query_string"])
    if fault is not None:
        return problem(400, "unreadable-request", "请求无法读取", fault)
    header = _header_fault(scope["headers"])
    return None if header is None else problem_of(Invalid("请按下列说明改正后重新提交。", header))


def _path_fault(scope: Scope) -> str | None:
    path = scope.get("raw_path") or scope["path"].encode()
    if len(path) > LONGEST_PATH or not _is_text(path):
        return "请求路径过长，或者含有控制字符或不是 UTF-8 编码，请核对地址。"
    return None


def _query_fault(query: bytes) -> str | None:
    if len(query) > LONGEST_QUERY or query.count(b"&") >= MOST_PARAMETERS:
        return "查询参数过多或过长，请减少后重试。"
    return None if _is_text(query) else "查询参数含有控制字符或不是 UTF-8 编码，请核对后重试。"


def _header_fault(headers: Iterable[tuple[bytes, bytes]]) -> Fault | None:
    seen = set()
    for name, value in headers:
        if name not in ONCE:
            continue
        if name in seen:
            return Fault(ONCE[name], "这个请求头出现了两次，请只保留一个")
        seen.add(name)
        if name in CHECKED and (len(value) > LONGEST_HEADER or not _PRINTABLE.fullmatch(value)):
            return Fault(ONCE[name], f"应为至多{LONGEST_HEADER}个可打印的 ASCII 字符")
    return None


def _is_text(escaped: bytes) -> bool:
    try:
        return is_readable_line(unquote_to_bytes(escaped).decode())
    except UnicodeDecodeError:
        return False
