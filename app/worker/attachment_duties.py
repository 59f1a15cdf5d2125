"""What the worker does about attachments."""

import logging

from app.services.attachment_care import CareReport, check_attachments, remove_orphans
from app.services.attachment_scans import scan_pending
from app.worker.duties import Bench

logger = logging.getLogger("bihuan.worker")


async def scan_attachments(bench: Bench) -> None:
    """Ask the virus scanner about the files that wait for it."""
    if bench.office.shelf is not None:
        await scan_pending(bench.office, bench.office.shelf, now=bench.read_time())


async def look_after_attachments(bench: Bench) -> None:
    """Remove files without a row, and report rows without a file."""
    if bench.office.shelf is None:
        return
    removed = await remove_orphans(bench.office, bench.office.shelf, now=bench.read_time())
    report = await check_attachments(bench.office, bench.office.shelf, now=bench.read_time())
    logger.log(logging.INFO if report.is_sound else logging.ERROR, care_told(report, removed))


def care_told(report: CareReport, removed: int) -> str:
    """Return in one sentence how the attachments fare."""
    return f"附件{report.rows}个，缺失{len(report.lost)}个，损坏{len(report.damaged)}个；清理无主文件{removed}个"
