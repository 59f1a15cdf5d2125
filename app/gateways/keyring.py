"""The keyring: a file with the keys that seal what must not lie open in the database.

It is made on first use, readable by its owner alone, and replaced whole, so that a reader sees the old or the new one.
Without it what is sealed stays sealed: it belongs into the backup, apart from the database's.
"""

import base64
import fcntl
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.domain.errors import Conflict

KEY_ID_BYTES = 8
INDEX_KEY_BYTES = 32
OWNER_ONLY = 0o600
FOR_OTHERS = 0o077

logger = logging.getLogger("bihuan.keys")


class KeyringUnusable(Conflict):
    """The file with the keys cannot be read, or others may read it."""

    code = "keyring-unusable"


class SealCipher(StrEnum):
    """The ciphers that keys are for; both are used with GCM."""

    AES = "aes-gcm"
    SM4 = "sm4-gcm"


KEY_BYTES = {SealCipher.AES: 32, SealCipher.SM4: 16}


@dataclass(frozen=True, slots=True)
class Key:
    """One key. From `retired_at` on nothing new is sealed with it."""

    id: str
    cipher: SealCipher
    secret: bytes = field(repr=False)
    created_at: datetime
    retired_at: datetime | None = None

    @property
    def mark(self) -> bytes:
        """How sealed values name the key."""
        return bytes.fromhex(self.id)


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys, the one in use, and the key of the blind indexes, which is never rotated."""

    keys: Mapping[str, Key]
    active: str
    index_key: bytes = field(repr=False)

    @property
    def key_in_use(self) -> Key:
        """The key that everything is sealed with from now on."""
        return self.keys[self.active]

    def with_key(self, key: Key) -> "Keyring":
        """Return the ring with one more key, not in use yet."""
        return replace(self, keys={**self.keys, key.id: key})

    def using(self, key_id: str, *, now: datetime) -> "Keyring":
        """Return the ring with another key in use; the one before is retired. Raise `Conflict` for an unknown id."""
        if key_id not in self.keys:
            raise Conflict("密钥环中没有这把密钥；用 bihuan keys list 查看编号。", code="unknown-key")
        keys = dict(self.keys)
        if self.active != key_id:
            keys[self.active] = replace(keys[self.active], retired_at=now)
        keys[key_id] = replace(keys[key_id], retired_at=None)
        return replace(self, keys=keys, active=key_id)

    def without(self, key_ids: frozenset[str]) -> "Keyring":
        """Return the ring without some keys; the one in use stays."""
        kept = {name: key for name, key in self.keys.items() if name == self.active or name not in key_ids}
        return replace(self, keys=kept)


def new_key(cipher: SealCipher, *, now: datetime) -> Key:
    """Return a fresh random key."""
    return Key(secrets.token_hex(KEY_ID_BYTES), cipher, secrets.token_bytes(KEY_BYTES[cipher]), now)


def new_keyring(cipher: SealCipher = SealCipher.AES, *, now: datetime) -> Keyring:
    """Return a ring with one key and a random key for indexes."""
    key = new_key(cipher, now=now)
    return Keyring({key.id: key}, key.id, secrets.token_bytes(INDEX_KEY_BYTES))


def no_keyring() -> Keyring:
    """Stand where no keyring was given: nothing can be sealed, so nothing is ever written in clear instead."""
    raise KeyringUnusable("没有指定密钥环。")


@dataclass(slots=True)
class KeyringFile:
    """The keyring as a file; a ring that another process has replaced is noticed at the next use."""

    path: Path
    cipher: SealCipher
    read_time: Callable[[], datetime]
    _known: Keyring | None = None
    _stamp: tuple[int, int] | None = None

    def current(self) -> Keyring:
        """Return the ring as it is now; it is made if there is none. Raise `KeyringUnusable`."""
        stamp = self._stamped()
        if stamp is None:
            with self._alone():
                if self._stamped() is None:
                    self._write(new_keyring(self.cipher, now=self.read_time()))
                    logger.warning("已新建密钥环%s：请立即备份，并与数据库备份分开存放", self.path)
            stamp = self._stamped()
        if self._known is None or stamp != self._stamp:
            self._known, self._stamp = self._read(), stamp
        return self._known

    def change(self, act: Callable[[Keyring], Keyring]) -> Keyring:
        """Replace the ring by another made of it; nobody else does so meanwhile."""
        self.current()
        with self._alone():
            changed = act(self._read())
            self._write(changed)
        return changed

    def _stamped(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable("无法读取") from error
        return found.st_ino, found.st_mtime_ns

    def _read(self) -> Keyring:
        try:
            with self.path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & FOR_OTHERS:
                    raise self._unusable("其他用户也能读取，请执行 chmod 600")
                return _keyring_of(json.load(file))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._unusable("无法读取或内容有误，请从备份恢复") from error

    def _write(self, ring: Keyring) -> None:
        beside = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
            json.dump(_values_of(ring), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = self.path.with_name(f"{self.path.name}.lock").open("a")
        except OSError as error:
            raise self._unusable("所在文件夹不能写入") from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _unusable(self, reason: str) -> KeyringUnusable:
        return KeyringUnusable(f"密钥环{self.path}{reason}。")


def _values_of(ring: Keyring) -> dict[str, object]:
    return {
        "active": ring.active,
        "index_key": base64.b64encode(ring.index_key).decode(),
        "keys": [
            {
                "id": key.id,
                "cipher": key.cipher,
                "secret": base64.b64encode(key.secret).decode(),
                "created_at": key.created_at.isoformat(),
                "retired_at": key.retired_at and key.retired_at.isoformat(),
            }
            for key in ring.keys.values()
        ],
    }


def _keyring_of(values: Mapping[str, Any]) -> Keyring:
    keys = [_key_of(one) for one in values["keys"]]
    ring = Keyring({key.id: key for key in keys}, values["active"], _bytes_of(values["index_key"], INDEX_KEY_BYTES))
    if ring.active not in ring.keys:
        raise ValueError("the key in use is missing")
    return ring


def _key_of(values: Mapping[str, Any]) -> Key:
    cipher = SealCipher(values["cipher"])
    retired_at = values["retired_at"]
    if len(bytes.fromhex(values["id"])) != KEY_ID_BYTES:
        raise ValueError("not the id of a key")
    return Key(
        values["id"],
        cipher,
        _bytes_of(values["secret"], KEY_BYTES[cipher]),
        datetime.fromisoformat(values["created_at"]),
        retired_at and datetime.fromisoformat(retired_at),
    )


def _bytes_of(written: str, length: int) -> bytes:
    decoded = base64.b64decode(written, validate=True)
    if len(decoded) != length:
        raise ValueError("a key of another length")
    return decoded
