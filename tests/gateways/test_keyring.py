"""The file with the keys: made once, its owner's alone, and noticed when it changes."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Conflict
from app.gateways.keyring import Keyring, KeyringFile, KeyringUnusable, SealCipher, new_key, new_keyring

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def ring_at(path: Path, cipher: SealCipher = SealCipher.AES) -> KeyringFile:
    return KeyringFile(path, cipher, lambda: NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keyring.json"


def test_it_is_made_on_first_use_and_only_its_owner_can_read_it(path: Path) -> None:
    made = ring_at(path).current()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (made.key_in_use.cipher, made.key_in_use.created_at) == (SealCipher.AES, NOW)
    assert ring_at(path).current() == made


@pytest.mark.parametrize(("cipher", "length"), [(SealCipher.AES, 32), (SealCipher.SM4, 16)])
def test_a_key_is_as_long_as_its_cipher_needs(cipher: SealCipher, length: int) -> None:
    ring = new_keyring(cipher, now=NOW)
    assert (len(ring.key_in_use.secret), len(ring.index_key)) == (length, 32)
    assert ring.key_in_use.secret != new_keyring(cipher, now=NOW).key_in_use.secret


def test_processes_that_start_at_once_share_one_ring(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: ring_at(path).current(), range(8)))
    assert len({ring.active for ring in rings}) == 1


def test_a_ring_that_others_can_read_is_refused(path: Path) -> None:
    ring_at(path).current()
    path.chmod(0o640)
    with pytest.raises(KeyringUnusable, match="chmod 600"):
        ring_at(path).current()
    path.chmod(0o400)
    assert ring_at(path).current().active


def test_a_process_notices_that_another_one_has_changed_the_ring(path: Path) -> None:
    here, there = ring_at(path), ring_at(path)
    before = here.current().active
    key = new_key(SealCipher.SM4, now=NOW)
    there.change(lambda ring: ring.with_key(key).using(key.id, now=NOW + timedelta(days=1)))
    after = here.current()
    assert (after.active, after.key_in_use.cipher) == (key.id, SealCipher.SM4)
    assert after.keys[before].retired_at == NOW + timedelta(days=1)


def test_the_key_in_use_cannot_be_dropped_nor_an_unknown_one_used() -> None:
    ring = new_keyring(now=NOW)
    assert ring.without(frozenset({ring.active})) == ring
    with pytest.raises(Conflict, match="没有这把密钥"):
        ring.using("00" * 8, now=NOW)


def test_a_key_taken_back_into_use_is_no_longer_retired() -> None:
    ring = new_keyring(now=NOW)
    key = new_key(SealCipher.AES, now=NOW)
    again = ring.with_key(key).using(key.id, now=NOW).using(ring.active, now=NOW)
    assert again.key_in_use.retired_at is None
    assert again.keys[key.id].retired_at == NOW


def no_active(values: dict[str, Any]) -> None:
    values["active"] = "0" * 16


def short_key(values: dict[str, Any]) -> None:
    values["keys"][0]["secret"] = "AAAA"


def unknown_cipher(values: dict[str, Any]) -> None:
    values["keys"][0]["cipher"] = "rot13"


def no_index_key(values: dict[str, Any]) -> None:
    del values["index_key"]


@pytest.mark.parametrize("spoil", [no_active, short_key, unknown_cipher, no_index_key])
def test_a_spoilt_ring_is_refused_and_never_replaced(path: Path, spoil: Any) -> None:
    ring_at(path).current()
    values = json.loads(path.read_text())
    spoil(values)
    path.write_text(json.dumps(values))
    before = path.read_bytes()
    with pytest.raises(KeyringUnusable, match="从备份恢复"):
        ring_at(path).current()
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyringUnusable, match="密钥环"):
        ring_at(tmp_path / "file" / "keyring.json").current()


def test_keys_do_not_show_in_what_is_printed() -> None:
    ring: Keyring = new_keyring(now=NOW)
    shown = repr(ring)
    assert repr(ring.key_in_use.secret) not in shown
    assert repr(ring.index_key) not in shown
    assert ring.active in shown
