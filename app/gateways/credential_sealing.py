"""Seals small secrets with a key that is kept beside the database, not in it."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.credential import SealBroken

KEY_BYTES, NONCE_BYTES = 32, 12
ONLY_FOR_OWNER = 0o600


@dataclass(slots=True)
class KeyFileSealer:
    """AES-256-GCM with a key file that is made on first use; what was sealed in one context opens in no other."""

    path: Path
    key: bytes | None = None

    def seal(self, secret: bytes, context: str) -> bytes:
        """Return a secret that only `open` with the same context gives back."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._key()).encrypt(nonce, secret, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Return what was sealed; raise `SealBroken` for another key, another context, or a changed byte."""
        try:
            return AESGCM(self._key()).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(self.path.name) from error

    def _key(self) -> bytes:
        if self.key is None:
            self.key = _read_or_make(self.path)
        return self.key


def _read_or_make(path: Path) -> bytes:
    """Read the key; of two processes that make it at once, one wins and both read the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        making = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_FOR_OWNER), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
        with suppress(FileExistsError):
            os.link(making, path)
        making.unlink()
    return path.read_bytes()
