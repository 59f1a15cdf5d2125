"""Reads multipart/form-data while it arrives: one file, a few short fields, everything bounded."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.domain.attachment_errors import UnsupportedFile, UploadBroken
from app.domain.attachment_name import LONGEST_SENT
from app.domain.errors import Fault, Invalid

FORM = b"multipart/form-data"
FILE_FIELD = "file"
MOST_PARTS = 8
MOST_HEADERS = 8
LONGEST_FIELD = 8_192
FORM_OVERHEAD = MOST_PARTS * (MOST_HEADERS + 1) * LONGEST_SENT
"""Bytes that a form may take beside its file."""


@dataclass(slots=True)
class Form:
    """What a form held beside the content of its file, which went where it was told to go."""

    fields: dict[str, str] = field(default_factory=dict)
    file_name: str = ""
    file_type: str = ""


@dataclass(slots=True)
class _Part:
    name: str = ""
    is_file: bool = False
    headers: dict[bytes, bytes] = field(default_factory=dict)
    content: bytearray = field(default_factory=bytearray)


async def read_form(content_type: str, stream: AsyncIterator[bytes], put: Callable[[bytes], Awaitable[None]]) -> Form:
    """Read a form to its end, handing the content of its file to `put` piece by piece.

    Raise `UnsupportedFile` for another content type, `UploadBroken` for what is no form or ends early, `Invalid` for
    more parts, headers or bytes than a form needs, and for one without a file.
    """
    reader = _Reader(_boundary(content_type))
    async for piece in stream:
        for content in reader.feed(piece):
            await put(content)
    return reader.finish()


class _Reader:
    """Collects what the parser reports."""

    def __init__(self, boundary: bytes) -> None:
        self._form = Form()
        self._part = _Part()
        self._header = b""
        self._value = bytearray()
        self._parts = 0
        self._has_file = self._is_complete = False
        self._content: list[bytes] = []
        calls: dict[str, Callable[..., Any]] = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._complete,
        }
        self._parser = _parser(boundary, calls)

    def feed(self, piece: bytes) -> list[bytes]:
        """Take the next bytes; return the content of the file that was in them."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise UploadBroken("表单格式无法识别，请按 multipart/form-data 重新上传。") from error
        content, self._content = self._content, []
        return content

    def finish(self) -> Form:
        """Return the form; raise for one that is not whole."""
        if not self._is_complete:
            raise UploadBroken("上传中断，文件没有保存，请重新上传。")
        if not self._has_file:
            raise Invalid("没有收到文件。", Fault(FILE_FIELD, "必填"))
        return self._form

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise Invalid("表单的项目过多。", Fault("body", f"最多{MOST_PARTS}项"))
        self._part = _Part()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._part.headers[self._header.lower()] = bytes(self._value)
        self._header, self._value = b"", bytearray()

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._part.headers.get(b"content-disposition"))
        self._part.name = _text(options.get(b"name", b""))
        self._part.is_file = self._part.name == FILE_FIELD
        if not self._part.is_file:
            return
        if self._has_file:
            raise Invalid("一次只能上传一个文件。", Fault(FILE_FIELD, "只能有一个"))
        if b"filename" not in options:
            raise Invalid("没有收到文件。", Fault(FILE_FIELD, "应为文件，须带文件名"))
        self._has_file = True
        self._form.file_name = _text(options[b"filename"])
        self._form.file_type = self._part.headers.get(b"content-type", b"").decode("latin-1")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part.is_file:
            self._content.append(data[start:end])
            return
        self._part.content += data[start:end]
        if len(self._part.content) > LONGEST_FIELD:
            raise Invalid("表单内容过长。", Fault("body", f"除文件外，每项最多{LONGEST_FIELD}字节"))

    def _end(self) -> None:
        if self._part.is_file:
            return
        if self._part.name in self._form.fields:
            raise Invalid("表单的项目重复。", Fault("body", "每项只能出现一次"))
        self._form.fields[self._part.name] = _text(bytes(self._part.content))

    def _complete(self) -> None:
        self._is_complete = True


def _boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    if kind != FORM:
        raise UnsupportedFile("请用 multipart/form-data 上传文件。")
    if b"boundary" not in options:
        raise UploadBroken("表单格式无法识别：Content-Type 缺少 boundary。")
    return options[b"boundary"]


def _parser(boundary: bytes, calls: Any) -> MultipartParser:
    try:
        return MultipartParser(boundary, calls, max_header_count=MOST_HEADERS, max_header_size=LONGEST_SENT)
    except FormParserError as error:
        raise UploadBroken("表单格式无法识别：boundary 不可用。") from error


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Invalid("表单内容无法读取。", Fault("body", "文件名与文字应为 UTF-8 编码")) from None
