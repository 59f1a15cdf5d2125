"""A look at a workbook before anything reads it: what is in the archive, how large it really is, what it hides.

Only the child process with its limits looks: even a table of contents can be made to fill the memory. What is counted
here is what a reader would have to hold, whatever the archive states of itself.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.gateways.sheet_refusal import BadSheet

MOST_MEMBERS: Final = 1_000
MOST_UNPACKED: Final = 400 * 1024 * 1024
SUSPECT_SIZE, SUSPECT_RATIO = 4 * 1024 * 1024, 150
"""A sheet of letters packs to a third, one of figures to a twentieth; nothing but emptiness packs to a hundredth."""
MOST_STRINGS: Final = 1_000_000
MOST_CELLS: Final = 3_000_000
MOST_ROWS_OF_A_SHEET: Final = 1_048_576
MOST_DEPTH: Final = 256
CHUNK: Final = 64 * 1024
OVERLAP: Final = 16
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b\x08", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ")
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_END, _END_LENGTH, _LONGEST_COMMENT = b"PK\x05\x06", 22, 0xFFFF
_CONTENTS_LIMIT = 1024 * 1024
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_HEADER_LENGTH = 30


@dataclass(slots=True)
class Tally:
    """What has been counted of a workbook so far."""

    unpacked: int = 0
    rows: int = 0
    cells: int = 0
    strings: int = 0


def refuse_bad_archive(path: Path) -> None:
    """Raise `BadSheet` for an archive that is no workbook or larger than anything to be imported."""
    _refuse_contents(path)
    try:
        with path.open("rb") as file, ZipFile(file) as archive:
            members = archive.infolist()
            _refuse_members(members, path.stat().st_size)
            tally = Tally()
            for member in members:
                _count(file, member, tally)
    except (BadZipFile, zlib.error, NotImplementedError, UnicodeDecodeError) as error:
        raise BadSheet("无法作为工作簿读取：压缩包已损坏，请重新另存为 .xlsx。") from error


def _refuse_contents(path: Path) -> None:
    """Read the end of the archive by hand: the library would read a table of contents of any length."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LONGEST_COMMENT - _END_LENGTH))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_LENGTH:
        raise BadSheet("无法作为工作簿读取：文件不完整或已损坏，请重新另存为 .xlsx。")
    members, contents = (int.from_bytes(tail[at + start : at + end], "little") for start, end in ((10, 12), (12, 16)))
    if members > MOST_MEMBERS or contents > _CONTENTS_LIMIT:
        raise BadSheet(f"无法作为工作簿读取：压缩包内的文件超过{MOST_MEMBERS}个。")


def _refuse_members(members: list[ZipInfo], size: int) -> None:
    if any(member.flag_bits & 0x1 for member in members):
        raise BadSheet("无法作为工作簿读取：文件已加密，请先取消密码。")
    if not {member.filename for member in members} & set(_WORKBOOKS):
        raise BadSheet("无法作为工作簿读取：其中没有工作表，请另存为 .xlsx。")
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise BadSheet(f"解压后超过{MOST_UNPACKED // 1024**2}MB，请拆分后分次导入。")
    if sum(member.compress_size for member in members) > size:
        raise BadSheet("无法作为工作簿读取：压缩包内的文件相互重叠。")
    for member in members:
        _refuse_ratio(member.file_size, member.compress_size)


def _refuse_ratio(unpacked: int, packed: int) -> None:
    if unpacked > SUSPECT_SIZE and unpacked > SUSPECT_RATIO * max(packed, 1):
        raise BadSheet("压缩比异常，内容几乎全为空白或重复，请删去空白行列后另存。")


def _count(file: IO[bytes], member: ZipInfo, tally: Tally) -> None:
    """Unpack one member without keeping it and count what is in it."""
    is_markup = member.filename.endswith((".xml", ".rels", ".vml"))
    own, depth, before = 0, 0, b""
    for chunk in _unpacked(file, member):
        if own == 0 and chunk.startswith(_ARCHIVES):
            raise BadSheet("工作簿内嵌有其他压缩文件，请删去嵌入的对象后另存。")
        own += len(chunk)
        _refuse_size(own, member, tally)
        if is_markup:
            joined = before + chunk
            _count_markup(joined, len(before), member.filename, tally)
            depth += _deeper(joined) - _deeper(before)
            if depth > MOST_DEPTH:
                raise BadSheet(f"无法作为工作簿读取：内容的嵌套超过{MOST_DEPTH}层。")
            before = joined[-OVERLAP:]
    tally.unpacked += own


def _refuse_size(own: int, member: ZipInfo, tally: Tally) -> None:
    if own > member.file_size:
        raise BadSheet("无法作为工作簿读取：内容比所声明的长。")
    if tally.unpacked + own > MOST_UNPACKED:
        raise BadSheet(f"解压后超过{MOST_UNPACKED // 1024**2}MB，请拆分后分次导入。")


def _count_markup(text: bytes, seen: int, name: str, tally: Tally) -> None:
    if _ENTITIES.search(text) or b"\0" in text:
        raise BadSheet("无法作为工作簿读取：含有不允许的 XML 声明。")
    if name.startswith("xl/worksheets/"):
        tally.rows += _more(text, seen, b"<row")
        tally.cells += _more(text, seen, b"<c ") + _more(text, seen, b"<c>")
    elif name == "xl/sharedStrings.xml":
        tally.strings += _more(text, seen, b"<si>") + _more(text, seen, b"<si ")
    if tally.rows > MOST_ROWS_OF_A_SHEET or tally.cells > MOST_CELLS or tally.strings > MOST_STRINGS:
        raise BadSheet("行或单元格过多，无法一次读取，请删去空白行列，或拆分后分次导入。")


def _more(text: bytes, seen: int, mark: bytes) -> int:
    """Count a mark without those that were counted at the end of the piece before."""
    return text.count(mark) - text[:seen].count(mark)


def _deeper(markup: bytes) -> int:
    """Return how many more elements a piece of markup opens than it closes."""
    closed = 2 * markup.count(b"</") + markup.count(b"/>")
    return markup.count(b"<") - closed - markup.count(b"<?") - markup.count(b"<!")


def _unpacked(file: IO[bytes], member: ZipInfo) -> Iterator[bytes]:
    """Yield a member as it is, piece by piece, up to its real end and not to the one that is stated."""
    file.seek(member.header_offset)
    header = file.read(_HEADER_LENGTH)
    if len(header) < _HEADER_LENGTH or not header.startswith(b"PK\x03\x04"):
        raise BadSheet("无法作为工作簿读取：压缩包已损坏，请重新另存为 .xlsx。")
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    left = member.compress_size
    if member.compress_type == ZIP_STORED:
        yield from _pieces(file, left)
    elif member.compress_type == ZIP_DEFLATED:
        yield from _inflated(file, left)
    else:
        raise BadSheet("无法作为工作簿读取：压缩方式不受支持，请重新另存为 .xlsx。")


def _pieces(file: IO[bytes], left: int) -> Iterator[bytes]:
    while left > 0 and (piece := file.read(min(left, CHUNK))):
        left -= len(piece)
        yield piece


def _inflated(file: IO[bytes], left: int) -> Iterator[bytes]:
    inflator = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in _pieces(file, left):
        waiting = piece
        while waiting and not inflator.eof:
            yield inflator.decompress(waiting, CHUNK)
            waiting = inflator.unconsumed_tail
    if not inflator.eof:
        raise BadSheet("无法作为工作簿读取：文件不完整，请重新另存为 .xlsx。")
