"""Seals with authenticated encryption: what was sealed for one place opens nowhere else, and never when altered.

A sealed value is: format (1 byte), key id (8), nonce (12), tag (16), ciphertext. Format, key id and context are
authenticated with it. A nonce is random; a key is good for far more values than an office will ever seal.
"""

import hashlib
import hmac
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.domain.errors import Conflict
from app.domain.sealing import NO_KEYRING, Purpose, SealBroken, normalised
from app.gateways.keyring import KEY_ID_BYTES, Key, Keyring, KeyringUnusable, SealCipher

FORMAT = b"\x01"
NONCE_BYTES, TAG_BYTES = 12, 16
HEADER = len(FORMAT) + KEY_ID_BYTES
SHORTEST = HEADER + NONCE_BYTES + TAG_BYTES
ALGORITHMS = {SealCipher.AES: algorithms.AES, SealCipher.SM4: algorithms.SM4}

logger = logging.getLogger("bihuan.keys")


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens with the keys of the ring as it is at that moment."""

    keyring: Callable[[], Keyring] = field(repr=False)

    def seal(self, plain: bytes, context: str) -> bytes:
        """Return the sealed bytes; they open only under the same context (the place they belong to)."""
        key, nonce = self._ring().key_in_use, os.urandom(NONCE_BYTES)
        header = FORMAT + key.mark
        encryptor = Cipher(ALGORITHMS[key.cipher](key.secret), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(_bound(header, context))
        ciphertext = encryptor.update(plain) + encryptor.finalize()
        return header + nonce + encryptor.tag + ciphertext

    def open(self, sealed: bytes, context: str) -> bytes:
        """Return the plain bytes; raise `SealBroken`, which never says why."""
        key = self._keys_to_open().get(sealed[len(FORMAT) : HEADER].hex())
        if key is None or len(sealed) < SHORTEST or not sealed.startswith(FORMAT):
            raise SealBroken
        try:
            return _opened(key, sealed, context)
        except InvalidTag:
            raise SealBroken from None

    def index(self, value: str, purpose: Purpose) -> str:
        """Return a word that is the same for the same value and tells nothing of it to whoever lacks the key."""
        message = f"{purpose}\n{normalised(value, purpose)}".encode()
        return hmac.new(self._ring().index_key, message, hashlib.sha256).hexdigest()

    def key_in_use(self) -> bytes:
        """Return the mark that everything sealed from now on begins with."""
        return FORMAT + self._ring().key_in_use.mark

    def _ring(self) -> Keyring:
        """Return the ring; whoever asks over the interface learns nothing of files."""
        try:
            return self.keyring()
        except KeyringUnusable as error:
            logger.error("%s", error.message)
            raise Conflict(NO_KEYRING, code="no-keyring") from error

    def _keys_to_open(self) -> Mapping[str, Key]:
        """Return the keys; without a usable ring nothing opens, and everything else goes on."""
        try:
            return self.keyring().keys
        except KeyringUnusable as error:
            logger.error("%s", error.message)
            return {}


def _opened(key: Key, sealed: bytes, context: str) -> bytes:
    header, rest = sealed[:HEADER], sealed[HEADER:]
    nonce, tag, ciphertext = rest[:NONCE_BYTES], rest[NONCE_BYTES:][:TAG_BYTES], rest[NONCE_BYTES + TAG_BYTES :]
    decryptor = Cipher(ALGORITHMS[key.cipher](key.secret), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(_bound(header, context))
    return decryptor.update(ciphertext) + decryptor.finalize()


def _bound(header: bytes, context: str) -> bytes:
    return header + context.encode()
