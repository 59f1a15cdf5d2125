"""Receives one file: counted and timed while it arrives, judged when it is whole, put in its place at last."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Request
from starlette.requests import ClientDisconnect

from app.api.multipart import FORM_OVERHEAD, Form, read_form
from app.domain.attachment import Scan
from app.domain.attachment_errors import UploadBroken, UploadTooSlow
from app.domain.attachment_kind import named_for
from app.domain.attachment_room import file_too_large
from app.gateways.arriving_file import ArrivingFile, arriving
from app.gateways.disk import pieces_of
from app.gateways.file_type import kind_of
from app.gateways.virus_scanner import ScannerUnavailable
from app.services.attachments import NewFile
from app.services.shelf import Shelf
from app.storage.ids import new_id


@asynccontextmanager
async def received(request: Request, shelf: Shelf) -> AsyncIterator[tuple[Form, NewFile]]:
    """Receive the file, find out what it is, and put it in its place; nothing stays of a refused one."""
    too_large = file_too_large(shelf.limits)
    async with arriving(shelf.arriving, most=shelf.limits.file_bytes, too_large=too_large) as file:
        form = await _read(request, shelf, file)
        stored = await file.finish()
        kind = await asyncio.to_thread(kind_of, file.path)
        name = named_for(form.file_name, form.file_type, kind)
        scan, virus = await _scanned(shelf, file.path)
        upload = NewFile(new_id(request.state.now), name, kind, stored.size, stored.sha256, scan, virus)
        await shelf.files.keep(upload.id, file.path)
        yield form, upload


async def _read(request: Request, shelf: Shelf, file: ArrivingFile) -> Form:
    content_type = request.headers.get("content-type", "")
    try:
        async with asyncio.timeout(shelf.upload_seconds):
            return await read_form(content_type, _pieces(request, shelf), file.write)
    except TimeoutError:
        raise UploadTooSlow(f"上传超过{shelf.upload_seconds:g}秒仍未完成，已中止；请检查网络后重新上传。") from None
    except ClientDisconnect:
        raise UploadBroken("上传中断，文件没有保存，请重新上传。") from None


async def _pieces(request: Request, shelf: Shelf) -> AsyncIterator[bytes]:
    """Return the body as it arrives, as long as a form with one file may be."""
    most = shelf.limits.file_bytes + FORM_OVERHEAD
    stated = request.headers.get("content-length", "0")
    received = int(stated) if stated.isdecimal() and len(stated) < 20 and int(stated) > most else 0
    async for piece in request.stream():
        received += len(piece)
        if received > most:
            raise file_too_large(shelf.limits)
        yield piece


async def _scanned(shelf: Shelf, path: Path) -> tuple[Scan, str | None]:
    """Ask the scanner, if there is one; where it cannot say, the file waits for it."""
    if shelf.scanner is None:
        return Scan.UNSCANNED, None
    try:
        finding = await shelf.scanner.scan(pieces_of(path))
    except ScannerUnavailable:
        return Scan.PENDING, None
    return (Scan.CLEAN if finding.virus is None else Scan.INFECTED), finding.virus
