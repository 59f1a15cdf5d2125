"""The one way out of the service: names resolved here, every address checked, and an end to everything in time."""

import asyncio
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from time import monotonic

import httpx

from app.domain.egress import PORTS, Address, Networks, Target, checked_url, refusal_of_target
from app.domain.errors import Invalid
from app.gateways.egress_failures import EgressBlocked, EgressFailed, kind_of
from app.gateways.egress_names import Resolver, resolve
from app.gateways.egress_sockets import closed_at_the_end

METHODS = frozenset({"GET", "POST"})
MOST_ADDRESSES = 4
MOST_SHOWN = 200
"""Characters of a header of the answer."""
SHOWN = ("retry-after", "content-type")
OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "upgrade", "expect"})
"""Headers that frame the message, or choose the receiver: not for callers to set."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?|")


@dataclass(frozen=True)
class Answer:
    """What came back, redirects and refusals alike; `excerpt` is the body as sent, not unpacked."""

    status: int
    headers: Mapping[str, str]
    excerpt: bytes
    milliseconds: int


@dataclass(frozen=True)
class Egress:
    """Sends to public addresses and to allowed networks, within `total` seconds and `cap` bytes of body."""

    allowed: Networks = field(default_factory=Networks)
    total: float = 15.0
    cap: int = 65_536
    resolver: Resolver = resolve
    tls: ssl.SSLContext = field(default_factory=lambda: httpx.create_ssl_context(trust_env=False))

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Send one request; EgressBlocked if it may not leave, EgressFailed if no whole answer came."""
        begun = monotonic()
        target = self._checked(method, url, headers)
        try:
            async with asyncio.timeout(self.total):
                return await self._to_any(target, method, headers, body, begun)
        except (EgressBlocked, EgressFailed):
            raise
        except Exception as error:
            # Whatever a receiver brings about is a failed attempt, also what nobody has thought of.
            raise EgressFailed(kind_of(error)) from error

    def _checked(self, method: str, url: str, headers: Mapping[str, str]) -> Target:
        if method not in METHODS or not all(map(_is_header, headers.items())):
            raise EgressBlocked("请求的方法或请求头不能使用；请联系系统管理员。")
        try:
            return checked_url(url, self.allowed)
        except Invalid as refused:
            raise EgressBlocked(refused.faults[0].reason) from refused

    async def _to_any(
        self, target: Target, method: str, headers: Mapping[str, str], body: bytes, begun: float
    ) -> Answer:
        """Try the addresses in turn: one that cannot be connected to has been told nothing."""
        addresses = await self._addresses(target)
        patience = httpx.Timeout(self.total, connect=self.total / len(addresses))
        for address in addresses[:-1]:
            try:
                return await self._exchange(_request(target, address, method, headers, body), patience, begun)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._exchange(_request(target, addresses[-1], method, headers, body), patience, begun)

    async def _addresses(self, target: Target) -> Sequence[Address]:
        """Return where to connect to; one bad address among good ones blocks them all."""
        found = [target.address] if target.address else await _resolved(self.resolver, target)
        for address in found:
            refused = refusal_of_target(target, address, self.allowed)
            if refused:
                raise EgressBlocked(refused)
        return found[:MOST_ADDRESSES]

    async def _exchange(self, request: httpx.Request, patience: httpx.Timeout, begun: float) -> Answer:
        # A client for each call: no connection, cookie or credential is there for the next owner to meet.
        async with (
            closed_at_the_end() as trace,
            httpx.AsyncClient(verify=self.tls, trust_env=False, timeout=patience) as client,
        ):
            request.extensions.update(timeout=patience.as_dict(), trace=trace)
            answer = await client.send(request, stream=True, follow_redirects=False)
            try:
                excerpt = await self._read(answer)
            finally:
                await answer.aclose()
        shown = {name: answer.headers[name][:MOST_SHOWN] for name in SHOWN if name in answer.headers}
        return Answer(answer.status_code, shown, excerpt, round((monotonic() - begun) * 1000))

    async def _read(self, answer: httpx.Response) -> bytes:
        """Read the body as it was sent, so that what unpacks to more stays small."""
        body = bytearray()
        async for part in answer.aiter_raw():
            body += part
            if len(body) > self.cap:
                raise EgressFailed("too-large", status=answer.status_code)
        return bytes(body)


def _is_header(header: tuple[str, str]) -> bool:
    name, value = header
    return bool(_NAME.fullmatch(name) and _VALUE.fullmatch(value)) and name.lower() not in OURS


async def _resolved(resolver: Resolver, target: Target) -> list[Address]:
    try:
        found = [ip_address(one) for one in await resolver(target.host, target.port)]
    except (OSError, ValueError) as error:
        raise EgressFailed("timeout" if isinstance(error, TimeoutError) else "name") from error
    if not found:
        raise EgressFailed("name")
    return found


def _request(target: Target, address: Address, method: str, headers: Mapping[str, str], body: bytes) -> httpx.Request:
    """Address a request to one address; the name stays in the Host header and in what TLS is checked against."""
    place = f"[{IPv6Address(int(address))}]" if isinstance(address, IPv6Address) else str(address)
    host = target.host if target.port == PORTS[target.scheme] else f"{target.host}:{target.port}"
    ours = {"User-Agent": "Bihuan", "Host": host, "Accept-Encoding": "identity", "Connection": "close"}
    return httpx.Request(
        method,
        f"{target.scheme}://{place}:{target.port}{target.path}",
        headers={**{name.lower(): value for name, value in headers.items()}, **ours},
        content=body,
        extensions={} if target.address else {"sni_hostname": target.host},
    )
