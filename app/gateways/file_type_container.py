"""DOCX, XLSX and OFD: containers whose directory is looked through before anything in them is unpacked."""

import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

from app.domain.attachment_errors import UnsupportedFile
from app.domain.attachment_kind import FileKind
from app.gateways.file_type_directory import broken, check_directory, check_end

BEGINNING = 4_096
"""Bytes unpacked of each member."""
TYPES_MEMBER = "[Content_Types].xml"
LONGEST_TYPES = 1_048_576
PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff"})
OFFICE_MEMBERS = PICTURES | {"xml", "rels", "vml", "emf", "wmf", "wdp", "odttf", "sigs", "psdsxs"}
OFD_MEMBERS = PICTURES | {"xml", "jb2", "ttf", "otf", "ttc", "dat", "esl", "asn1"}
PRINTER_SETTINGS = "printersettings"
MACROS = ("vbaproject", "vbadata", "macrosheets", "activex", "dialogsheets")
ALIEN = (b"MZ", b"\x7fELF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"#!", b"%PDF-")
MAIN_TYPES = {
    b"wordprocessingml.document.main+xml": FileKind.DOCX,
    b"spreadsheetml.sheet.main+xml": FileKind.XLSX,
}


def container_kind(file: IO[bytes], size: int) -> FileKind:
    """Return which container a zip file is; raise for archives, macros, ciphers, bombs and stowaways."""
    check_end(file, size)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            check_directory(members, size)
            kind = _kind(archive, {one.filename for one in members})
            for one in members:
                _check_member(archive, one, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, UnicodeError) as error:
        raise broken() from error
    return kind


def _kind(archive: zipfile.ZipFile, names: set[str]) -> FileKind:
    if "OFD.xml" in names:
        return FileKind.OFD
    if TYPES_MEMBER not in names:
        raise UnsupportedFile("不能上传压缩包，请逐个上传其中的文件。")
    with archive.open(TYPES_MEMBER) as member:
        types = member.read(LONGEST_TYPES)
    if b"macroenabled" in types.lower():
        raise _macros()
    kinds = [kind for mark, kind in MAIN_TYPES.items() if mark in types]
    if len(kinds) != 1:
        raise UnsupportedFile("这类 Office 文件不能上传，请另存为 PDF、DOCX 或 XLSX 后上传。")
    return kinds[0]


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, kind: FileKind) -> None:
    name = member.filename
    path = PurePosixPath(name.casefold())
    if name.startswith("/") or "\\" in name or ":" in name or ".." in path.parts:
        raise broken()
    if member.is_dir():
        return
    if any(mark in part for part in path.parts for mark in MACROS):
        raise _macros()
    _check_extension(path, kind)
    with archive.open(member) as content:
        _check_beginning(content.read(BEGINNING), is_xml=path.suffix in (".xml", ".rels", ".vml"))


def _check_extension(path: PurePosixPath, kind: FileKind) -> None:
    allowed = OFD_MEMBERS if kind is FileKind.OFD else OFFICE_MEMBERS
    if path.suffix[1:] in allowed or (path.suffix == ".bin" and path.name.startswith(PRINTER_SETTINGS)):
        return
    raise UnsupportedFile(
        "文件内嵌有其他文件（如嵌入的表格、程序或压缩包），请另存为 PDF 后上传。", code="embedded-file"
    )


def _check_beginning(beginning: bytes, *, is_xml: bool) -> None:
    if beginning.startswith(ALIEN):
        raise UnsupportedFile("文件内藏有其他类型的文件，不能上传。", code="embedded-file")
    # Entities that multiply (十亿大笑) can only be declared before the first element.
    folded = beginning.replace(b"\0", b"").lower()
    if is_xml and (b"<!doctype" in folded or b"<!entity" in folded):
        raise UnsupportedFile("文件内部的 XML 含有实体声明，不能上传。", code="entities")


def _macros() -> UnsupportedFile:
    return UnsupportedFile("不能上传带宏或控件的文件，请另存为不带宏的 DOCX、XLSX 或 PDF 后上传。", code="macros")
