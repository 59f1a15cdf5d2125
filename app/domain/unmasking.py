"""Who learns who filed: what stays hidden, what is shown masked, and who may ask for the clear words, for what.

信访工作条例 30, 46: the accuser's identity and papers never reach the accused. 个人信息保护法 6, 51: no more than the
purpose needs, and by those alone who need it.
"""

from enum import StrEnum

from app.domain.appeal import Appeal
from app.domain.case import Case
from app.domain.errors import Fault, Invalid, NotAllowed
from app.domain.roles import DEPARTMENT_ROLES, OFFICE_ROLES, ROLE_NAMES, Actor, Role
from app.domain.sealing import Contact

UNMASK, UNMASKED = "unmask", "appeal.unmasked"
"""The action that the history of an appeal names, and what is announced."""
SHORTEST_REASON = 10

KNOWS_FILER = OFFICE_ROLES | {Role.ENTERPRISE, Role.DISCIPLINE, Role.SYSTEM}
"""Roles that may read a confidential appeal in its own words; everybody else gets the anonymised copy."""


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


def hides_every_filer(actor: Actor) -> bool:
    """Tell whether every confidential filer stays hidden from this reader."""
    return actor.has(*DEPARTMENT_ROLES) or not actor.has(*KNOWS_FILER)


def is_hidden(appeal: Appeal, actor: Actor) -> bool:
    """Tell whether this reader may not learn who filed; the accused department's people never do, in any role."""
    accused = actor.department is not None and actor.department == appeal.accused_department
    return appeal.confidential and (accused or hides_every_filer(actor))


def shown_contact(contact: Contact, case: Case, actor: Actor) -> Contact:
    """Return what this reader sees of a contact without asking.

    The enterprise sees its own; a department that has to contact the enterprise sees whom while it has the charge.
    """
    if is_hidden(case.appeal, actor):
        return Contact()
    own = actor.has(Role.ENTERPRISE) and actor.enterprise_id == case.appeal.enterprise_id
    return contact if own or _has_charge(case, actor) else contact.masked()


def _has_charge(case: Case, actor: Actor) -> bool:
    return actor.has(*DEPARTMENT_ROLES) and any(one.department == actor.department for one in case.active())
