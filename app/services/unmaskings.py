"""Laying a contact open for a stated purpose: once, in one answer, with a line in the history for the enterprise."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.case import Attempt, Case, Given
from app.domain.errors import Conflict
from app.domain.roles import ROLE_NAMES, Actor
from app.domain.sealing import Contact, SealBroken
from app.domain.unmasking import PURPOSE_NAMES, UNMASK, UNMASKED, UnmaskingPurpose, check_unmasking
from app.services.contacts import contact_of
from app.services.office import Work
from app.services.transitions import Move, record_event
from app.storage.queries.cases import AppealReading, read_appeal


@dataclass(frozen=True, slots=True)
class LaidOpen:
    """Who stands behind an appeal, in clear, and the case as it is after somebody has asked."""

    case: Case
    enterprise_name: str
    uscc: str | None
    contact: Contact


async def unmask(
    work: Work, case: Case, *, purpose: UnmaskingPurpose, reason: str, actor: Actor, now: datetime
) -> LaidOpen:
    """Return contact and enterprise in clear, and put on record who asked for what.

    Raise `NotAllowed` or `Invalid`; `Conflict` if no contact is registered, `SealBroken` if it cannot be read.
    """
    check_unmasking(case, actor, purpose, reason)
    reading = await read_appeal(work.connection, case.appeal.number, actor)
    contact = _readable(work, reading)
    role_names = [ROLE_NAMES[role] for role in sorted(actor.roles)]
    move = Move(
        given=Given(reason=reason),
        payload={
            "purpose": purpose,
            "purpose_name": PURPOSE_NAMES[purpose],
            "office": case.policy.name,
            "role_names": role_names,
        },
    )
    after = record_event(work, case, case, UNMASK, UNMASKED, move, Attempt(actor, now, move.given))
    return LaidOpen(after, reading.enterprise_name, reading.uscc, contact)


def _readable(work: Work, reading: AppealReading) -> Contact:
    contact = contact_of(work.seals, reading)
    if contact.unreadable:
        raise SealBroken
    if not contact:
        raise Conflict("这件诉求没有登记联系信息，或联系信息已删除。", code="no-contact")
    return contact
