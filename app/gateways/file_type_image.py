"""Pictures: whole, and not too large when unpacked. Only their headers are read, nothing is decoded."""

import struct
from typing import IO

from app.domain.attachment_errors import UnsupportedFile
from app.domain.errors import Fault, Invalid

LONGEST_SIDE = 30_000
MOST_PIXELS = 120_000_000
SEGMENTS_READ = 2_000
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
_SIZED = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The JPEG segments that tell the size of the picture."""
_BARE = frozenset(range(0xD0, 0xD8)) | {0x01}
_DATA_FOLLOWS = 0xDA


def check_png(file: IO[bytes], size: int) -> None:
    """A PNG begins with its header and ends with its end."""
    file.seek(8)
    begin = file.read(16)
    file.seek(max(0, size - len(_PNG_END)))
    if begin[4:8] != b"IHDR" or file.read() != _PNG_END:
        raise _broken("PNG")
    _check_size(*struct.unpack(">II", begin[8:16]))


def check_jpeg(file: IO[bytes], size: int) -> None:
    """A JPEG tells its size in one of its first segments."""
    place = 2
    for _ in range(SEGMENTS_READ):
        file.seek(place)
        head = file.read(9)
        if place + 9 > size or head[0] != 0xFF or head[1] == _DATA_FOLLOWS:
            break
        if head[1] in _SIZED:
            height, width = struct.unpack(">HH", head[5:9])
            return _check_size(width, height)
        place += _segment_length(head)
    raise _broken("JPEG")


def check_webp(file: IO[bytes], size: int) -> None:
    """A WebP states its length, and the size of the picture in its first chunk."""
    file.seek(0)
    head = file.read(30)
    stated = int.from_bytes(head[4:8], "little") + 8
    read = {b"VP8 ": _lossy_size, b"VP8L": _lossless_size, b"VP8X": _canvas_size}.get(head[12:16])
    if head[8:12] != b"WEBP" or len(head) < 30 or stated != size or read is None:
        raise _broken("WebP")
    _check_size(*read(head))


def _segment_length(head: bytes) -> int:
    if head[1] == 0xFF:
        return 1
    if head[1] in _BARE:
        return 2
    return 2 + max(2, int.from_bytes(head[2:4], "big"))


def _lossy_size(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _lossless_size(head: bytes) -> tuple[int, int]:
    bits = int.from_bytes(head[21:25], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _canvas_size(head: bytes) -> tuple[int, int]:
    return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS):
        reason = f"图片应不超过{MOST_PIXELS // 1_000_000}百万像素，每边不超过{LONGEST_SIDE}像素，请缩小后上传"
        raise Invalid("图片尺寸过大。", Fault("file", reason), code="picture-too-large")


def _broken(name: str) -> UnsupportedFile:
    return UnsupportedFile(f"{name} 图片不完整，或末尾附有其他内容，请重新导出后上传。")
