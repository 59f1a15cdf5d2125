"""The letters by which enterprises are verified."""

from datetime import datetime
from uuid import UUID

from app.domain.act_kind import ActKind
from app.domain.enterprise import VERIFIERS, refuse_unless
from app.domain.errors import Conflict
from app.domain.letter import Letter, refuse_letter
from app.domain.roles import Actor
from app.services.acts import record_act
from app.services.office import Work
from app.storage.ids import new_id
from app.storage.queries.enterprises import lock_enterprise, newest_letter


async def verify_enterprise(work: Work, enterprise_id: UUID, letter: Letter, *, actor: Actor, now: datetime) -> None:
    """Record the authorisation letter that was looked at; the newest counts."""
    refuse_unless(actor, *VERIFIERS)
    await lock_enterprise(work.connection, enterprise_id, actor)
    refuse_letter(letter, now)
    work.changes.insert(
        "enterprise_verification",
        {
            "id": new_id(now),
            "enterprise_id": enterprise_id,
            "document_number": letter.document_number,
            "issued_on": letter.issued_on,
            "valid_until": letter.valid_until,
            "authorised": letter.authorised,
            "verified_by": actor.id,
            "verified_at": now,
        },
    )
    subject = str(enterprise_id)
    payload = {"document_number": letter.document_number, "valid_until": letter.valid_until}
    await record_act(work, ActKind.ENTERPRISE_VERIFIED, subject=subject, payload=payload, actor=actor, now=now)


async def withdraw_verification(work: Work, enterprise_id: UUID, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let the newest letter count no more."""
    refuse_unless(actor, *VERIFIERS)
    await lock_enterprise(work.connection, enterprise_id, actor)
    letter = await newest_letter(work.connection, enterprise_id)
    if letter is None or letter["withdrawn_at"] is not None:
        raise Conflict("这家企业没有可撤回的核验。", code="nothing-to-withdraw")
    values = {"withdrawn_by": actor.id, "withdrawn_at": now, "withdrawal_reason": reason}
    work.changes.update("enterprise_verification", letter["id"], values)
    kind, payload = ActKind.ENTERPRISE_VERIFICATION_WITHDRAWN, {"reason": reason}
    await record_act(work, kind, subject=str(enterprise_id), payload=payload, actor=actor, now=now)
