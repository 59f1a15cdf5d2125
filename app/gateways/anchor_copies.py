"""Copies of anchors that were kept outside the house."""

from datetime import date
from pathlib import Path

import orjson

from app.domain.errors import Invalid


def read_copies(path: Path) -> dict[date, str]:
    """Return the digests by day of anchors kept in a file: what `audit anchors --json` or GET /anchors has answered."""
    try:
        kept = orjson.loads(path.read_bytes())
        items = kept["items"] if isinstance(kept, dict) else kept
        return {date.fromisoformat(one["day"]): str(one["digest"]) for one in items}
    except OSError as error:
        raise Invalid(f"文件{path}无法读取（{error.strerror}），请核对路径与权限。") from None
    except (ValueError, KeyError, TypeError):
        raise Invalid(f"文件{path}不是锚点的副本，应为 audit anchors --json 的输出。") from None
