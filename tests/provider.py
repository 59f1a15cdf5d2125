"""An OpenID Connect provider on this machine: well, down, slow, endless, redirecting, or talking nonsense."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

AUDIENCE = "bihuan"
SUBJECT = "f:7b2c:zhang.san"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()
SIGNERS: dict[str, Any] = {"rsa": RSA_KEY, "ec": EC_KEY, "ed": ED_KEY}
_JWKS: dict[str, Any] = {"rsa": RSAAlgorithm, "ec": ECAlgorithm, "ed": OKPAlgorithm}


def public_jwk(kid: str, **more: Any) -> dict[str, Any]:
    """Return the public key of an id as providers publish it."""
    written = json.loads(_JWKS[kid].to_jwk(SIGNERS[kid].public_key()))
    return {**written, "kid": kid, "use": "sig", **more}


def claims(issuer: str, now: datetime, **changes: Any) -> dict[str, Any]:
    """Return the claims of a good token; a change to None leaves a claim out."""
    begun = int(now.timestamp())
    good = {"iss": issuer, "aud": AUDIENCE, "sub": SUBJECT, "iat": begun, "nbf": begun, "exp": begun + 300}
    return {name: value for name, value in (good | changes).items() if value is not None}


def token(
    issuer: str,
    now: datetime,
    *,
    kid: str = "rsa",
    alg: str = "RS256",
    key: Any = None,
    headers: Any = None,
    **changes: Any,
) -> str:
    """Return a token, good but for the changes."""
    signer = SIGNERS.get(kid, RSA_KEY) if key is None else key
    sent = {"kid": kid, **(headers or {})}
    return jwt.encode(claims(issuer, now, **changes), signer, algorithm=alg, headers=sent)


@dataclass
class Provider:
    """What it publishes, how it behaves, and how often it was asked."""

    issuer: str = ""
    mood: str = "well"
    keys: list[Any] = field(default_factory=lambda: [public_jwk(kid) for kid in SIGNERS])
    described: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def token(self, now: datetime, **changes: Any) -> str:
        """Return a token of this provider."""
        return token(self.issuer, now, **changes)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request in the mood of the moment."""
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
            self.asked.append(path)
            await self._answer(path, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        if self.mood == "redirecting":
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
            return
        if self.mood in ("slow", "endless"):
            await self._drip(writer, 0.05 if self.mood == "slow" else 0)
            return
        body = b"<html>" if self.mood == "nonsense" else json.dumps(self._document(path)).encode()
        status = "500 Oops" if self.mood == "failing" else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()

    def _document(self, path: str) -> dict[str, Any]:
        if path == "/jwks":
            return {"keys": self.keys}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **self.described}

    async def _drip(self, writer: asyncio.StreamWriter, pause: float) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" " * (1 if pause else 65_536))
            await writer.drain()
            await asyncio.sleep(pause)


@asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    """Run a provider on this machine."""
    made = Provider()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.issuer = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
