"""Files to attach: one good one of every kind, and many that must not be taken."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

OFFICE = "application/vnd.openxmlformats-officedocument"
WORD_MAIN = f"{OFFICE}.wordprocessingml.document.main+xml"
SHEET_MAIN = f"{OFFICE}.spreadsheetml.sheet.main+xml"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def zipped(members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def types(main: str) -> bytes:
    """Return the list of types that every Office file has."""
    return f'<?xml version="1.0"?><Types><Override PartName="/main.xml" ContentType="{main}"/></Types>'.encode()


def docx(**members: bytes) -> bytes:
    """Return a DOCX; further members are named with `__` for a slash and `_dot_` for a dot."""
    more = {name.replace("__", "/").replace("_dot_", "."): content for name, content in members.items()}
    return zipped({"[Content_Types].xml": types(WORD_MAIN), "word/document.xml": b"<w:document/>", **more})


def xlsx(more: Mapping[str, bytes] | None = None) -> bytes:
    """Return an XLSX."""
    plain = {"[Content_Types].xml": types(SHEET_MAIN), "xl/workbook.xml": b"<workbook/>"}
    return zipped(plain | dict(more or {}))


def ofd() -> bytes:
    """Return an OFD."""
    return zipped(
        {"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>", "Doc_0/Signs/Seal.esl": b"0\x82"}
    )


def png(width: int = 2, height: int = 1) -> bytes:
    """Return a PNG whose header states this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0\0\0")), (b"IEND", b""))
    )


def jpeg(width: int = 2, height: int = 1) -> bytes:
    """Return the shell of a JPEG whose frame states this size."""
    jfif = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8" + jfif + frame + b"\xff\xda\0\x08\x01\x01\0\0?\0\0\xff\xd9"


def webp(width: int = 2, height: int = 1) -> bytes:
    """Return the shell of a WebP whose canvas has this size."""
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\0" * 4 + (width - 1).to_bytes(3, "little")
    body = b"WEBP" + canvas + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body)) + body


GOOD: dict[str, tuple[str, bytes, str]] = {
    "pdf": ("凭证017.pdf", PDF, "application/pdf"),
    "png": ("截图.png", png(), "image/png"),
    "jpeg": ("照片.jpg", jpeg(), "image/jpeg"),
    "webp": ("照片.webp", webp(), "image/webp"),
    "text": ("说明.txt", "公示期满已两个月。".encode(), "text/plain"),
    "docx": ("申请.docx", docx(), f"{OFFICE}.wordprocessingml.document"),
    "xlsx": ("台账.xlsx", xlsx(), f"{OFFICE}.spreadsheetml.sheet"),
    "ofd": ("发票.ofd", ofd(), "application/ofd"),
}
"""Kind: name, content, the type that it is served as."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
REFUSED: dict[str, bytes] = {
    "an empty file": b"",
    "a page": HTML,
    "a page behind words": "说明\n".encode() + HTML,
    "a picture that is a program": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b'<?xml version="1.0"?><a/>',
    "xml with a mark before it": b"\xef\xbb\xbf<a/>",
    "php": b"hello <?php system($_GET[0]); ?>",
    "a script": b"#!/bin/sh\nid\n",
    "an executable": b"MZ" + b"\0" * 200,
    "a linux executable": b"\x7fELF" + b"\0" * 200,
    "old office or encrypted office": OLE,
    "rar": b"Rar!\x1a\x07\0" + b"\0" * 50,
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 50,
    "gzip": b"\x1f\x8b\x08\0" + b"\0" * 50,
    "gif": b"GIF89a" + b"\0" * 50,
    "random": bytes(range(256)),
    "gbk text": "公示期满".encode("gbk"),
    "utf-16 text": "hello".encode("utf-16"),
    "a plain zip": zipped({"a.txt": b"a"}),
    "an empty zip": zipped({}),
    "a jar": zipped({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"}),
    "a pdf behind other bytes": b"xx" + PDF,
    "a pdf without end": PDF[:30],
    "a pdf with a page behind it": PDF + HTML * 40,
    "a pdf with a zip behind it": PDF + zipped({"a.exe": b"MZ"}),
    "a png with bytes behind it": png() + b"MZ",
    "a gifar of jpeg and jar": jpeg() + zipped({"A.class": b"x"}),
    "a text with a zip behind it": b"hello" + zipped({"a": b"a"}),
    "a png without header": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    "a jpeg without frame": b"\xff\xd8\xff\xe0\0\x04\0\0\xff\xd9",
    "a webp that states another length": webp() + b"x",
    "a riff that is no picture": b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 28,
    "a document with macros": docx(word__vbaProject_dot_bin=b"x"),
    "a document that says it has macros": zipped(
        {"[Content_Types].xml": types("application/vnd.ms-word.document.macroEnabled.main+xml"), "a.xml": b""}
    ),
    "a workbook with old macros": xlsx({"xl/macrosheets/sheet1.xml": b"<x/>"}),
    "a document with a control": docx(word__activeX__activeX1_dot_xml=b"<x/>"),
    "a document with a program": docx(word__evil_dot_exe=b"MZ"),
    "a document with an embedded object": docx(word__embeddings__oleObject1_dot_bin=OLE),
    "a document with a program called picture": docx(word__media__image1_dot_png=b"MZ\0\0"),
    "a document with a document": docx(word__embeddings__a_dot_docx=docx()),
    "a document with a zip called picture": docx(word__media__image1_dot_png=zipped({"a": b"a"})),
    "a slide show": zipped({"[Content_Types].xml": types(f"{OFFICE}.presentationml.presentation.main+xml")}),
    "a document that leads out": docx(**{"..__..__x_dot_xml": b"<x/>"}),
    "a document on a drive": docx(**{"C:x_dot_xml": b"<x/>"}),
    "a document with bytes behind it": docx() + b"x" * 40,
    "a document cut off": docx()[:-30],
}


def laughing() -> bytes:
    """Return a document whose XML multiplies itself."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "哈">{entities}]><l>&l9;</l>'
    return docx(word__styles_dot_xml=xml.encode())


def encrypted() -> bytes:
    """Return a document whose members are marked as encrypted."""
    content = bytearray(docx())
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def stated(content: bytes, *, size: int) -> bytes:
    """Return a container whose members state another unpacked size."""
    changed = bytearray(content)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + 24 : place + 28] = struct.pack("<I", size)
        place = changed.find(b"PK\x01\x02", place + 4)
    return bytes(changed)


def overlapping() -> bytes:
    """Return a container whose members all share the bytes of one (as in Fifield's bomb)."""
    content = bytearray(docx(word__media__big_dot_png=b"\0" * 9_000_000, word__media__too_dot_png=b"\1" * 9_000_000))
    places = []
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        places.append(place)
        place = content.find(b"PK\x01\x02", place + 4)
    content[places[-1] + 42 : places[-1] + 46] = content[places[-2] + 42 : places[-2] + 46]
    return bytes(content)


def directory_lies(members: int) -> bytes:
    """Return a container whose end states more members than it has."""
    content = bytearray(docx())
    place = content.rfind(b"PK\x05\x06")
    content[place + 8 : place + 12] = struct.pack("<HH", members, members)
    return bytes(content)


def bombs() -> dict[str, bytes]:
    """Return twelve small files that are large, or endless, once somebody opens them."""
    zeros = b"\0" * 30_000_000
    crowd = {f"word/media/{n}.png": b"" for n in range(6_000)}
    huge = {"[Content_Types].xml": types(WORD_MAIN)}
    return {
        "one huge member": docx(word__media__a_dot_png=zeros),
        "many large members": zipped(huge | {f"word/media/{n}.png": b"\0" * 6_000_000 for n in range(6)}),
        "a huge sheet": xlsx({"xl/worksheets/sheet1.xml": b"<worksheet>" + b"<row/>" * 5_000_000}),
        "stated as 4 GiB": stated(docx(), size=0xFFFF_FFF0),
        "members that overlap": overlapping(),
        "6000 members": zipped(huge | crowd, method=zipfile.ZIP_STORED),
        "60000 members stated": directory_lies(60_000),
        "zips in a zip": docx(word__a_dot_zip=zipped({"b.zip": zipped({"c": zeros[:5_000_000]})})),
        "a zip in a zip called picture": docx(word__media__a_dot_png=zipped({"c": zeros[:5_000_000]})),
        "xml that multiplies": laughing(),
        "a picture of 4 gigapixels": png(65_535, 65_535),
        "a photo of 4 gigapixels": jpeg(65_535, 65_535),
    }
