"""Which text can be read, written and stored: no control characters, no halves of characters."""

import re

_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_NOT_ON_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def is_readable(text: str) -> bool:
    """Tell whether a text of several lines has no character that no letter contains and no database column takes."""
    return _UNREADABLE.search(text) is None


def is_readable_line(text: str) -> bool:
    """Tell whether a text is readable and stands on one line."""
    return _NOT_ON_ONE_LINE.search(text) is None
