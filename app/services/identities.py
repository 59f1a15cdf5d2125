"""Whom an outside identity provider knows by which name: linked by an administrator, for others only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.act_kind import ActKind
from app.domain.errors import NotFound
from app.domain.roles import Actor
from app.services.acts import record_act
from app.services.administration import take_account
from app.services.office import Work
from app.storage.ids import new_id
from app.storage.queries.identities import lock_identity, unlink


async def link_identity(
    work: Work, account_id: UUID, *, issuer: str, subject: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Let a subject of an issuer stand for somebody else's account; one subject stands for one account."""
    account = await take_account(work, account_id, actor=actor)
    row: dict[str, Any] = {
        "id": new_id(now),
        "account_id": account_id,
        "issuer": issuer,
        "subject": subject,
        "linked_at": now,
        "linked_by": actor.id,
    }
    work.changes.insert("identity", row)
    await _record(work, ActKind.IDENTITY_LINKED, row, account, actor=actor, now=now)
    return row


async def unlink_identity(
    work: Work, account_id: UUID, identity_id: UUID, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Let a subject no longer stand for an account, everywhere within 5 seconds."""
    account = await take_account(work, account_id, actor=actor)
    row = await lock_identity(work.connection, identity_id, account_id)
    if row is None:
        raise NotFound
    await _record(work, ActKind.IDENTITY_UNLINKED, row, account, actor=actor, now=now)
    # Removed last: whoever links the same subject while its old row is going waits, and holds the chain of acts.
    await unlink(work.connection, identity_id)
    return row


async def _record(
    work: Work, kind: ActKind, row: Mapping[str, Any], account: Mapping[str, Any], *, actor: Actor, now: datetime
) -> None:
    """What a provider calls somebody is often a name or a number of a person, so the act has the link's id."""
    payload = {"name": account["name"], "issuer": row["issuer"], "identity_id": row["id"]}
    await record_act(work, kind, subject=str(account["id"]), payload=payload, actor=actor, now=now)
