"""Who learns who filed: what stays hidden, and what is shown masked.

信访工作条例 30, 46: the accuser's identity and papers never reach the accused. 个人信息保护法 6, 51: no more than the
purpose needs, and to those alone who need it.
"""

from typing import Final

from app.domain.appeal import Appeal
from app.domain.case import Case
from app.domain.roles import DEPARTMENT_ROLES, OFFICE_ROLES, Actor, Role
from app.domain.sealing import Contact

MASKED: Final = "（已保密）"
"""Stands in place of a name that is not shown."""
KNOWS_FILER = OFFICE_ROLES | {Role.ENTERPRISE, Role.DISCIPLINE, Role.SYSTEM}
"""Roles that may read a confidential appeal in its own words; everybody else gets the anonymised copy."""


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
