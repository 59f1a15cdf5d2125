"""Secrets sealed with a key file."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.domain.credential import SealBroken
from app.gateways.credential_sealing import KeyFileSealer


def test_what_is_sealed_opens_again_in_another_process(tmp_path: Path) -> None:
    path = tmp_path / "home" / "credential-key"
    sealed = KeyFileSealer(path).seal(b"secret", "totp:1")
    assert KeyFileSealer(path).open(sealed, "totp:1") == b"secret"
    assert b"secret" not in sealed
    assert (path.stat().st_mode & 0o777, len(path.read_bytes())) == (0o600, 32)
    assert [one.name for one in path.parent.iterdir()] == ["credential-key"]


def test_it_opens_in_no_other_context_with_no_other_key_and_not_changed(tmp_path: Path) -> None:
    sealer = KeyFileSealer(tmp_path / "a")
    sealed = sealer.seal(b"secret", "totp:1")
    changed = [bytes([*sealed[:place], sealed[place] ^ 1, *sealed[place + 1 :]]) for place in range(len(sealed))]
    for wrong in ((sealed, "totp:2"), (b"", "totp:1"), (sealed[:12], "totp:1"), *((one, "totp:1") for one in changed)):
        with pytest.raises(SealBroken):
            sealer.open(*wrong)
    with pytest.raises(SealBroken):
        KeyFileSealer(tmp_path / "b").open(sealed, "totp:1")


def test_the_same_secret_is_never_sealed_alike(tmp_path: Path) -> None:
    sealer = KeyFileSealer(tmp_path / "a")
    assert len({sealer.seal(b"secret", "x") for _ in range(50)}) == 50


def test_processes_that_make_the_key_at_once_have_the_same(tmp_path: Path) -> None:
    sealers = [KeyFileSealer(tmp_path / "a") for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        sealed = list(pool.map(lambda one: one.seal(b"secret", "x"), sealers))
    assert {sealers[0].open(one, "x") for one in sealed} == {b"secret"}
