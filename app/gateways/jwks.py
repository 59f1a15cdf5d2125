"""The public keys of an identity provider: discovered, fetched, kept, and never asked for more often than is decent."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

FETCH_SECONDS = 3.0
"""For discovery and keys together, however slowly they drip."""
MOST_BYTES = 262_144
MOST_KEYS = 50
FRESH_FOR = timedelta(hours=1)
PAUSE = timedelta(seconds=30)
"""Between two attempts, whatever asks for them: unknown key ids are free to make up."""
STALE_FOR = timedelta(hours=24)
"""How long known keys go on while the provider is down."""
DISCOVERY = "/.well-known/openid-configuration"
LOOPBACK = ("127.0.0.1", "::1", "localhost")

logger = logging.getLogger("bihuan.identity")


class ProviderUnusable(Exception):
    """The provider did not answer in time, or not with what it should."""


def is_safe_url(url: str) -> bool:
    """Tell whether keys may be fetched there: by https, or from this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


@dataclass(slots=True)
class ProviderKeys:
    """The keys of one issuer by key id, as public JWKs."""

    issuer: str
    keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def key(self, kid: str, *, now: datetime) -> Mapping[str, Any] | None:
        """Return the key of an id; None if the provider has none, or has been silent for too long."""
        if self._is_wanted(kid, now):
            async with self.turn:
                # Whoever waited finds what the first has fetched.
                if self._is_wanted(kid, now):
                    await self._refresh(now)
        usable = self.fetched_at is not None and now - self.fetched_at < STALE_FOR
        return self.keys.get(kid) if usable else None

    def _is_wanted(self, kid: str, now: datetime) -> bool:
        if self.tried_at is not None and now - self.tried_at < PAUSE:
            return False
        return self.fetched_at is None or now - self.fetched_at >= FRESH_FOR or kid not in self.keys

    async def _refresh(self, now: datetime) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                self.keys = await _fetch(self.issuer)
            self.fetched_at = now
        except (ProviderUnusable, TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            logger.warning("identity provider unusable: %s", type(error).__name__)
        finally:
            # Only now: whoever comes meanwhile waits for what is being fetched.
            self.tried_at = now


async def _fetch(issuer: str) -> Mapping[str, Mapping[str, Any]]:
    async with httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=FETCH_SECONDS) as client:
        described = await _read(client, issuer.rstrip("/") + DISCOVERY)
        if described.get("issuer") != issuer:
            raise ProviderUnusable("issuer")
        return _by_id(await _read(client, str(described.get("jwks_uri", ""))))


async def _read(client: httpx.AsyncClient, url: str) -> Mapping[str, Any]:
    """Read a JSON object of bounded size; a redirect is not followed, so keys come from nowhere else."""
    if not is_safe_url(url):
        raise ProviderUnusable("url")
    body = bytearray()
    async with client.stream(
        "GET", url, headers={"Accept": "application/json", "Accept-Encoding": "identity"}
    ) as answer:
        if answer.status_code != httpx.codes.OK:
            raise ProviderUnusable("status")
        async for part in answer.aiter_raw():
            body += part
            if len(body) > MOST_BYTES:
                raise ProviderUnusable("size")
    return _object(bytes(body))


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ProviderUnusable("json") from error
    if not isinstance(read, dict):
        raise ProviderUnusable("shape")
    return read


def _by_id(read: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the signing keys by id; keys without an id, secret ones and those for encryption are left out."""
    listed = read.get("keys")
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ProviderUnusable("keys")
    return {one["kid"]: one for one in listed if isinstance(one, dict) and _is_signing_key(one)}


def _is_signing_key(one: Mapping[str, Any]) -> bool:
    return isinstance(one.get("kid"), str) and one.get("kty") in ("RSA", "EC", "OKP") and one.get("use", "sig") == "sig"
