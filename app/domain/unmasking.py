"""Asking for a contact in clear: for which purpose, by whom (个人信息保护法 6, 51: by those alone who need it)."""

from enum import StrEnum

from app.domain.case import Case
from app.domain.confidence import is_hidden
from app.domain.errors import Fault, Invalid, NotAllowed
from app.domain.roles import ROLE_NAMES, Actor, Role

UNMASK, UNMASKED = "unmask", "appeal.unmasked"
"""The action that the history of an appeal names, and what is announced."""
SHORTEST_REASON = 10


class UnmaskingPurpose(StrEnum):
    """What the clear words are asked for."""

    CONTACT = "contact"
    VERIFICATION = "verification"
    VISIT = "visit"
    INVESTIGATION = "investigation"


PURPOSE_NAMES = {
    UnmaskingPurpose.CONTACT: "联系企业",
    UnmaskingPurpose.VERIFICATION: "核实身份",
    UnmaskingPurpose.VISIT: "回访",
    UnmaskingPurpose.INVESTIGATION: "督查调查",
}
ASKED_BY = {
    UnmaskingPurpose.CONTACT: frozenset({Role.CLERK, Role.DISPATCHER, Role.CALLBACK}),
    UnmaskingPurpose.VERIFICATION: frozenset({Role.CLERK, Role.DISPATCHER}),
    UnmaskingPurpose.VISIT: frozenset({Role.CALLBACK}),
    UnmaskingPurpose.INVESTIGATION: frozenset({Role.SUPERVISOR, Role.DISCIPLINE}),
}
"""Which roles need the clear words for what; a department, a leader and a reviewer need them for nothing."""


def check_unmasking(case: Case, actor: Actor, purpose: UnmaskingPurpose, reason: str) -> None:
    """Raise `NotAllowed` for a role that has no such need or may not know the filer, `Invalid` for a bare reason."""
    asked_by = ASKED_BY[purpose]
    if not actor.has(*asked_by) or is_hidden(case.appeal, actor):
        names = "、".join(ROLE_NAMES[role] for role in sorted(asked_by))
        sentence = f"以「{PURPOSE_NAMES[purpose]}」为由查看联系信息，只限{names}，且不得是被反映单位的人员。"
        raise NotAllowed(sentence, code="role-not-allowed")
    if len("".join(reason.split())) < SHORTEST_REASON:
        raise Invalid("请写明为什么需要查看。", Fault("reason", f"至少{SHORTEST_REASON}个字"))
