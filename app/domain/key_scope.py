"""What a credential may be used for: a fence beside the roles, which say what its owner may do."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from app.domain.errors import Fault, Invalid, NotAllowed


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
