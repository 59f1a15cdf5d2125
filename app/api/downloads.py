"""Files out: always saved, never shown in place, whole or one range of them."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

from app.domain.attachment import Attachment
from app.domain.attachment_name import extension_of
from app.services.attachment_contents import Window

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def headers_of(attachment: Attachment) -> dict[str, str]:
    """Return what makes a browser save a file under its name and run nothing of it."""
    fallback = f"attachment.{extension_of(attachment.name)}"
    written = quote(attachment.name, safe="")
    return {
        "Content-Disposition": f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{written}",
        "Content-Type": attachment.media_type,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "ETag": tag_of(attachment),
        "Accept-Ranges": "bytes",
    }


def tag_of(attachment: Attachment) -> str:
    """Return the ETag of a content: its SHA-256."""
    return f'"{attachment.sha256}"'


def is_known(headers: Mapping[str, str], attachment: Attachment) -> bool:
    """Tell whether the reader has this content already."""
    known = {one.strip().removeprefix("W/") for one in headers.get("if-none-match", "").split(",")}
    return tag_of(attachment) in known or "*" in known


def window_asked(headers: Mapping[str, str], attachment: Attachment) -> Window | None:
    """Return the single range that is asked for; None for the whole, also where several are asked for.

    A range that begins behind the end is returned empty.
    """
    match = _RANGE.fullmatch(headers.get("range", "").strip())
    if match is None or headers.get("if-range", tag_of(attachment)) != tag_of(attachment):
        return None
    return _window(match[1], match[2], attachment.size)


def window_headers(attachment: Attachment, window: Window, *, partial: bool) -> dict[str, str]:
    """Return the headers of an answer that holds the bytes in the window."""
    headers = headers_of(attachment) | {"Content-Length": str(window.end - window.start)}
    if partial:
        headers["Content-Range"] = f"bytes {window.start}-{window.end - 1}/{attachment.size}"
    return headers


def unsatisfiable(attachment: Attachment) -> Response:
    """Answer a range that lies behind the end."""
    return Response(status_code=416, headers={"Content-Range": f"bytes */{attachment.size}"})


def _window(first: str, last: str, size: int) -> Window | None:
    if first:
        end = min(int(last) + 1, size) if last else size
        return None if last and int(last) < int(first) else Window(min(int(first), size), end)
    return Window(size - min(int(last), size), size) if last else None
