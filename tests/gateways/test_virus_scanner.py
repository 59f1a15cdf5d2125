"""What a scanner's answers mean; whatever is no verdict is none."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.domain.attachment import AttachmentLimits
from app.domain.errors import Invalid
from app.gateways.virus_scanner import Clamd, Finding, ScannerUnavailable
from app.services.shelf import open_shelf
from tests.files import EICAR
from tests.gateways.scanners import clamd


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for place in range(0, len(content), 7):
        yield content[place : place + 7]


async def test_a_scanner_says_what_it_finds() -> None:
    async with clamd() as address:
        assert await Clamd(address).scan(pieces(b"harmless" * 100)) == Finding(None)
        assert await Clamd(address).scan(pieces(b"x" * 50 + EICAR)) == Finding("Eicar-Signature")


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0", b"\xff\xfe"])
async def test_what_is_no_verdict_is_none(answer: bytes) -> None:
    async with clamd(answer) as address:
        with pytest.raises(ScannerUnavailable):
            await Clamd(address).scan(pieces(b"x"))


async def test_a_silent_scanner_is_not_waited_for() -> None:
    async with clamd(silent=True) as address:
        with pytest.raises(ScannerUnavailable):
            await Clamd(address, seconds=0.1).scan(pieces(b"x"))


@pytest.mark.parametrize("address", ["tcp:127.0.0.1:9", "unix:/nowhere/clamd.sock"])
async def test_a_scanner_that_is_not_there_is_unavailable(address: str) -> None:
    with pytest.raises(ScannerUnavailable):
        await Clamd(address).scan(pieces(b"x"))


@pytest.mark.parametrize("address", ["", "clamd", "unix:", "tcp:host", "http://host:1"])
def test_a_setting_that_names_no_scanner_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(Invalid):
        open_shelf(str(tmp_path), home=tmp_path, clamd=address, limits=AttachmentLimits(), upload_seconds=1)
