"""Contacts: opened for readers, looked for by blind index, deleted at the enterprise's wish."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.act_kind import ActKind
from app.domain.case import Attempt, Case
from app.domain.errors import Conflict, Fault, Invalid, NotAllowed
from app.domain.roles import OFFICE_ROLES, Actor, Role
from app.domain.sealing import Contact, Purpose, Seals, index_of, opened_contact, sealed_contact
from app.services.acts import record_act
from app.services.office import Work
from app.services.transitions import Move, record_event
from app.storage.queries.cases import AppealReading
from app.storage.queries.contacts import find_by_contact

DELETE, DELETED = "delete_contact", "appeal.contact_deleted"


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for appeals by; every word given must fit."""

    contact_phone: str | None = None
    contact_name: str | None = None
    external_number: str | None = None


def contact_of(seals: Seals, reading: AppealReading) -> Contact:
    """Return whom to contact; what was registered before contacts were sealed still lies beside."""
    if reading.contact_sealed is None:
        return Contact(reading.contact_name, reading.contact_phone)
    return opened_contact(seals, reading.contact_sealed, reading.case.appeal.id)


async def search(work: Work, sought: Sought, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the appeals within reach behind which a person stands; that somebody looked is on record, the words not.

    Raise `NotAllowed` for whoever is no office, `Invalid` if there is nothing to look for.
    """
    if not actor.has(*OFFICE_ROLES):
        raise NotAllowed("按联系人查找只供受理、派单、复核、回访、督查等办公室岗位使用。", code="role-not-allowed")
    criteria = _criteria(work.seals, sought)
    found = await find_by_contact(work.connection, actor, criteria)
    await record_act(
        work,
        ActKind.CONTACTS_SEARCHED,
        subject=",".join(sorted(actor.jurisdictions)),
        payload={"by": sorted(criteria), "found": len(found)},
        actor=actor,
        now=now,
    )
    return found


def _criteria(seals: Seals, sought: Sought) -> Mapping[str, object]:
    stated = {
        "contact_phone": index_of(seals, sought.contact_phone, Purpose.PHONE),
        "contact_name": index_of(seals, sought.contact_name, Purpose.NAME),
        "external_number": sought.external_number,
    }
    if sought.contact_phone and stated["contact_phone"] is None:
        raise Invalid("联系电话无法查找。", Fault("contact_phone", "应含有数字"))
    criteria = {name: value for name, value in stated.items() if value is not None}
    if not criteria:
        raise Invalid("请至少填写一项查找条件。", Fault("contact_phone", "联系电话、联系人、外部编号至少填写一项"))
    return criteria


def delete_contact(work: Work, case: Case, *, actor: Actor, now: datetime) -> Case:
    """Delete a contact at the enterprise's own wish, once nobody has to call any more (个人信息保护法 47)."""
    appeal = case.appeal
    if not actor.has(Role.ENTERPRISE) or actor.enterprise_id != appeal.enterprise_id:
        raise NotAllowed("联系信息只能由企业本人申请删除。", code="role-not-allowed")
    if appeal.is_open:
        raise Conflict("诉求尚未销号，办理和回访仍需联系信息；销号后可以删除。", code="appeal-open")
    if appeal.retention_hold is not None:
        raise Conflict("诉求已依法留存，暂时不能删除联系信息；留存解除后可以删除。", code="retention-held")
    empty = {**sealed_contact(work.seals, Contact(), appeal.id), "contact_name": None, "contact_phone": None}
    work.changes.update("appeal", appeal.id, empty)
    return record_event(work, case, case, DELETE, DELETED, Move(), Attempt(actor, now))
