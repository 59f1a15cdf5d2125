"""Guards of the rows about attachments."""

from app.domain.case import Attempt, Case
from app.domain.errors import Conflict, NotAllowed
from app.domain.roles import DEPARTMENT_ROLES, Role
from app.domain.separation import not_accused

ATTACHERS = (Role.ENTERPRISE, Role.CLERK, Role.DISPATCHER, *sorted(DEPARTMENT_ROLES))


def handling(case: Case, attempt: Attempt) -> None:
    """A department adds papers while it has a charge of the appeal."""
    holders = {one.department for one in case.active()}
    if attempt.actor.has(*DEPARTMENT_ROLES) and attempt.actor.department not in holders:
        raise NotAllowed("贵单位目前不承办本诉求，不能上传附件。", code="not-handling")


def releasable(case: Case, attempt: Attempt) -> None:
    """Papers are released by somebody outside the accused department, and only where somebody filed in confidence."""
    not_accused(case, attempt)
    if not case.appeal.confidential:
        raise Conflict("本诉求没有保密，承办单位本来就能查看附件。", code="not-confidential")
