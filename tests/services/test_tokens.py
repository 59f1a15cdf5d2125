"""Forged tokens of every kind, and good ones of every algorithm."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from app.services.tokens import LONGEST_TOKEN, TokenVerifier
from tests.house import MONDAY as NOW
from tests.provider import AUDIENCE, EC_KEY, OTHER_RSA_KEY, RSA_KEY, SIGNERS, SUBJECT, claims, public_jwk, token

ISSUER = "https://sso.test"
PEM = RSA_KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


class Known:
    """The keys that a provider has published."""

    def __init__(self, **more: Any) -> None:
        self.keys = {kid: public_jwk(kid) for kid in SIGNERS} | more

    async def key(self, kid: str, *, now: datetime) -> Mapping[str, Any] | None:
        return self.keys.get(kid) if now.tzinfo else None


VERIFIER = TokenVerifier(ISSUER, AUDIENCE, ("RS256", "PS256", "ES256", "EdDSA"), "sub", Known())


def made(**changes: Any) -> str:
    """Return a token, good but for the changes."""
    return token(ISSUER, NOW, **changes)


def raw(header: Any, payload: Any, signature: bytes = b"x") -> str:
    """Return a token put together by hand."""
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def hmac_with_the_public_key(alg: str) -> str:
    """Sign with the public key as if it were a shared secret, by hand: the library refuses to."""
    header = {"alg": alg, "kid": "rsa", "typ": "JWT"}
    unsigned = raw(header, claims(ISSUER, NOW)).rpartition(".")[0]
    signature = jwt.get_algorithm_by_name("HS256").sign(unsigned.encode(), PEM)
    return f"{unsigned}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def spoilt(good: str, part: int) -> str:
    """Return a token with one character of a part changed."""
    parts = good.split(".")
    parts[part] = parts[part][:8] + ("A" if parts[part][8] != "A" else "B") + parts[part][9:]
    return ".".join(parts)


FORGED = {
    "none": raw({"alg": "none", "kid": "rsa"}, claims(ISSUER, NOW), b""),
    "none in other letters": raw({"alg": "nOnE", "kid": "rsa"}, claims(ISSUER, NOW), b""),
    "hs256 with the public key": hmac_with_the_public_key("HS256"),
    "rs256 by name, hs256 by deed": hmac_with_the_public_key("RS256"),
    "an algorithm that is not chosen": made(alg="RS384"),
    "an ec token by the id of an rsa key": made(kid="rsa", alg="ES256", key=EC_KEY),
    "expired": made(exp=int(NOW.timestamp()) - 60),
    "not yet": made(nbf=int(NOW.timestamp()) + 61),
    "issued in the future": made(iat=int(NOW.timestamp()) + 61),
    "another audience": made(aud="other"),
    "another audience in a list": made(aud=["other", "bihuan2"]),
    "another issuer": made(iss="https://evil.test"),
    "part of the issuer": made(iss="https://sso"),
    "a list of issuers": raw({"alg": "RS256", "kid": "rsa"}, claims(ISSUER, NOW) | {"iss": [ISSUER]}),
    "an unknown key": made(kid="made-up"),
    "no key id": jwt.encode(claims(ISSUER, NOW), RSA_KEY, algorithm="RS256"),
    "a key id that is no text": raw({"alg": "RS256", "kid": ["rsa"]}, claims(ISSUER, NOW)),
    "another signer": made(key=OTHER_RSA_KEY),
    "a spoilt header": spoilt(made(), 0),
    "a spoilt payload": spoilt(made(), 1),
    "a spoilt signature": spoilt(made(), 2),
    "a key of its own": made(headers={"jwk": public_jwk("rsa")}),
    "a place for its key": made(headers={"jku": "https://evil.test/jwks"}),
    "a certificate of its own": made(headers={"x5u": "https://evil.test/x.pem"}),
    "what we do not know": made(headers={"crit": ["b64"], "b64": True}),
    "another type": made(headers={"typ": "logout+jwt"}),
    "exp as text": made(exp="2099-01-01"),
    "exp without end": raw({"alg": "RS256", "kid": "rsa"}, claims(ISSUER, NOW) | {"exp": 1e400}),
    "exp far beyond all calendars": made(exp=10**18),
    "exp true": made(exp=True),
    "sub as a number": made(sub=7),
    "an empty sub": made(sub=""),
    "a long sub": made(sub="x" * 256),
    "huge": made(filling="x" * LONGEST_TOKEN),
    "nested deeply": "e30." + base64.urlsafe_b64encode(b"[" * 4_000).decode().rstrip("=") + ".e30",
    "a header nested deeply": base64.urlsafe_b64encode(b"[" * 5_000).decode().rstrip("=") + ".e30.e30",
    "a header that is a list": raw([], {}),
    "garbage": "a.b.c",
    "too few parts": "a.b",
    "encrypted": "a.b.c.d.e",
    "nothing": "..",
    "not ascii": "张.三.李",
    **{f"no {name}": made(**{name: None}) for name in ("iss", "aud", "exp", "iat", "sub")},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
async def test_a_forged_token_names_nobody(forged: str) -> None:
    assert await VERIFIER.subject(forged, now=NOW) is None


@pytest.mark.parametrize(("kid", "alg"), [("rsa", "RS256"), ("rsa", "PS256"), ("ec", "ES256"), ("ed", "EdDSA")])
async def test_a_good_token_of_every_algorithm_names_its_subject(kid: str, alg: str) -> None:
    found = await VERIFIER.subject(made(kid=kid, alg=alg), now=NOW)
    assert found is not None
    assert (found.issuer, found.name) == (ISSUER, SUBJECT)


GOOD: dict[str, dict[str, Any]] = {
    "a list of audiences": {"aud": ["other", AUDIENCE]},
    "no nbf": {"nbf": None},
    "just expired": {"exp": int(NOW.timestamp()) - 59},
    "a clock that goes fast": {"iat": int(NOW.timestamp()) + 60, "nbf": int(NOW.timestamp()) + 60},
    "the type of RFC 9068": {"headers": {"typ": "at+jwt"}},
    "roles that it claims": {"roles": ["administrator"], "jurisdictions": ["gedian"]},
}


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD)
async def test_what_providers_do_differently_is_no_matter(changes: dict[str, Any]) -> None:
    assert await VERIFIER.subject(made(**changes), now=NOW) is not None


async def test_a_token_counts_until_a_minute_after_its_end() -> None:
    found = await VERIFIER.subject(made(), now=NOW)
    assert found is not None
    assert found.until == NOW + timedelta(seconds=360)
    assert await VERIFIER.subject(made(), now=found.until - timedelta(microseconds=1)) is not None
    assert await VERIFIER.subject(made(), now=found.until) is None


async def test_the_subject_may_stand_in_another_claim() -> None:
    verifier = replace(VERIFIER, subject_claim="employee")
    found = await verifier.subject(made(employee="007"), now=NOW)
    assert found is not None
    assert found.name == "007"
    assert await verifier.subject(made(), now=NOW) is None
    assert await verifier.subject(made(employee="007", sub=None), now=NOW) is None


async def test_a_key_published_for_one_algorithm_is_good_for_no_other() -> None:
    verifier = replace(VERIFIER, keys=Known(rsa=public_jwk("rsa", alg="PS256")))
    assert await verifier.subject(made(), now=NOW) is None
    assert await verifier.subject(made(alg="PS256"), now=NOW) is not None


@pytest.mark.parametrize(
    "broken", [{"kty": "RSA"}, {"kty": "RSA", "n": "x", "e": "AQAB"}, {"kty": "RSA", "n": 7, "e": []}]
)
async def test_a_broken_key_of_the_provider_names_nobody(broken: dict[str, Any]) -> None:
    verifier = replace(VERIFIER, keys=Known(rsa={**broken, "kid": "rsa"}))
    assert await verifier.subject(made(), now=NOW) is None
