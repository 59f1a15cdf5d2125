"""The directory of a zip container, judged before it is read and before anything is unpacked."""

import struct
import zipfile
from itertools import pairwise
from typing import IO

from app.domain.attachment_errors import UnsupportedFile
from app.domain.errors import Fault, Invalid

MOST_MEMBERS = 5_000
MOST_DIRECTORY_BYTES = 1_048_576
MOST_UNPACKED_BYTES = 209_715_200
MOST_RATIO = 200
RATIO_COUNTS_FROM = 10_485_760
"""Bytes unpacked below which a high ratio does no harm."""
LONGEST_COMMENT = 65_535
_END = struct.Struct("<4s4H2LH")
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1


def check_end(file: IO[bytes], size: int) -> None:
    """Refuse a directory that is too long before it is read, and anything behind it."""
    file.seek(max(0, size - LONGEST_COMMENT - _END.size))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise broken()
    _, _, _, _, members, directory, start, comment = _END.unpack_from(tail, place)
    if members > MOST_MEMBERS or directory > MOST_DIRECTORY_BYTES:
        raise _too_large("内部文件过多")
    ends_at = size - len(tail) + place
    if start + directory != ends_at or ends_at + _END.size + comment != size:
        raise broken()


def check_directory(members: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse what is too large when unpacked, encrypted, named twice, or made of shared bytes."""
    if len(members) > MOST_MEMBERS:
        raise _too_large("内部文件过多")
    unpacked = sum(one.file_size for one in members)
    if unpacked > MOST_UNPACKED_BYTES or unpacked > max(RATIO_COUNTS_FROM, MOST_RATIO * size):
        raise _too_large("解压后过大")
    if any(one.flag_bits & _ENCRYPTED for one in members):
        raise UnsupportedFile("不能上传加密的文件，请去掉密码后上传。", code="encrypted")
    if len({one.filename.casefold() for one in members}) != len(members):
        raise broken()
    _check_overlaps(members)


def _check_overlaps(members: list[zipfile.ZipInfo]) -> None:
    """Members that share their bytes are how a small file becomes a large one."""
    for one, following in pairwise(sorted(members, key=lambda one: one.header_offset)):
        if one.header_offset + _LOCAL_HEADER + one.compress_size > following.header_offset:
            raise _too_large("内部文件互相重叠")


def _too_large(reason: str) -> Invalid:
    return Invalid("文件解开后超过允许的大小，没有保存。", Fault("file", reason), code="archive-too-large")


def broken() -> UnsupportedFile:
    """Return the refusal of a container that no office program writes."""
    return UnsupportedFile("文件的压缩结构不完整或不规范，请用办公软件重新保存后上传。")
