"""Workbooks that were made to break whoever reads them."""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CONTENT_TYPES = b"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = f"""<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""".encode()
WORKBOOK = f"""<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">
<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>""".encode()
WORKBOOK_RELATIONS = f"""<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>""".encode()
HEAD = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">'.encode()
TAIL = b"</sheetData></worksheet>"
ROW = b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
SMALL = HEAD + b"<sheetData>" + ROW + TAIL
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Repeated:
    """Content that is one piece many times; it is packed once, so that a gigabyte takes no time to make."""

    piece: bytes
    times: int
    before: bytes = b""
    after: bytes = b""

    @property
    def size(self) -> int:
        return len(self.before) + self.times * len(self.piece) + len(self.after)

    @property
    def packed(self) -> bytes:
        deflator = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
        start, piece = (
            deflator.compress(part) + deflator.flush(zlib.Z_FULL_FLUSH) for part in (self.before, self.piece)
        )
        return start + piece * self.times + deflator.compress(self.after) + deflator.flush()


def pack(path: Path, sheet: bytes | Repeated = SMALL, **others: bytes | Repeated) -> Path:
    """Write a workbook of one sheet, and other members."""
    parts: dict[str, bytes | Repeated] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS,
        "xl/worksheets/sheet1.xml": sheet,
        **others,
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            if isinstance(content, bytes):
                archive.writestr(name, content, zipfile.ZIP_DEFLATED)
            else:
                archive.writestr(name, content.packed, zipfile.ZIP_STORED)
    for name, content in parts.items():
        if isinstance(content, Repeated):
            restate(path, name, content.size)
    return path


def restate(path: Path, name: str, size: int) -> None:
    """Let both headers of a member say that it is deflated and unpacks to this size."""
    data = bytearray(path.read_bytes())
    for mark, method, length, named in ((b"PK\x03\x04", 8, 22, 30), (b"PK\x01\x02", 10, 24, 46)):
        at = data.find(mark)
        while data[at + named : at + named + len(name)] != name.encode():
            at = data.find(mark, at + 4)
        data[at + method : at + method + 2] = (8).to_bytes(2, "little")
        data[at + length : at + length + 4] = size.to_bytes(4, "little")
    path.write_bytes(data)


def zip_of_zips(path: Path) -> Path:
    inner = pack(path.with_suffix(".inner"))
    return pack(path, **{"xl/embeddings/inner.xlsx": inner.read_bytes()})


def only_zips(path: Path) -> Path:
    inner = pack(path.with_suffix(".inner")).read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10):
            archive.writestr(f"{number}.zip", inner)
    return path


def blanks(path: Path) -> Path:
    """1 GB of spaces."""
    return pack(path, Repeated(b" " * MEGABYTE, 1024, before=HEAD + b"<sheetData>", after=TAIL))


def blanks_that_lie(path: Path) -> Path:
    """200 MB of spaces that are stated as 1 KB."""
    sheet = Repeated(b" " * MEGABYTE, 200, before=HEAD + b"<sheetData>", after=TAIL)
    restate(pack(path, sheet), "xl/worksheets/sheet1.xml", 1024)
    return path


def shared_strings(path: Path) -> Path:
    """Two million strings, different enough not to look like blanks."""
    piece = b"".join(b"<si><t>%d</t></si>" % (number * 7919 % 99991) for number in range(10_000))
    head = f'<?xml version="1.0"?><sst xmlns="{MAIN}">'.encode()
    return pack(path, **{"xl/sharedStrings.xml": Repeated(piece, 200, before=head, after=b"</sst>")})


def billion_laughs(path: Path) -> Path:
    entities = b'<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 10)
    )
    sheet = SMALL.replace(b"<worksheet", b"<!DOCTYPE worksheet [" + entities + b"]><worksheet").replace(
        b">a<", b">&a9;<"
    )
    return pack(path, sheet)


def endless_rows(path: Path) -> Path:
    rows = b"".join(b'<row><c t="n"><v>%d</v></c></row>' % (number * 7919 % 99991) for number in range(10_000))
    return pack(path, Repeated(rows, 300, before=HEAD + b"<sheetData>", after=TAIL))


def huge_dimension(path: Path) -> Path:
    far = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>'
    head = HEAD + b'<dimension ref="A1:XFD1048576"/><sheetData>'
    return pack(path, head + ROW + far + TAIL)


def deep_markup(path: Path) -> Path:
    depth = 200_000
    return pack(path, HEAD + b"<x>" * depth + b"</x>" * depth + b"</worksheet>")


def encrypted(path: Path) -> Path:
    pack(path)
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    path.write_bytes(data)
    return path


def with_password(path: Path) -> Path:
    """A workbook with a password is another kind of file altogether."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4_096)
    return path


def truncated(path: Path) -> Path:
    pack(path, Repeated(ROW, 5_000, before=HEAD + b"<sheetData>", after=TAIL))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def cut_within(path: Path) -> Path:
    """The table of contents is whole, the sheet is not."""
    pack(path, Repeated(ROW, 5_000, before=HEAD + b"<sheetData>", after=TAIL))
    data = path.read_bytes()
    at = data.find(b"xl/worksheets/sheet1.xml") + 30
    path.write_bytes(data[:at] + b"\xff" * 200 + data[at + 200 :])
    return path


def no_zip(path: Path) -> Path:
    path.write_bytes(b"%PDF-1.7\n" + b"x" * 10_000)
    return path


def many_members(path: Path) -> Path:
    return pack(path, **{f"xl/media/{number}.png": b"" for number in range(20_000)})


def endless_line(path: Path) -> Path:
    text = path.with_suffix(".csv")
    text.write_bytes(b"," * 50 * MEGABYTE)
    return text


def open_quotation(path: Path) -> Path:
    text = path.with_suffix(".csv")
    text.write_bytes(b'a,"' + b"line\n" * 10 * MEGABYTE)
    return text


def workbook_as_text(path: Path) -> Path:
    return pack(path.with_suffix(".csv"))


def endless_lines(path: Path) -> Path:
    text = path.with_suffix(".csv")
    text.write_bytes(b"\n" * 20 * MEGABYTE)
    return text


BOMBS: tuple[Callable[[Path], Path], ...] = (
    zip_of_zips,
    only_zips,
    blanks,
    blanks_that_lie,
    shared_strings,
    billion_laughs,
    endless_rows,
    huge_dimension,
    deep_markup,
    encrypted,
    with_password,
    truncated,
    cut_within,
    no_zip,
    many_members,
    endless_line,
    open_quotation,
    workbook_as_text,
    endless_lines,
)
