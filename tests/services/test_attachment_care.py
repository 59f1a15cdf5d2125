"""Rows and files stay together; what a scanner finds is locked away."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from app.gateways.file_store import key_of
from app.gateways.virus_scanner import Clamd
from app.services.attachment_care import GRACE, check_attachments, remove_orphans
from app.services.attachment_scans import scan_pending
from tests.api.test_downloads import stored
from tests.api.test_uploads import shelf_of, traces
from tests.files import EICAR
from tests.gateways.scanners import clamd
from tests.house import House
from tests.journeys.test_attachments import attached, files, put

LATER = timedelta(minutes=6)
VIRUS = {"content": EICAR, "name": "a.txt", "stated": ""}


def long_after(house: House) -> datetime:
    """Return an instant when every grace is over, by the clock that the files were written by."""
    return datetime.now(UTC) + GRACE + timedelta(minutes=1)


async def test_files_without_a_row_go_after_a_grace_and_no_others(house: House) -> None:
    number = (await house.file())["number"]
    path = await attached(house, "enterprise", number)
    shelf = shelf_of(house)
    orphan = shelf.arriving.parent / key_of(uuid4())
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"x")
    half = shelf.arriving / "x.part"
    half.write_bytes(b"x")
    assert await remove_orphans(house.office, shelf, now=datetime.now(UTC)) == 0
    report = await check_attachments(house.office, shelf, now=long_after(house))
    assert ([str(one) for one in report.orphans], report.rows, report.files) == ([orphan.name], 1, 2)
    assert await remove_orphans(house.office, shelf, now=long_after(house)) == 2
    assert files(house) == [stored(house, path)]


async def test_the_file_of_a_deleted_row_goes_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number = (await house.file())["number"]
    path = await attached(house, "enterprise", number)
    content = stored(house, path).read_bytes()
    file = stored(house, path)
    await house.ask("enterprise", "DELETE", path)
    file.write_bytes(content)
    assert await remove_orphans(house.office, shelf_of(house), now=long_after(house)) == 1
    assert files(house) == []


async def test_rows_without_a_file_or_with_another_are_reported(house: House) -> None:
    number = (await house.file())["number"]
    paths = [await attached(house, "enterprise", number) for _ in range(4)]
    shelf, now = shelf_of(house), house.now
    assert (await check_attachments(house.office, shelf, now=now, hashes=True)).is_sound
    lost, short, changed = (stored(house, path) for path in paths[:3])
    lost.unlink()
    short.write_bytes(b"x")
    changed.write_bytes(changed.read_bytes()[::-1])
    quick = await check_attachments(house.office, shelf, now=now)
    assert ([named(one) for one in quick.lost], [named(one) for one in quick.damaged]) == ([lost.name], [short.name])
    thorough = await check_attachments(house.office, shelf, now=now, hashes=True)
    assert {named(one) for one in thorough.damaged} == {short.name, changed.name}
    assert not thorough.is_sound
    assert {number for number, _ in thorough.damaged} == {number}


def named(found: tuple[str, object]) -> str:
    """Return the id of what was reported."""
    return str(found[1])


# Scanning ------------------------------------------------------------------------------------------------------------


async def test_an_infected_file_is_quarantined_and_its_uploader_told(house: House) -> None:
    number, _ = await house.assigned()
    async with clamd() as address:
        shelf_of(house).scanner = Clamd(address)
        clean = (await put(house, "enterprise", number)).json()
        found = (await put(house, "enterprise", number, **VIRUS)).json()
    assert (clean["scan"], clean["scan_finding"]) == ("clean", None)
    assert (found["scan"], found["scan_name"], found["scan_finding"]) == (
        "infected", "发现病毒，已隔离", "Eicar-Signature",
    )  # fmt: skip
    path = f"/appeals/{number}/attachments/{found['id']}"
    for who in ("enterprise", "dispatcher", "officer", "leader"):
        for method in ("GET", "HEAD"):
            assert (await house.ask(who, method, path)).status_code == 409, who
    assert (await house.ask("officer", "GET", path.replace(found["id"], clean["id"]))).status_code == 200
    events = await house.items(f"/appeals/{number}/timeline")
    assert [one["action"] for one in events[-3:]] == ["attach", "attach", "quarantine"]
    assert events[-1]["payload"] == {"attachment_id": found["id"], "virus": "Eicar-Signature"}


async def test_a_file_waits_for_a_scanner_that_is_away(house: House) -> None:
    number, _ = await house.assigned()
    shelf = shelf_of(house)
    shelf.scanner = Clamd("tcp:127.0.0.1:9")
    good, bad = (
        (await put(house, "enterprise", number)).json(),
        (await put(house, "enterprise", number, **VIRUS)).json(),
    )
    assert (good["scan"], bad["scan"]) == ("pending", "pending")
    paths = [f"/appeals/{number}/attachments/{one['id']}" for one in (good, bad)]
    refused = await house.ask("officer", "GET", paths[0])
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/attachment-not-scanned")
    assert (await house.ask("enterprise", "GET", paths[0])).status_code == 200
    assert await scan_pending(house.office, shelf, now=house.now) == 0
    async with clamd() as address:
        shelf.scanner = Clamd(address)
        assert await scan_pending(house.office, shelf, now=house.now) == 0, "asked again after a while only"
        assert await scan_pending(house.office, shelf, now=house.now + LATER) == 2
        assert await scan_pending(house.office, shelf, now=house.now + LATER) == 0
    answers = [(await house.ask("officer", "GET", path)).status_code for path in paths]
    assert answers == [200, 409]
    event = (await house.items(f"/appeals/{number}/timeline"))[-1]
    assert (event["action"], event["actor_name"]) == ("quarantine", "系统")


async def test_without_a_scanner_files_are_unscanned_and_nothing_waits(house: House, tmp_path: Path) -> None:
    number = (await house.file())["number"]
    assert (await put(house, "enterprise", number, **VIRUS)).json()["scan"] == "unscanned"
    assert await scan_pending(house.office, shelf_of(house), now=house.now) == 0
    assert (await traces(house))["attachments"] == 1
