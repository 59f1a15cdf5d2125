"""Whether a file is plain text: UTF-8, readable, and neither a page nor a program."""

import codecs
import re
from typing import IO

from app.domain.attachment_errors import UnsupportedFile
from app.gateways.disk import CHUNK

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x9f]")
_ALIEN = re.compile(
    r"<\s*(?:!doctype|\?xml|\?php|!entity|html|head|body|script|svg|iframe|object|embed|%)|%PDF-", re.IGNORECASE
)
"""Marks of pages and programs, and of a PDF: its readers put up with words before it."""
OVERLAP = 64
"""Characters kept of the piece before, so that no mark hides on the border of two."""


def is_plain_text(file: IO[bytes]) -> bool:
    """Tell whether a file is text in UTF-8; raise `UnsupportedFile` for pages and programs."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    file.seek(0)
    before = ""
    try:
        while piece := file.read(CHUNK):
            text = before + decoder.decode(piece)
            if _CONTROLS.search(text):
                return False
            _refuse_markup(text)
            before = text[-OVERLAP:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_markup(text: str) -> None:
    if _ALIEN.search(text) or (text.lstrip()[:1] == "<"):
        raise UnsupportedFile("不能上传网页、SVG、XML 或脚本，请另存为 PDF 后上传。")
