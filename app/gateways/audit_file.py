"""Exports for auditors as files: one record a line."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson

from app.domain.errors import Invalid

ONLY_FOR_OWNER = 0o600


async def write_records(path: Path, records: AsyncIterator[dict[str, Any]], *, end: str, key: str) -> int:
    """Write records and a last one that counts them; return their number. The file is there whole or not at all."""
    making, count = path.with_name(f".{path.name}.making"), 0
    try:
        making.unlink(missing_ok=True)
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_FOR_OWNER), "wb") as file:
            async for record in records:
                file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
                count += 1
            file.write(orjson.dumps({key: end, "records": count}, option=orjson.OPT_APPEND_NEWLINE))
        making.replace(path)
    except OSError as error:
        raise Invalid(f"文件无法写到{path}（{error.strerror}），请核对路径与权限。") from None
    finally:
        making.unlink(missing_ok=True)
    return count


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a file; raise `Invalid` for one that cannot be read or a line that is no record."""
    try:
        with path.open("rb") as file:
            for place, line in enumerate(file, start=1):
                yield _record(line, place)
    except OSError as error:
        raise Invalid(f"文件{path}无法读取（{error.strerror}），请核对路径与权限。") from None


def _record(line: bytes, place: int) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = None
    if not isinstance(record, dict):
        raise Invalid(f"第{place}行不是导出的记录，请核对文件。")
    return record
