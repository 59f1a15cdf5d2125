"""API keys as their owner sees them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field

from app.api.schemas.base import CountableInstant, Input, Instant, Output, Word, example
from app.domain.key_scope import KeyScope

KEY_EXAMPLE = {
    "id": "019abc00-0000-7000-8000-000000000011",
    "prefix": "bh_3q2-7w",
    "label": "财务系统对接",
    "scopes": ["read", "file"],
    "created_at": "2026-11-23T01:30:00Z",
    "expires_at": "2027-11-23T01:30:00Z",
    "rotated_at": None,
    "revoked_at": None,
    "last_used_at": None,
}


class KeyCreate(Input):
    """A further key of one's own, with what it may be used for."""

    model_config = example(label="财务系统对接", scopes=["read", "file"])

    label: Word = Field(description="用途说明，便于辨认。")
    scopes: list[KeyScope] = Field(
        min_length=1, max_length=4, description="read 查询，file 提交诉求与补充，move 办理，manage 管理。"
    )
    expires_at: CountableInstant | None = Field(default=None, description="失效时间；缺省为一年后，最长两年。")


class KeyRotation(Input):
    """How long the old key goes on beside the new one."""

    model_config = example(overlap_hours=24)

    overlap_hours: int = Field(
        default=24, strict=True, ge=0, le=168, description="旧密钥继续有效的小时数，最多168（7天）。"
    )


class KeyOut(Output):
    """One key: its first characters, never the key."""

    model_config = example(**KEY_EXAMPLE)

    id: UUID
    prefix: str
    label: str
    scopes: list[KeyScope]
    created_at: Instant
    expires_at: Instant | None
    rotated_at: Instant | None
    revoked_at: Instant | None
    last_used_at: Instant | None


class KeyCreated(KeyOut):
    """A new key; it is shown this once."""

    model_config = example(**KEY_EXAMPLE, key="bh_3q2-7wX…")

    key: str


class KeysOut(Output):
    """One's own keys, newest first."""

    model_config = example(items=[KEY_EXAMPLE])

    items: list[KeyOut]


def key_created(made: tuple[Mapping[str, Any], str]) -> KeyCreated:
    """Return a new key as it is shown once."""
    row, key = made
    return KeyCreated.model_validate({**row, "key": key})
