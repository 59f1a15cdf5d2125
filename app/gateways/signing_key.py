"""The key that signs anchors: Ed25519, in a file of its owner's; and the digests that it signs."""

import base64
import binascii
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from app.domain.anchor import Algorithm, Anchor
from app.domain.errors import Invalid

ONLY_FOR_OWNER = 0o600
KEY_ID_LENGTH = 16
_FUNCTIONS: dict[Algorithm, type[hashes.SHA256] | type[hashes.SM3]] = {
    Algorithm.SHA256: hashes.SHA256,
    Algorithm.SM3: hashes.SM3,
}


class Digest:
    """One digest in the making."""

    def __init__(self, algorithm: Algorithm) -> None:
        self._hash = hashes.Hash(_FUNCTIONS[algorithm]())

    def update(self, data: bytes, /) -> None:
        """Take in more."""
        self._hash.update(data)

    def hexdigest(self) -> str:
        """Return the digest of what was taken in so far, in hexadecimal."""
        return self._hash.copy().finalize().hex()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key."""

    private: Ed25519PrivateKey

    @property
    def public_key(self) -> str:
        """The public key: 32 bytes in base64."""
        return _written(self.private.public_key())

    def sign(self, text: bytes) -> str:
        """Return the signature in base64."""
        return base64.b64encode(self.private.sign(text)).decode()


def key_id(public_key: str) -> str:
    """Return the name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:KEY_ID_LENGTH]


def is_signed(anchor: Anchor, text: bytes) -> bool:
    """Tell whether an anchor's signature over the text is right, by the key that the anchor names."""
    try:
        public = base64.b64decode(anchor.public_key, validate=True)
        signature = base64.b64decode(anchor.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return anchor.key_id == key_id(anchor.public_key)


def load_or_make_key(path: Path) -> SigningKey:
    """Return the key of a file; on first use it is made, readable for its owner only."""
    if not path.exists():
        _make(path)
    return load_key(path)


def load_key(path: Path) -> SigningKey:
    """Return the key of a file; raise `Invalid` for one that is missing or holds no Ed25519 key."""
    try:
        key = load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError):
        raise _no_key(path) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path)
    return SigningKey(key)


def load_public_key(path: Path) -> str:
    """Return the public key of a PEM file as base64; raise `Invalid` for a file that holds none."""
    try:
        key = load_pem_public_key(_read(path))
    except ValueError:
        raise _no_key(path) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path)
    return _written(key)


def public_pem(public_key: str) -> str:
    """Return a public key as PEM; nothing for what is no key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
    except (ValueError, binascii.Error):
        return ""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _make(path: Path) -> None:
    """Write a new key; of several processes that do so at once, one prevails and no file is ever half written."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    making = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_FOR_OWNER), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        _take_place(making, path)
    except OSError as error:
        raise Invalid(f"签名密钥无法写到{path}（{error.strerror}），请核对 BIHUAN_ANCHOR_KEY 与权限。") from None


def _take_place(making: Path, path: Path) -> None:
    try:
        os.link(making, path)
    except FileExistsError:
        return
    finally:
        making.unlink()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid(f"密钥文件{path}无法读取（{error.strerror}），请核对路径与权限。") from None


def _written(key: Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _no_key(path: Path) -> Invalid:
    return Invalid(f"文件{path}里没有 Ed25519 密钥（PEM），请核对路径；生成公钥：./run bihuan audit key")
