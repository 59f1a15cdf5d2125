"""The Standard Webhooks scheme: a message is signed over its id, its instant and its very bytes.

Symmetric signatures (`v1`) are HMAC-SHA256, asymmetric ones (`v1a`) Ed25519. A header may carry several, so that a
secret can be replaced while both count.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.domain.errors import NotSignedIn

SECRET_PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
TOLERANCE: Final = timedelta(minutes=5)
LONGEST_ID: Final = 128
MOST_SIGNATURES: Final = 8
LONGEST_HEADER: Final = 2_048
SIGNATURE_INVALID: Final = "签名无效：请核对来源代码、密钥，以及签名所用的消息编号、时间戳和原始正文。"
OUT_OF_WINDOW: Final = "时间戳与本服务相差超过5分钟：请校准时钟，重发时使用新的时间戳重新签名。"


class SignatureInvalid(NotSignedIn):
    """A message that nobody we know has signed like this; which part is wrong is never said."""

    code = "signature-invalid"

    def __init__(self) -> None:
        super().__init__(SIGNATURE_INVALID)


class TimestampOutOfWindow(NotSignedIn):
    """A message signed too long ago, or by a clock that is wrong."""

    code = "timestamp-out-of-window"

    def __init__(self) -> None:
        super().__init__(OUT_OF_WINDOW)


@dataclass(frozen=True, slots=True)
class Signed:
    """The three headers of a message as they were sent."""

    id: str
    timestamp: str
    signature: str


@dataclass(frozen=True, slots=True)
class Verifier:
    """What signatures are checked with: every secret that counts at the moment, and an Ed25519 key if there is one."""

    secrets: Sequence[str] = field(repr=False)
    public_key: bytes | None = None


def new_secret() -> str:
    """Return a fresh random secret as both sides write it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """Return the signature `v1,…` of a message that is sent at an aware instant."""
    return f"v1,{base64.b64encode(_mac(secret, _content(message_id, str(int(at.timestamp())), body))).decode()}"


def verify(verifier: Verifier, signed: Signed, body: bytes, *, now: datetime) -> None:
    """Raise `SignatureInvalid`, or `TimestampOutOfWindow` for a good signature of another time; never anything else."""
    if not _is_whole(signed) or not _is_signed(verifier, signed, body):
        raise SignatureInvalid
    if abs(now.timestamp() - int(signed.timestamp)) > TOLERANCE.total_seconds():
        raise TimestampOutOfWindow


def _is_whole(signed: Signed) -> bool:
    """Tell whether the headers can be of a signed message at all."""
    return (
        0 < len(signed.id) <= LONGEST_ID
        and signed.id.isascii()
        and signed.id.isprintable()
        and len(signed.signature) <= LONGEST_HEADER
        and len(signed.timestamp) <= LONGEST_ID
        and signed.timestamp.isascii()
        and signed.timestamp.isdecimal()
    )


def _is_signed(verifier: Verifier, signed: Signed, body: bytes) -> bool:
    content = _content(signed.id, signed.timestamp, body)
    given = list(_given(signed.signature))
    macs = [_mac(secret, content) for secret in verifier.secrets]
    # Every pair is compared, so that the time it takes says nothing.
    found = [hmac.compare_digest(mac, value) for version, value in given if version == "v1" for mac in macs]
    return any(found) or any(
        _is_by(verifier.public_key, value, content) for version, value in given if version == "v1a"
    )


def _given(header: str) -> Iterator[tuple[str, bytes]]:
    """Yield the signatures of a header as version and bytes; what is none is passed over."""
    for one in header.split(" ")[:MOST_SIGNATURES]:
        version, _, encoded = one.partition(",")
        try:
            yield version, base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            continue


def _is_by(public_key: bytes | None, signature: bytes, content: bytes) -> bool:
    if public_key is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _content(message_id: str, timestamp: str, body: bytes) -> bytes:
    return f"{message_id}.{timestamp}.".encode() + body


def _mac(secret: str, content: bytes) -> bytes:
    return hmac.new(base64.b64decode(secret.removeprefix(SECRET_PREFIX)), content, hashlib.sha256).digest()
