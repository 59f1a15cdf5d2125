"""What a file may be called: a name that every system can show and save, and that deceives nobody."""

import re
import unicodedata

from app.domain.errors import Fault, Invalid

LONGEST_NAME = 240
"""Bytes in UTF-8; file systems take 255."""
NAMELESS = "附件"
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,8})$")
# Invisible or without meaning: direction marks, joiners, line separators, halves of characters.
_DROPPED = frozenset({"Cf", "Cs", "Cn", "Zl", "Zp"})
LONGEST_SENT = 16_384


def clean_name(sent: str) -> str:
    """Return a name to show and to save under; raise `Invalid` for control characters, which no honest name has."""
    # What is cut here is far beyond what is kept, and normalising works on what is left only.
    last = re.split(r"[/\\]", sent[-LONGEST_SENT:])[-1]
    if any(unicodedata.category(one) == "Cc" for one in last):
        raise Invalid("文件名不可用。", Fault("file", "文件名含有控制字符，请改名后重新上传"))
    composed = unicodedata.normalize("NFC", last)
    seen = "".join(one for one in composed if unicodedata.category(one) not in _DROPPED)
    spaced = " ".join(_FORBIDDEN.sub("_", seen).split())
    return _shortened(_unreserved(spaced.strip(". ")) or NAMELESS)


def extension_of(name: str) -> str:
    """Return the extension in lower case without its dot; empty where the name has none."""
    found = _EXTENSION.search(name)
    return found[1].lower() if found else ""


def _unreserved(name: str) -> str:
    stem = name.partition(".")[0].rstrip(" ")
    return f"_{name}" if _RESERVED.fullmatch(stem) else name


def _shortened(name: str) -> str:
    """Cut the middle out, so that the extension stays; whole characters only."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    extension = extension_of(name)
    tail = f".{extension}" if extension else ""
    stem = name.removesuffix(name[len(name) - len(tail) :] if tail else "")
    kept = stem.encode()[: LONGEST_NAME - len(tail)].decode("utf-8", "ignore").rstrip(". ")
    return f"{kept}{tail}"
