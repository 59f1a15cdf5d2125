"""Whom an outside identity provider knows by which name: linked by an administrator, for others only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.errors import NotFound
from app.domain.roles import Actor
from app.services.administration import take_account
from app.services.office import Work
from app.storage.ids import new_id
from app.storage.queries.identities import unlink


async def link_identity(
    work: Work, account_id: UUID, *, issuer: str, subject: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Let a subject of an issuer stand for somebody else's account; one subject stands for one account."""
    await take_account(work, account_id, actor=actor)
    row: dict[str, Any] = {
        "id": new_id(now),
        "account_id": account_id,
        "issuer": issuer,
        "subject": subject,
        "linked_at": now,
        "linked_by": actor.id,
    }
    work.changes.insert("identity", row)
    return row


async def unlink_identity(work: Work, account_id: UUID, identity_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """Let a subject no longer stand for an account, everywhere within 5 seconds."""
    await take_account(work, account_id, actor=actor)
    row = await unlink(work.connection, identity_id, account_id)
    if row is None:
        raise NotFound
    return row
