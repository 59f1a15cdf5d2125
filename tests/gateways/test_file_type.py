"""What a file is by its content."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attachment_errors import UnsupportedFile
from app.domain.errors import DomainError
from app.gateways.file_type import kind_of
from tests.files import GOOD, REFUSED, bombs, encrypted, jpeg, png, webp, xlsx

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "arrived"


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_file_is_what_it_is(path: Path, kind: str) -> None:
    path.write_bytes(GOOD[kind][1])
    assert kind_of(path) == kind


def test_what_printers_leave_in_a_workbook_is_taken(path: Path) -> None:
    path.write_bytes(xlsx({"xl/printerSettings/printerSettings1.bin": b"H\0P\0", "docProps/thumbnail.jpeg": jpeg()}))
    assert kind_of(path) == "xlsx"


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_taken_is_refused_in_chinese(path: Path, what: str) -> None:
    path.write_bytes(REFUSED[what])
    with pytest.raises(DomainError) as refusal:
        kind_of(path)
    assert any("\u4e00" <= one <= "\u9fff" for one in refusal.value.message)


@pytest.mark.parametrize("good", GOOD)
def test_no_other_file_with_something_before_it_is_taken_as_itself(path: Path, good: str) -> None:
    if good != "text":
        path.write_bytes(b"\0" + GOOD[good][1])
        with pytest.raises(UnsupportedFile):
            kind_of(path)


def test_an_encrypted_container_is_refused(path: Path) -> None:
    path.write_bytes(encrypted())
    with pytest.raises(UnsupportedFile) as refusal:
        kind_of(path)
    assert refusal.value.code == "encrypted"


@pytest.mark.parametrize("picture", [png, jpeg, webp])
def test_pictures_are_taken_up_to_a_size(path: Path, picture: type) -> None:
    path.write_bytes(picture(12_000, 10_000))
    kind_of(path)
    for width, height in ((12_000, 10_001), (16_000, 16_000)):
        path.write_bytes(picture(width, height))
        with pytest.raises(DomainError) as refusal:
            kind_of(path)
        assert refusal.value.code == "picture-too-large"


def test_markup_on_the_border_of_two_pieces_is_found(path: Path) -> None:
    for before in range(262_144 - 9, 262_144 + 1):
        path.write_bytes(b"a" * before + b"<script>")
        with pytest.raises(UnsupportedFile):
            kind_of(path)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.", b"RIFF", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]),
)
def test_no_content_breaks_the_look(tmp_path_factory: pytest.TempPathFactory, content: bytes, begin: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed"
    path.write_bytes(begin + content)
    try:
        kind_of(path)
    except DomainError:
        return


@given(st.sampled_from(["docx", "xlsx", "ofd"]), st.integers(0, 400), st.integers(0, 255))
def test_no_changed_byte_breaks_the_look(
    tmp_path_factory: pytest.TempPathFactory, good: str, place: int, byte: int
) -> None:
    content = bytearray(GOOD[good][1])
    content[place % len(content)] = byte
    path = tmp_path_factory.getbasetemp() / "changed"
    path.write_bytes(content)
    try:
        kind_of(path)
    except DomainError:
        return


LOOK = """
import json, re, sys, time
from pathlib import Path
from app.gateways.file_type import kind_of
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    began = time.perf_counter()
    try:
        said = str(kind_of(path))
    except Exception as refusal:
        said = getattr(refusal, "code", repr(refusal))
    told[path.name] = [said, time.perf_counter() - began]
print(json.dumps([told, int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) * 1024]))
"""
REFUSALS = {"archive-too-large", "picture-too-large", "embedded-file", "entities"}


def test_twelve_bombs_are_refused_quickly_and_in_little_memory(tmp_path: Path) -> None:
    for name, content in bombs().items():
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=60
    )
    # The most that its own memory ever was; what the system counts for a child includes the parent before it.
    told, memory = json.loads(done.stdout)
    assert len(told) == 12
    assert {name: said for name, (said, _) in told.items() if said not in REFUSALS} == {}
    assert {name: seconds for name, (_, seconds) in told.items() if seconds >= 1} == {}
    assert memory < 100_000_000


def test_the_largest_honest_text_is_looked_through_within_a_second(path: Path) -> None:
    path.write_bytes("公示期满。\n".encode() * (20 * 1_048_576 // 16))
    began = time.perf_counter()
    assert kind_of(path) == "text"
    assert time.perf_counter() - began < 2
