"""Asks the virus scanner about the files that wait for it, and locks away what it finds something in."""

from datetime import datetime, timedelta
from uuid import UUID

from app.domain.attachment import Scan
from app.domain.roles import SYSTEM
from app.gateways.virus_scanner import Finding, Scanner, ScannerUnavailable
from app.services.attachments import record_quarantine
from app.services.cases import take_by_id
from app.services.office import Office
from app.services.shelf import Shelf
from app.storage.queries.attachments import note_asked, one_attachment, pending_scans

SCANS_A_ROUND = 50
ASKED_AGAIN_AFTER = timedelta(minutes=5)


async def scan_pending(office: Office, shelf: Shelf, *, now: datetime) -> int:
    """Ask the scanner about files that wait for it; return how many it could judge."""
    if shelf.scanner is None:
        return 0
    async with office.look() as work:
        waiting = await pending_scans(work.connection, before=now - ASKED_AGAIN_AFTER, limit=SCANS_A_ROUND)
    judged = 0
    for attachment_id, appeal_id in waiting:
        judged += await _scan(office, shelf, shelf.scanner, attachment_id, appeal_id, now)
    return judged


async def _scan(
    office: Office, shelf: Shelf, scanner: Scanner, attachment_id: UUID, appeal_id: UUID, now: datetime
) -> bool:
    try:
        finding = await scanner.scan(shelf.files.read(attachment_id))
    except ScannerUnavailable:
        async with office.work() as work:
            await note_asked(work.connection, attachment_id, now)
        return False
    await _judge(office, attachment_id, appeal_id, finding, now)
    return True


async def _judge(office: Office, attachment_id: UUID, appeal_id: UUID, finding: Finding, now: datetime) -> None:
    async with office.work() as work:
        case = await take_by_id(work, appeal_id)
        found = await one_attachment(work.connection, appeal_id, attachment_id)
        # Somebody else may have judged it, or its uploader deleted it, since it was read.
        if found is None or found.scan is not Scan.PENDING or found.deleted_at is not None:
            return
        scan = Scan.CLEAN if finding.virus is None else Scan.INFECTED
        values = {"scan": scan, "scan_finding": finding.virus, "scanned_at": now}
        work.changes.update("attachment", attachment_id, values)
        if scan is Scan.INFECTED:
            record_quarantine(work, case, attachment_id, virus=finding.virus, actor=SYSTEM, now=now)
