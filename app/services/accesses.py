"""Readings of confidential appeals are noted before they are answered; what cannot be noted is not answered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.access import MAY_SEE_ACCESSES, OFFICE, OTHER_READING, READINGS, roles_in_words
from app.domain.appeal import Appeal
from app.domain.case import Case
from app.domain.errors import NotAllowed
from app.domain.roles import Actor, Role
from app.services.office import Work
from app.storage.ids import new_id
from app.storage.queries.accesses import accesses_of, insert_access
from app.storage.queries.lists import Page


async def note_access(
    work: Work, appeal: Appeal, what: str, *, actor: Actor, now: datetime, purpose: str | None = None
) -> None:
    """Note that somebody reads a confidential appeal; raise `NotRecorded` where that fails.

    The enterprise that filed it and the system read their own. `what` is the id of the operation.
    """
    if not appeal.confidential or _is_own(appeal, actor):
        return
    access = {
        "id": new_id(now),
        "appeal_id": appeal.id,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "actor_roles": ",".join(sorted(actor.roles)),
        "department": actor.department,
        "what": what,
        "purpose": purpose,
        "at": now,
    }
    await insert_access(work.connection, access)


async def readings_of(work: Work, case: Case, page: Page, *, actor: Actor) -> list[dict[str, Any]]:
    """Return one page of the readings of an appeal: by office and role, newest first.

    Raise `NotAllowed` for whoever is neither the enterprise nor watches over the offices.
    """
    if not actor.has(*MAY_SEE_ACCESSES):
        raise NotAllowed("只有提交诉求的企业、督查室和纪检监察可以查看查阅记录。")
    return [_told(row, case) for row in await accesses_of(work.connection, case.appeal.id, page)]


def _told(row: Mapping[str, Any], case: Case) -> dict[str, Any]:
    department = case.policy.departments.get(row["department"] or "")
    return {
        **{name: row[name] for name in ("id", "what", "purpose", "at")},
        "what_name": READINGS.get(row["what"], OTHER_READING),
        "office": OFFICE if department is None else department.name,
        "roles": roles_in_words(row["actor_roles"]),
    }


def _is_own(appeal: Appeal, actor: Actor) -> bool:
    return actor.has(Role.SYSTEM) or (actor.has(Role.ENTERPRISE) and actor.enterprise_id == appeal.enterprise_id)
