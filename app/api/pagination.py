"""Cursors: where a page ended, opaque to the caller and checked on the way back."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query

from app.domain.errors import Fault, Invalid
from app.storage.queries.lists import Page

PAGE_SIZE = 50
LARGEST_PAGE = 200
LONGEST_CURSOR = 200


async def get_page(
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="每页条数。")] = PAGE_SIZE,
    cursor: Annotated[str | None, Query(max_length=LONGEST_CURSOR, description="上一页返回的 next。")] = None,
) -> Page:
    """Return the page that is asked for."""
    return Page(limit, None if cursor is None else _position(cursor))


AskedPage = Annotated[Page, Depends(get_page)]


def cut(
    rows: Sequence[dict[str, Any]], page: Page, *, by: str, identity: str
) -> tuple[list[dict[str, Any]], str | None]:
    """Return the rows of the page and the cursor of the next one, if a row more was found."""
    shown = list(rows[: page.limit])
    if len(rows) <= page.limit:
        return shown, None
    last = shown[-1]
    written = json.dumps([last[by].isoformat(), str(last[identity])]).encode()
    return shown, base64.urlsafe_b64encode(written).decode().rstrip("=")


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, identity = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        position = datetime.fromisoformat(at), UUID(identity)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise _bad_cursor() from error
    if position[0].tzinfo is None or not 2000 <= position[0].year <= 2200:
        raise _bad_cursor()
    return position


def _bad_cursor() -> Invalid:
    return Invalid("cursor 无法识别。", Fault("cursor", "请使用上一页返回的 next，或去掉它从头读取"))
