"""Seals: nothing opens elsewhere, altered, or with another key, and a refusal does not say which it was."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors import Conflict
from app.domain.sealing import Purpose, SealBroken
from app.gateways.keyring import KeyringFile, SealCipher, new_key, new_keyring, no_keyring
from app.gateways.sealing import HEADER, Sealer
from tests.gateways.test_keyring import NOW

PLAIN, HERE, THERE = "王会计 13900000000".encode(), "appeal:1:contact", "appeal:2:contact"


def a_sealer(cipher: SealCipher = SealCipher.AES) -> Sealer:
    ring = new_keyring(cipher, now=NOW)
    return Sealer(lambda: ring)


def broken(sealer: Sealer, sealed: bytes, context: str = HERE) -> str:
    with pytest.raises(SealBroken) as refusal:
        sealer.open(sealed, context)
    return refusal.value.message


@pytest.mark.parametrize("cipher", SealCipher)
def test_what_was_sealed_opens_where_it_belongs(cipher: SealCipher) -> None:
    sealer = a_sealer(cipher)
    for plain in (PLAIN, b"", b"\0" * 70_000):
        sealed = sealer.seal(plain, HERE)
        assert sealer.open(sealed, HERE) == plain
        assert sealed.startswith(sealer.key_in_use())
    assert PLAIN not in sealer.seal(PLAIN, HERE)


def test_the_cipher_is_the_one_that_everybody_knows() -> None:
    ring = new_keyring(now=NOW)
    sealed = Sealer(lambda: ring).seal(PLAIN, HERE)
    header, nonce, tag, ciphertext = sealed[:HEADER], sealed[9:21], sealed[21:37], sealed[37:]
    assert AESGCM(ring.key_in_use.secret).decrypt(nonce, ciphertext + tag, header + HERE.encode()) == PLAIN


def test_the_same_is_sealed_differently_every_time() -> None:
    sealer = a_sealer()
    assert len({sealer.seal(PLAIN, HERE) for _ in range(100)}) == 100


@pytest.mark.parametrize("cipher", SealCipher)
def test_a_refusal_does_not_say_why(cipher: SealCipher) -> None:
    sealer = a_sealer(cipher)
    sealed = sealer.seal(PLAIN, HERE)
    altered = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    cut = [sealed[:length] for length in range(len(sealed))]
    told = {broken(sealer, one) for one in (*altered, *cut, sealed + b"\0")}
    told |= {broken(sealer, sealed, THERE), broken(a_sealer(cipher), sealed)}
    assert len(told) == 1
    assert sealer.open(sealed, HERE) == PLAIN, "the unaltered one opens"


def test_a_value_cannot_claim_to_be_sealed_with_another_known_key() -> None:
    ring = new_keyring(now=NOW)
    key = new_key(SealCipher.AES, now=NOW)
    both = ring.with_key(key)
    sealer = Sealer(lambda: both)
    sealed = sealer.seal(PLAIN, HERE)
    broken(sealer, sealed[:1] + key.mark + sealed[HEADER:])


def test_old_values_open_after_a_rotation() -> None:
    ring = new_keyring(now=NOW)
    sealed = Sealer(lambda: ring).seal(PLAIN, HERE)
    key = new_key(SealCipher.SM4, now=NOW)
    rotated = ring.with_key(key).using(key.id, now=NOW)
    sealer = Sealer(lambda: rotated)
    assert sealer.open(sealed, HERE) == PLAIN
    assert sealer.seal(PLAIN, HERE)[1:HEADER] == key.mark


def test_an_index_finds_equal_values_however_they_are_written() -> None:
    sealer = a_sealer()
    phones = ("13900000000", "+86 139 0000 0000", "0086-139-0000-0000", "１３９００００００００", "(139)0000-0000")
    assert len({sealer.index(phone, Purpose.PHONE) for phone in phones}) == 1
    assert len({sealer.index(name, Purpose.NAME) for name in ("王会计", " 王 会　计")}) == 1


def test_an_index_tells_nothing_without_the_key_and_keeps_purposes_apart() -> None:
    one, other = a_sealer(), a_sealer()
    assert one.index("13900000000", Purpose.PHONE) != other.index("13900000000", Purpose.PHONE)
    assert one.index("13900000000", Purpose.PHONE) != one.index("13900000000", Purpose.NAME)
    assert one.index("13900000000", Purpose.PHONE) != one.index("13900000001", Purpose.PHONE)


def test_the_index_survives_a_rotation() -> None:
    ring = new_keyring(now=NOW)
    key = new_key(SealCipher.AES, now=NOW)
    rotated = ring.with_key(key).using(key.id, now=NOW).without(frozenset({ring.active}))
    one, other = Sealer(lambda: ring), Sealer(lambda: rotated)
    assert one.index("王会计", Purpose.NAME) == other.index("王会计", Purpose.NAME)


def test_without_a_usable_ring_nothing_opens_and_nothing_tells_of_files(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    path.write_text("{}")
    path.chmod(0o600)
    sealer = Sealer(KeyringFile(path, SealCipher.AES, lambda: NOW).current)
    broken(sealer, b"\x01" + bytes(60))
    with pytest.raises(Conflict) as refusal:
        sealer.seal(PLAIN, HERE)
    assert str(tmp_path) not in refusal.value.message


def test_without_keys_nothing_is_written_in_clear_instead() -> None:
    sealer = Sealer(no_keyring)
    for act in (lambda: sealer.seal(PLAIN, HERE), lambda: sealer.index("1", Purpose.PHONE), sealer.key_in_use):
        with pytest.raises(Conflict, match="密钥环不可用"):
            act()
    broken(sealer, b"\x01" + bytes(60))
