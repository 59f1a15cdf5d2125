"""Positions in the order in which changes became final."""

import re
from collections.abc import Mapping
from typing import Any, Final

from app.domain.errors import Fault, Invalid

START: Final = "0-0"
_POSITION = re.compile(r"(\d{1,19})-(\d{1,18})")


def position(after: str) -> tuple[int, int]:
    """Return transaction and id of a position; raise `Invalid` for anything else."""
    match = _POSITION.fullmatch(after)
    if match is None:
        raise Invalid("after 无法识别。", Fault("after", "请使用上次返回的 next，或省略它从头读取"))
    return int(match[1]), int(match[2])


def written(row: Mapping[str, Any]) -> str:
    """Return the position of a row."""
    return f"{row['transaction']}-{row['id']}"
