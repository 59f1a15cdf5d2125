"""The key that signs anchors, and the digests that it signs."""

import base64
import hashlib
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from app.domain.anchor import Algorithm, Anchor
from app.domain.errors import Invalid
from app.gateways.signing_key import (
    Digest,
    is_signed,
    key_id,
    load_key,
    load_or_make_key,
    load_public_key,
    public_pem,
)
from tests.house import MONDAY

TEXT = b"what was signed"


def anchor_by(path: Path) -> Anchor:
    key = load_or_make_key(path)
    return Anchor(
        appeals=0, events=0, accesses=0, acts=0, content_digest="", day=date(2026, 3, 2), previous_digest="", digest="",
        algorithm=Algorithm.SHA256, signature=key.sign(TEXT), key_id=key_id(key.public_key),
        public_key=key.public_key, recorded_at=MONDAY,
    )  # fmt: skip


def test_a_key_is_made_on_first_use_for_its_owner_only_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "new" / "anchor-key.pem"
    first = load_or_make_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_or_make_key(path).public_key == first.public_key
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_whoever_makes_it_at_once_gets_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: load_or_make_key(tmp_path / "key.pem").public_key, range(8)))
    assert len(keys) == 1


def test_a_signature_is_right_for_its_text_its_key_and_its_key_id_only(tmp_path: Path) -> None:
    anchor, other = anchor_by(tmp_path / "a.pem"), anchor_by(tmp_path / "b.pem")
    assert is_signed(anchor, TEXT)
    assert not is_signed(anchor, TEXT + b".")
    for name in ("signature", "public_key", "key_id"):
        assert not is_signed(replace(anchor, **{name: getattr(other, name)}), TEXT)
        assert not is_signed(replace(anchor, **{name: "坏"}), TEXT)


def test_another_program_verifies_the_signature_with_the_public_key(tmp_path: Path) -> None:
    anchor = anchor_by(tmp_path / "key.pem")
    (tmp_path / "public.pem").write_text(public_pem(anchor.public_key))
    (tmp_path / "text").write_bytes(TEXT)
    (tmp_path / "signature").write_bytes(base64.b64decode(anchor.signature))
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-rawin", "-in", "text", "-sigfile",
         "signature"], cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert load_public_key(tmp_path / "public.pem") == anchor.public_key


def test_the_key_id_is_the_beginning_of_the_digest_of_the_public_key(tmp_path: Path) -> None:
    public = load_or_make_key(tmp_path / "key.pem").public_key
    assert key_id(public) == hashlib.sha256(base64.b64decode(public)).hexdigest()[:16]


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [
        (Algorithm.SHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (Algorithm.SM3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    ],
)
def test_digests_are_those_of_the_standards(algorithm: Algorithm, digest: str) -> None:
    """The example of FIPS 180-4 and that of GB/T 32905-2016."""
    hasher = Digest(algorithm)
    hasher.update(b"a")
    hasher.update(b"bc")
    assert hasher.hexdigest() == digest


def test_what_is_no_key_of_this_kind_is_refused(tmp_path: Path) -> None:
    other = generate_private_key(SECP256R1())
    (tmp_path / "junk").write_bytes(b"-----BEGIN")
    (tmp_path / "private").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "public").write_bytes(other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    for load, name in (
        (load_key, "junk"),
        (load_key, "private"),
        (load_public_key, "junk"),
        (load_public_key, "public"),
    ):
        with pytest.raises(Invalid, match="没有 Ed25519 密钥"):
            load(tmp_path / name)
    with pytest.raises(Invalid, match="无法读取"):
        load_key(tmp_path / "nothing")
    with pytest.raises(Invalid, match="无法写到"):
        load_or_make_key(tmp_path / "junk" / "key.pem")
