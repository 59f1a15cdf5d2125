"""What a credential may be used for: a fence beside the roles, which say what its owner may do."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Conflict, Fault, Invalid, NotAllowed


class KeyScope(StrEnum):
    """Four kinds of use; a key without any can do nothing."""

    READ = "read"
    FILE = "file"
    MOVE = "move"
    MANAGE = "manage"


SCOPE_NAMES = {
    KeyScope.READ: "查询",
    KeyScope.FILE: "提交诉求与补充",
    KeyScope.MOVE: "办理",
    KeyScope.MANAGE: "管理",
}
EVERY_SCOPE = frozenset(KeyScope)
LONGEST_LIFE = timedelta(days=731)
USUAL_LIFE = timedelta(days=365)
LONGEST_OVERLAP = timedelta(days=7)
MOST_LIVE_KEYS = 20


def written_scopes(scopes: Iterable[KeyScope]) -> list[str]:
    """Return scopes as they are stored, in the order of the enum."""
    given = set(scopes)
    return [scope.value for scope in KeyScope if scope in given]


def checked_scopes(asked: Collection[KeyScope], own: Collection[KeyScope]) -> list[str]:
    """Return the scopes of a new key; raise `NotAllowed` if they go beyond those of the credential that asks."""
    if not asked:
        raise Invalid("请至少选择一种用途。", Fault("scopes", f"应为下列之一或多项：{'、'.join(KeyScope)}"))
    if not set(asked) <= set(own):
        raise NotAllowed("新密钥的用途不能超出当前登录方式的用途。", code="scope-beyond-own")
    return written_scopes(asked)


def expiry(expires_at: datetime | None, now: datetime) -> datetime:
    """Return when a new key ends: a year from now unless stated, two years at most."""
    if expires_at is None:
        return now + USUAL_LIFE
    if not now < expires_at <= now + LONGEST_LIFE:
        raise Invalid("密钥的失效时间不可用。", Fault("expires_at", f"应晚于现在，且不超过{LONGEST_LIFE.days}天"))
    return expires_at


def end_of_overlap(
    overlap: timedelta, now: datetime, *, expires_at: datetime | None, rotated_at: datetime | None
) -> datetime:
    """Return when a rotated key dies: after the overlap, never later than it would have anyway."""
    if rotated_at is not None:
        raise Conflict("这把密钥已经轮换过，请轮换新的那一把。", code="key-rotated")
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Invalid("重叠时间不可用。", Fault("overlap_hours", "应为0至168小时"))
    return min(now + overlap, expires_at or now + overlap)
