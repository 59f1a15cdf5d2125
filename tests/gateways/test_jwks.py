"""Fetching a provider's keys: rarely, boundedly, and never from anywhere else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from time import monotonic

import pytest

from app.gateways import jwks
from app.gateways.jwks import ProviderKeys, is_safe_url
from tests.house import MONDAY as NOW
from tests.provider import Provider, provider, public_jwk

BAD_MOODS = ("redirecting", "slow", "endless", "nonsense", "failing")


@pytest.fixture
async def idp(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Provider]:
    """A provider, and less patience."""
    monkeypatch.setattr(jwks, "FETCH_SECONDS", 0.3)
    async with provider() as made:
        yield made


async def test_keys_are_fetched_once_and_kept_for_an_hour(idp: Provider) -> None:
    keys = ProviderKeys(idp.issuer)
    found = await asyncio.gather(*(keys.key(kid, now=NOW) for kid in ("rsa", "ec", "ed") * 5))
    assert [one["kid"] for one in found[:3] if one] == ["rsa", "ec", "ed"]
    await keys.key("rsa", now=NOW + timedelta(hours=1, microseconds=-1))
    assert idp.asked == ["/.well-known/openid-configuration", "/jwks"]
    await keys.key("rsa", now=NOW + timedelta(hours=1))
    assert len(idp.asked) == 4


async def test_an_unknown_key_id_asks_again_but_not_every_time(idp: Provider) -> None:
    keys = ProviderKeys(idp.issuer)
    await keys.key("rsa", now=NOW)
    for number in range(20):
        assert await keys.key(f"made-up-{number}", now=NOW + timedelta(seconds=29)) is None
    assert len(idp.asked) == 2
    idp.keys.append(public_jwk("rsa") | {"kid": "new"})
    assert await keys.key("new", now=NOW + timedelta(seconds=30)) is not None
    assert len(idp.asked) == 4


@pytest.mark.parametrize("mood", BAD_MOODS)
async def test_known_keys_go_on_for_a_day_while_the_provider_is_unusable(idp: Provider, mood: str) -> None:
    keys = ProviderKeys(idp.issuer)
    await keys.key("rsa", now=NOW)
    idp.mood = mood
    begun = monotonic()
    assert await keys.key("rsa", now=NOW + timedelta(hours=23)) is not None
    assert monotonic() - begun < 1.5
    assert len(idp.asked) == 3, "no redirect was followed"
    assert await keys.key("rsa", now=NOW + timedelta(hours=24)) is None
    idp.mood = "well"
    assert await keys.key("rsa", now=NOW + timedelta(hours=25)) is not None


async def test_a_provider_that_is_down_gives_no_keys_and_is_not_hammered() -> None:
    keys = ProviderKeys("http://127.0.0.1:1")
    for seconds in range(30):
        assert await keys.key("rsa", now=NOW + timedelta(seconds=seconds)) is None
    assert keys.tried_at == NOW


@pytest.mark.parametrize(
    "described",
    [{"issuer": "https://other.test"}, {"jwks_uri": "http://10.0.0.1/jwks"}, {"jwks_uri": "file:///etc/passwd"},
     {"jwks_uri": None}, {"jwks_uri": ["x"]}, {"jwks_uri": "https://[::1"}],
)  # fmt: skip
async def test_keys_come_only_from_where_the_issuer_itself_says(idp: Provider, described: dict[str, object]) -> None:
    idp.described = described
    assert await ProviderKeys(idp.issuer).key("rsa", now=NOW) is None
    assert "/jwks" not in idp.asked


async def test_only_public_signing_keys_with_an_id_count(idp: Provider) -> None:
    good = public_jwk("rsa")
    idp.keys = [
        good,
        {**good, "kid": "encrypting", "use": "enc"},
        {"kty": "oct", "kid": "secret", "k": "c2VjcmV0"},
        {**good, "kid": 7},
        {name: value for name, value in good.items() if name != "kid"},
        "rsa",
    ]
    keys = ProviderKeys(idp.issuer)
    await keys.key("rsa", now=NOW)
    assert list(keys.keys) == ["rsa"]
    idp.keys = [good] * 51
    await keys.key("x", now=NOW + timedelta(minutes=1))
    assert (list(keys.keys), keys.fetched_at) == (["rsa"], NOW)


@pytest.mark.parametrize(
    ("url", "safe"),
    [("https://sso.test/x", True), ("http://127.0.0.1:8080/x", True), ("http://localhost", True),
     ("http://sso.test", False), ("ftp://sso.test", False), ("https://", False), ("", False),
     ("https://[::1", False), ("http://127.0.0.1.evil.test", False)],
)  # fmt: skip
def test_keys_travel_by_https_or_not_at_all(url: str, safe: bool) -> None:
    assert is_safe_url(url) is safe
