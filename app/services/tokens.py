"""Access tokens of an OpenID Connect provider: who somebody is, and nothing about what it may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, Protocol

import jwt
from cryptography.exceptions import UnsupportedAlgorithm

LONGEST_TOKEN = 8_192
LONGEST_SUBJECT = 255
LEEWAY = timedelta(seconds=60)
KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
"""The type of key that each family of algorithms needs."""
FOREIGN_KEYS = ("jku", "x5u", "jwk", "x5c", "crit")
"""Headers by which a token would bring its own key, or asks for what we do not know."""
TOKEN_TYPES = ("jwt", "at+jwt", "application/at+jwt")
REQUIRED = ["iss", "aud", "exp", "iat", "sub"]
UNREADABLE = (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError, KeyError, RecursionError)


class KeySource(Protocol):
    """Where public keys come from."""

    async def key(self, kid: str, *, now: datetime) -> Mapping[str, Any] | None:
        """Return the key of an id, or None."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a token names, and until when it does."""

    issuer: str
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """Reads tokens of one issuer for one audience; the algorithms are ours to choose, never the token's."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...]
    subject_claim: str
    keys: KeySource
    decoder: jwt.PyJWT = field(default_factory=jwt.PyJWT)

    async def subject(self, token: str, *, now: datetime) -> Subject | None:
        """Return whom a token names; None for every token that is not good, whatever is wrong with it."""
        header = self._header(token)
        key = None if header is None else await self.keys.key(header["kid"], now=now)
        if header is None or key is None or not _fits(key, header["alg"]):
            return None
        claims = self._claims(token, key, header["alg"])
        return None if claims is None else self._named(claims, now)

    def _header(self, token: str) -> Mapping[str, Any] | None:
        """Return the header of a token that may go on; it has not been proven yet."""
        if len(token) > LONGEST_TOKEN or token.count(".") != 2:
            return None
        try:
            header = jwt.get_unverified_header(token)
        except UNREADABLE:
            return None
        return header if self._is_acceptable(header) else None

    def _is_acceptable(self, header: Mapping[str, Any]) -> bool:
        return (
            header.get("alg") in self.algorithms
            and isinstance(header.get("kid"), str)
            and str(header.get("typ", "JWT")).lower() in TOKEN_TYPES
            and not any(name in header for name in FOREIGN_KEYS)
        )

    def _claims(self, token: str, key: Mapping[str, Any], algorithm: str) -> Mapping[str, Any] | None:
        """Return the claims of a token that this key has signed for us. Times are compared apart, with our own now."""
        try:
            claims: Mapping[str, Any] = self.decoder.decode(
                token,
                jwt.PyJWK(dict(key), algorithm=algorithm),
                algorithms=[algorithm],
                audience=self.audience,
                issuer=self.issuer,
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "require": REQUIRED},
            )
        except UNREADABLE:
            return None
        return claims

    def _named(self, claims: Mapping[str, Any], now: datetime) -> Subject | None:
        name = claims.get(self.subject_claim)
        begun, ends = [_instant(claims.get(one)) for one in ("iat", "nbf")], _instant(claims.get("exp"))
        if ends is None or begun[0] is None or ("nbf" in claims and begun[1] is None):
            return None
        if now >= ends + LEEWAY or any(one is not None and one > now + LEEWAY for one in begun):
            return None
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_SUBJECT:
            return None
        return Subject(self.issuer, name, ends + LEEWAY)


def _fits(key: Mapping[str, Any], algorithm: str) -> bool:
    """Tell whether a key is meant for an algorithm; so a public key is never taken for a shared secret."""
    return key.get("kty") == KEY_TYPES.get(algorithm[:2]) and key.get("alg", algorithm) == algorithm


def _instant(value: object) -> datetime | None:
    """Return a NumericDate as an instant; None for whatever else stands there."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None
