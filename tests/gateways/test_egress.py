"""The way out: nothing inside is reached, and no receiver holds a call or fills the memory."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.egress import Networks
from app.gateways import egress
from app.gateways.egress import Answer, Egress
from app.gateways.egress_failures import EgressBlocked, EgressFailed
from app.gateways.egress_sockets import Trace
from tests.gateways.hostile_receiver import BEHAVIOURS, UNPACKED, Receiver, receiver

HERE = Networks.of("127.0.0.0/8")
OFFICE = Networks.of("10.0.0.0/8")
NAME = "hook.example.com"
SPELLINGS = (
    "127.0.0.1 127.0.0.2 127.1 127.0.1 2130706433 0x7f.1 0x7f000001 0x7f.0x0.0x0.0x1 0177.0.0.1 017700000001 "
    "127.0.0.01 127.0.0.1. 0.0.0.0 0 localhost LocalHost localhost. a.localhost a.local a.internal "
    "[::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] "
    "[2002:7f00:1::] [fe80::1%25lo] user@127.0.0.1 10.0.0.1@127.0.0.1 10.0.0.1\\@127.0.0.1 10.0.0.1#@127.0.0.1 "
    "１２７.0.0.1 ①②⑦.0.0.1 127。0。0。1 %31%32%37.0.0.1 127.0.0.1%00.example.com ./127.0.0.1"
)


class Names:
    """A resolver that gives one answer after another, and counts."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, *_: object) -> Sequence[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


@pytest.fixture
async def canary() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


async def _outcome(sender: Egress, url: str, method: str = "POST") -> Answer | str:
    try:
        return await sender.send(method, url, {}, b"{}")
    except EgressFailed as failed:
        return failed.kind
    except EgressBlocked:
        return "blocked"


# -- What may be reached


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_no_spelling_of_this_machine_is_reached(canary: Receiver, scheme: str) -> None:
    names = Names(["127.0.0.1"])
    for allowed in (Networks(), OFFICE):
        sender = Egress(allowed, total=1, resolver=names)
        for host in (*SPELLINGS.split(), NAME):
            assert await _outcome(sender, f"{scheme}://{host}:{canary.port}/") == "blocked", host
    assert canary.connections == 0


async def test_without_the_check_the_canary_is_reached(canary: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "refusal_of_target", lambda *_: None)
    assert isinstance(await _outcome(Egress(OFFICE, resolver=Names(["127.0.0.1"])), _url(canary, NAME)), Answer)
    assert canary.connections == 1


async def test_an_allowed_network_is_reached(canary: Receiver) -> None:
    answer = await Egress(HERE).send("POST", _url(canary) + "a?b=1", {"X-Kind": "test"}, b"{}")
    assert (answer.status, answer.excerpt, answer.headers) == (200, b"ok", {"content-type": "text/plain"})
    assert 0 <= answer.milliseconds < 1_000
    (asked,) = canary.requests
    assert asked.startswith("POST /a?b=1 HTTP/1.1\r\n")
    for header in (f"Host: 127.0.0.1:{canary.port}", "Accept-Encoding: identity", "x-kind: test", "Content-Length: 2"):
        assert f"\r\n{header}\r\n".lower() in asked.lower()


async def test_a_name_is_asked_for_once_and_connected_to_where_it_was_checked(canary: Receiver) -> None:
    names = Names(["127.0.0.2"], ["127.0.0.1"])
    sender = Egress(Networks.of("127.0.0.2/32"), total=1, resolver=names)
    async with receiver("127.0.0.2", canary.port) as checked:
        assert isinstance(await _outcome(sender, _url(canary, NAME)), Answer)
        assert (names.asked, checked.connections) == (1, 1)
        assert f"\r\nhost: {NAME}:{canary.port}\r\n" in checked.requests[0].lower()
        assert await _outcome(sender, _url(canary, NAME)) == "blocked"
    assert canary.connections == 0


async def test_a_name_asked_for_again_when_connecting_would_be_rebound(canary: Receiver) -> None:
    names, sender = Names(["127.0.0.2"], ["127.0.0.1"]), Egress(Networks.of("127.0.0.2/32"))
    assert (await names(NAME, canary.port))[0] == "127.0.0.2"
    with contextlib.suppress(EgressBlocked):
        await sender.send("GET", _url(canary, (await names(NAME, canary.port))[0]), {})
    assert canary.connections == 0
    async with httpx.AsyncClient() as client:
        await client.get(_url(canary, (await names(NAME, canary.port))[0]))
    assert canary.connections == 1


@pytest.mark.parametrize("bad", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1%lo"])
async def test_one_bad_address_among_good_ones_blocks_them_all(canary: Receiver, bad: str) -> None:
    sender = Egress(Networks.of("127.0.0.2/32"), total=1, resolver=Names(["127.0.0.2", bad]))
    assert await _outcome(sender, _url(canary, NAME)) == "blocked"
    assert canary.connections == 0


async def test_the_next_address_is_tried_where_one_refuses(canary: Receiver) -> None:
    sender = Egress(HERE, total=1, resolver=Names(["127.0.0.2", "127.0.0.1"]))
    assert isinstance(await _outcome(sender, _url(canary, NAME)), Answer)
    assert canary.connections == 1


async def test_a_name_without_addresses_is_a_failure_of_the_name() -> None:
    async def fails(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    async def hangs(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(5)
        return []

    for resolver, kind in ((fails, "name"), (Names([]), "name"), (Names(["junk"]), "name"), (hangs, "timeout")):
        assert await _outcome(Egress(total=0.2, resolver=resolver), f"https://{NAME}/") == kind


async def test_the_systems_own_resolver_is_asked_by_default(canary: Receiver) -> None:
    assert list(await egress.resolve("127.0.0.1", canary.port)) == ["127.0.0.1"]


async def test_the_environment_names_no_proxy(canary: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiver() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        async with httpx.AsyncClient() as trusting:
            await trusting.get(_url(canary))
        assert (proxy.connections, canary.connections) == (1, 0)
        await Egress(HERE).send("GET", _url(canary), {})
        assert (proxy.connections, canary.connections) == (1, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [("X", "a\r\nY: b"), ("X", "a\nb"), ("X", "a\0b"), ("X\r\nY", "b"), ("X Y", "b"), ("", "b"), ("X:", "b"),
     ("X", "中"), ("X", " a"), ("X", "a\n"), ("Host", "10.0.0.1"), ("transfer-encoding", "chunked"),
     ("Content-Length", "0"), ("Accept-Encoding", "gzip"), ("Connection", "upgrade")],
)  # fmt: skip
async def test_headers_that_break_or_frame_the_message_are_refused(canary: Receiver, name: str, value: str) -> None:
    with pytest.raises(EgressBlocked):
        await Egress(HERE).send("POST", _url(canary), {name: value}, b"{}")
    assert canary.connections == 0


async def test_only_two_methods_leave(canary: Receiver) -> None:
    for method in ("CONNECT", "get", "GET / HTTP/1.1\r\nX: 1\r\n\r\nGET", ""):
        assert await _outcome(Egress(HERE), _url(canary), method) == "blocked"
    assert canary.connections == 0


# -- What receivers may do

EXPECTED = {
    "reset": "reset", "nothing": "protocol", "never": "timeout", "drip-headers": "timeout", "drip-body": "timeout",
    "endless-1xx": "timeout", "redirect": 302, "bomb": 200, "big": "too-large", "full": 200, "junk": "protocol",
    "wide-header": "protocol", "bad-header": "protocol", "cut-short": "protocol", "later": 429, "well": 200,
}  # fmt: skip


async def test_every_behaviour_ends_in_time_and_stays_small(canary: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    read = _counted(monkeypatch)
    assert set(BEHAVIOURS) < set(EXPECTED)
    sender = Egress(HERE, total=1)

    async def attempt(path: str) -> tuple[str, Answer | str, float]:
        begun = monotonic()
        return path, await _outcome(sender, _url(canary) + path), monotonic() - begun

    done = await asyncio.gather(*map(attempt, EXPECTED))
    assert {path: one if isinstance(one, str) else one.status for path, one, _ in done} == EXPECTED
    assert max(seconds for _, _, seconds in done) < 2
    assert canary.connections == len(EXPECTED), "no redirect was followed, nothing was tried twice"
    sizes = {path: len(one.excerpt) for path, one, _ in done if isinstance(one, Answer)}
    assert sizes["full"] == 65_536
    assert 0 < sizes["bomb"] < UNPACKED / 100
    assert max(read.values()) <= 2 * 65_536, "the cap, and the one read that went over it"


async def test_what_is_told_of_an_answer_is_short(canary: Receiver) -> None:
    answer = await Egress(HERE).send("POST", _url(canary) + "later", {})
    assert answer.headers == {"retry-after": "9" * 200}


async def test_an_answer_that_grows_too_large_still_tells_its_status(canary: Receiver) -> None:
    with pytest.raises(EgressFailed) as failed:
        await Egress(HERE, cap=1).send("POST", _url(canary), {})
    assert (failed.value.kind, failed.value.status) == ("too-large", 200)


async def test_nobody_listening_is_refused() -> None:
    assert await _outcome(Egress(HERE, total=1), "http://127.0.0.1:1/") == "refused"
    try:
        raise ssl.SSLError
    except ssl.SSLError:
        assert await _outcome(Egress(HERE, total=1), "http://127.0.0.1:1/") == "refused", "not what came before"


async def test_without_the_total_time_a_drip_holds_longer(canary: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "asyncio", SimpleNamespace(timeout=contextlib.nullcontext))
    begun = monotonic()
    paths = ("drip-headers", "drip-body", "endless-1xx")
    await asyncio.gather(*(_outcome(Egress(HERE, total=1), _url(canary) + path) for path in paths))
    assert monotonic() - begun > 2


async def test_unpacked_the_bomb_would_be_large(canary: Receiver) -> None:
    async with httpx.AsyncClient() as unpacking:
        assert len((await unpacking.get(_url(canary) + "bomb")).content) == UNPACKED


async def test_a_call_that_is_called_off_ends_as_called_off(canary: Receiver) -> None:
    task = asyncio.create_task(Egress(HERE).send("POST", _url(canary) + "never", {}))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# -- TLS


@pytest.fixture
async def secured(tmp_path: Path) -> AsyncIterator[tuple[Receiver, ssl.SSLContext]]:
    """A receiver with a certificate for the name, and what trusts it."""
    path = _certificate(tmp_path, NAME)
    own = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    own.load_cert_chain(path)
    async with receiver(tls=own) as made:
        yield made, ssl.create_default_context(cafile=str(path))


async def test_tls_is_checked_against_the_name(secured: tuple[Receiver, ssl.SSLContext]) -> None:
    there, trusting = secured
    sender = Egress(HERE, total=2, resolver=Names(["127.0.0.1"]), tls=trusting)
    assert isinstance(await _outcome(sender, f"https://{NAME}:{there.port}/"), Answer)
    for host in ("other.example.com", "127.0.0.1"):
        assert await _outcome(sender, f"https://{host}:{there.port}/") == "tls"
    assert len(there.requests) == 1


async def test_a_certificate_that_nobody_vouches_for_is_not_taken(secured: tuple[Receiver, ssl.SSLContext]) -> None:
    sender = Egress(HERE, total=2, resolver=Names(["127.0.0.1"]))
    assert await _outcome(sender, f"https://{NAME}:{secured[0].port}/") == "tls"
    assert secured[0].requests == []


async def test_what_does_not_speak_tls_fails_in_time(canary: Receiver) -> None:
    begun = monotonic()
    assert await _outcome(Egress(HERE, total=0.5), _url(canary).replace("http:", "https:")) == "timeout"
    assert monotonic() - begun < 1.5
    await asyncio.sleep(0.1)
    assert (canary.connections, canary.ended) == (1, 1), "no connection is left behind"


async def test_a_handshake_that_is_broken_off_would_stay_open(
    canary: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []

    @contextlib.asynccontextmanager
    async def only_seen() -> AsyncIterator[Trace]:
        async def trace(event: str, details: Mapping[str, Any]) -> None:
            opened.extend([details["return_value"]] if event == "connection.connect_tcp.complete" else [])

        yield trace

    monkeypatch.setattr(egress, "closed_at_the_end", only_seen)
    assert await _outcome(Egress(HERE, total=0.5), _url(canary).replace("http:", "https:")) == "timeout"
    await asyncio.sleep(0.1)
    assert canary.ended == 0
    await opened[0].aclose()


def _url(there: Receiver, host: str = "127.0.0.1") -> str:
    return f"http://{host}:{there.port}/"


def _counted(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """Count the bytes of body that each answer is read for."""
    read: dict[int, int] = {}
    answers: list[httpx.Response] = []
    whole = httpx.Response.aiter_raw

    async def counting(answer: httpx.Response) -> AsyncIterator[bytes]:
        answers.append(answer)
        async for part in whole(answer):
            read[id(answer)] = read.get(id(answer), 0) + len(part)
            yield part

    monkeypatch.setattr(httpx.Response, "aiter_raw", counting)
    return read


def _certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    named, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
