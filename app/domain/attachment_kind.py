"""The kinds of files that may be attached, and the names that fit them."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.attachment_name import clean_name, extension_of
from app.domain.errors import Fault, Invalid


class FileKind(StrEnum):
    """What offices exchange, and nothing that runs."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    TEXT = "text"
    DOCX = "docx"
    XLSX = "xlsx"
    OFD = "ofd"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What is known of a kind: the type that we serve it as, its extensions, other names that senders give it."""

    media_type: str
    extensions: tuple[str, ...]
    also: frozenset[str] = frozenset()


OFFICE_TYPE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    FileKind.PDF: KindFacts("application/pdf", ("pdf",), frozenset({"application/x-pdf"})),
    FileKind.PNG: KindFacts("image/png", ("png",), frozenset({"image/x-png"})),
    FileKind.JPEG: KindFacts("image/jpeg", ("jpg", "jpeg"), frozenset({"image/jpg", "image/pjpeg"})),
    FileKind.WEBP: KindFacts("image/webp", ("webp",)),
    FileKind.TEXT: KindFacts("text/plain", ("txt",)),
    FileKind.DOCX: KindFacts(f"{OFFICE_TYPE}.wordprocessingml.document", ("docx",)),
    FileKind.XLSX: KindFacts(f"{OFFICE_TYPE}.spreadsheetml.sheet", ("xlsx",)),
    FileKind.OFD: KindFacts("application/ofd", ("ofd",), frozenset({"application/vnd.ofd", "application/x-ofd"})),
}
ANY_TYPE = frozenset({"", "application/octet-stream"})
"""What senders state who do not know the type."""
TAKEN = "PDF、OFD、DOCX、XLSX、PNG、JPEG、WebP 或 UTF-8 纯文本（.txt）"


def named_for(sent: str, declared_type: str, kind: FileKind) -> str:
    """Return the name to keep; raise `Invalid` where the name's extension or the stated type contradicts the content.

    A name without an extension gets the one of its kind.
    """
    facts, name = KINDS[kind], clean_name(sent)
    extension = extension_of(name)
    if extension and extension not in facts.extensions:
        raise _mismatch(kind, "文件名的扩展名")
    stated = declared_type.partition(";")[0].strip().lower()
    if stated not in ANY_TYPE | facts.also | {facts.media_type}:
        raise _mismatch(kind, "所声明的类型")
    return name if extension else clean_name(f"{name}.{facts.extensions[0]}")


def _mismatch(kind: FileKind, what: str) -> Invalid:
    reason = f"{what}与内容不符：内容是{KINDS[kind].extensions[0].upper()}"
    return Invalid("文件与其名称或类型不符，没有保存。", Fault("file", reason), code="content-type-mismatch")
