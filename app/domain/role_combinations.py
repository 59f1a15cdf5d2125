"""Separation of duties: which roles one account may hold together, and who may not decide about itself."""

from collections.abc import Collection
from uuid import UUID

from app.domain.errors import Fault, Invalid, NotAllowed
from app.domain.roles import OFFICE_ROLES, ROLE_NAMES, Actor, Role

KEEPERS = frozenset({Role.ADMINISTRATOR})
READERS = KEEPERS | {Role.AUDITOR}
"""Who may read which accounts there are; only an administrator changes them."""


def refuse_combination(roles: Collection[Role]) -> None:
    """Raise `Invalid` unless it is one role, or several of the office.

    Who writes a reply neither approves, reviews nor dispatches it; who keeps or audits the system sees no appeal.
    """
    if Role.SYSTEM in roles:
        raise Invalid("账号的角色不可用。", Fault("roles", "「系统」不是可以授予的角色"))
    if len(set(roles)) > 1 and not set(roles) <= OFFICE_ROLES:
        together = "、".join(ROLE_NAMES[role] for role in Role if role in OFFICE_ROLES)
        raise Invalid(
            "这些角色不能由同一账号兼任。",
            Fault("roles", f"只有{together}可以兼任，其余角色各用一个账号"),
            code="duties-not-separate",
        )


def refuse_unless_keeper(actor: Actor) -> None:
    """Raise `NotAllowed` for everybody but an administrator."""
    if not actor.has(*KEEPERS):
        raise NotAllowed("只有系统管理员可以管理账号。", code="role-not-allowed")


def refuse_unless_reader(actor: Actor) -> None:
    """Raise `NotAllowed` for everybody who has no business with accounts."""
    if not actor.has(*READERS):
        raise NotAllowed("只有系统管理员和安全审计员可以查看账号。", code="role-not-allowed")


def refuse_own_account(actor: Actor, account_id: UUID) -> None:
    """Raise `NotAllowed` where an administrator would decide about itself."""
    if actor.id == account_id:
        raise NotAllowed("不能变更自己的账号，请由另一位系统管理员办理。", code="own-account")
