"""What a file is by its content, never by its name: one of the kinds that are taken, or a refusal that says why."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from app.domain.attachment_errors import UnsupportedFile
from app.domain.attachment_kind import TAKEN, FileKind
from app.gateways.file_type_container import container_kind
from app.gateways.file_type_image import check_jpeg, check_png, check_webp
from app.gateways.file_type_text import is_plain_text

HEAD_BYTES = 64
PDF_TAIL_BYTES = 1_024
Check = Callable[[IO[bytes], int], None]


def kind_of(path: Path) -> FileKind:
    """Return what a file is; reads bounded parts of it and unpacks only the beginnings of its members.

    Raise `UnsupportedFile` for what is not taken, `Invalid` for what is larger inside than it may be.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        _refuse_named(head)
        for signature, kind, check in SIGNATURES:
            if head.startswith(signature):
                check(file, size)
                _refuse_second_nature(file)
                return kind
        if head.startswith(b"PK\x03\x04"):
            return container_kind(file, size)
        if size and is_plain_text(file):
            _refuse_second_nature(file)
            return FileKind.TEXT
    raise UnsupportedFile(f"文件内容无法识别，或不是可以上传的类型；可以上传{TAKEN}。")


def _refuse_named(head: bytes) -> None:
    """Say of the commonest refused kinds what to do instead."""
    for signature, reason in REFUSED.items():
        if head.startswith(signature):
            raise UnsupportedFile(reason)


def _refuse_second_nature(file: IO[bytes]) -> None:
    """Refuse a file that is an archive as well: those who open it would see another than we did."""
    if zipfile.is_zipfile(file):
        raise UnsupportedFile("文件内另附有压缩包，请去掉后重新上传。", code="polyglot")


def _check_pdf(file: IO[bytes], size: int) -> None:
    """A PDF begins with its mark and ends with the mark of its end."""
    file.seek(max(0, size - PDF_TAIL_BYTES))
    if b"%%EOF" not in file.read(PDF_TAIL_BYTES):
        raise UnsupportedFile("PDF 不完整，或末尾附有其他内容，请重新生成后上传。")


SIGNATURES: tuple[tuple[bytes, FileKind, Check], ...] = (
    (b"%PDF-1.", FileKind.PDF, _check_pdf),
    (b"%PDF-2.", FileKind.PDF, _check_pdf),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG, check_png),
    (b"\xff\xd8\xff", FileKind.JPEG, check_jpeg),
    (b"RIFF", FileKind.WEBP, check_webp),
)
REFUSED = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "旧版 Office 文件（DOC、XLS、WPS）和加密的 Office 文件不能上传，"
    "请去掉密码、另存为 DOCX、XLSX 或 PDF 后上传。",
    b"MZ": "不能上传可执行文件。",
    b"\x7fELF": "不能上传可执行文件。",
    b"#!": "不能上传脚本。",
    b"Rar!": "不能上传压缩包，请逐个上传其中的文件。",
    b"7z\xbc\xaf\x27\x1c": "不能上传压缩包，请逐个上传其中的文件。",
    b"\x1f\x8b": "不能上传压缩包，请逐个上传其中的文件。",
    b"PK\x05\x06": "不能上传压缩包，请逐个上传其中的文件。",
}
