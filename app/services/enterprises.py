"""Enterprises registered by the office."""

from datetime import datetime
from uuid import UUID

from app.domain.act_kind import ActKind
from app.domain.enterprise import (
    REGISTRARS,
    checked_override,
    refuse_unless,
)
from app.domain.errors import Conflict
from app.domain.roles import OFFICE_ROLES, Actor
from app.domain.uscc import has_valid_check
from app.services.acts import record_act
from app.services.office import Work
from app.storage.ids import new_id
from app.storage.queries.accounts import find_enterprise


async def register_enterprise(
    work: Work, *, name: str, uscc: str, override_reason: str | None, actor: Actor, now: datetime
) -> UUID:
    """Register an enterprise by its code (GB 32100-2015); a failed check counts with a reason, which is kept."""
    refuse_unless(actor, *REGISTRARS)
    reason = checked_override(uscc, override_reason)
    if await find_enterprise(work.connection, name=name, uscc=uscc) is not None:
        raise Conflict("该统一社会信用代码已经登记。", code="enterprise-taken")
    enterprise_id, checked = new_id(now), has_valid_check(uscc)
    work.changes.insert(
        "enterprise",
        {
            "id": enterprise_id,
            "name": name,
            "uscc": uscc,
            "uscc_checked": checked,
            "override_reason": reason,
            "created_at": now,
            "registered_by": actor.id,
            "registered_in": sorted(actor.jurisdictions) if actor.has(*OFFICE_ROLES) else [],
        },
    )
    subject, payload = str(enterprise_id), {"uscc": uscc, "uscc_checked": checked, "reason": reason}
    await record_act(work, ActKind.ENTERPRISE_REGISTERED, subject=subject, payload=payload, actor=actor, now=now)
    return enterprise_id
