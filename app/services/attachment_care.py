"""Keeps rows and files together: removes files without a row, reports rows without a file."""

import hashlib
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.gateways.arriving_file import abandoned
from app.gateways.file_store import KeptFile
from app.services.attachment_contents import report_damage, report_repair
from app.services.office import Office
from app.services.shelf import Shelf
from app.storage.queries.attachments import live_attachments, live_ids

GRACE = timedelta(hours=24)
"""How long a file may lie without a row: far longer than any upload takes."""
LOOKED_UP_AT_ONCE = 500

logger = logging.getLogger("bihuan.attachments")


@dataclass(slots=True)
class CareReport:
    """What a check has found: files without a row, rows (appeal, id) without a file or with another content."""

    files: int = 0
    rows: int = 0
    orphans: list[UUID] = field(default_factory=list)
    lost: list[tuple[str, UUID]] = field(default_factory=list)
    damaged: list[tuple[str, UUID]] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Tell whether every row has its file; files without a row harm nobody."""
        return not (self.lost or self.damaged)


async def check_attachments(office: Office, shelf: Shelf, *, now: datetime, hashes: bool = False) -> CareReport:
    """Compare rows and files without removing anything; with `hashes` every content is read."""
    report = CareReport()
    async for one in _orphans(office, shelf, report):
        if one.written_at < now - GRACE:
            report.orphans.append(one.id)
    await _check_rows(office, shelf, report, now=now, hashes=hashes)
    return report


async def remove_orphans(office: Office, shelf: Shelf, *, now: datetime) -> int:
    """Remove what was written longer ago than the grace and belongs to nothing; return how many files went."""
    removed = 0
    async for one in _orphans(office, shelf, CareReport()):
        if one.written_at < now - GRACE:
            await shelf.files.delete(one.id)
            removed += 1
    for path in abandoned(shelf.arriving, before=now - GRACE):
        path.unlink(missing_ok=True)
        removed += 1
    return removed


async def _orphans(office: Office, shelf: Shelf, report: CareReport) -> AsyncIterator[KeptFile]:
    """Return the files that no live row has, some hundred looked up at a time."""
    batch: list[KeptFile] = []
    async for one in shelf.files.list():
        report.files += 1
        batch.append(one)
        if len(batch) == LOOKED_UP_AT_ONCE:
            for orphan in await _without_row(office, batch):
                yield orphan
            batch = []
    for orphan in await _without_row(office, batch):
        yield orphan


async def _without_row(office: Office, batch: Sequence[KeptFile]) -> list[KeptFile]:
    async with office.look() as work:
        live = await live_ids(work.connection, [one.id for one in batch])
    return [one for one in batch if one.id not in live]


async def _check_rows(office: Office, shelf: Shelf, report: CareReport, *, now: datetime, hashes: bool) -> None:
    after = UUID(int=0)
    while True:
        async with office.look() as work:
            rows = await live_attachments(work.connection, after=after, limit=LOOKED_UP_AT_ONCE)
        for row in rows:
            await _check_row(office, shelf, report, row, now=now, hashes=hashes)
        if len(rows) < LOOKED_UP_AT_ONCE:
            return
        after = rows[-1]["id"]


async def _check_row(
    office: Office, shelf: Shelf, report: CareReport, row: dict[str, Any], *, now: datetime, hashes: bool
) -> None:
    report.rows += 1
    named = row["number"], row["id"]
    try:
        right = await shelf.files.size(row["id"]) == row["size"]
        right = right and (not hashes or await _digest(shelf, row["id"]) == row["sha256"])
    except FileNotFoundError:
        await _note_fault(office, row, report.lost, named, now)
        return
    if not right:
        await _note_fault(office, row, report.damaged, named, now)
    elif hashes and row["damaged_at"] is not None:
        await report_repair(office, row["id"])


async def _note_fault(
    office: Office, row: dict[str, Any], faults: list[tuple[str, UUID]], named: tuple[str, UUID], now: datetime
) -> None:
    """Note what is wrong with a row, unless it was deleted since it was read."""
    async with office.look() as work:
        live = await live_ids(work.connection, [row["id"]])
    if not live:
        return
    faults.append(named)
    if row["damaged_at"] is None:
        await report_damage(office, row["id"], now)


async def _digest(shelf: Shelf, attachment_id: UUID) -> str:
    digest = hashlib.sha256()
    async for piece in shelf.files.read(attachment_id):
        digest.update(piece)
    return digest.hexdigest()
