"""Sessions ended by their owner; a new password and an administrator end them too."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.act_kind import ActKind
from app.domain.credential import SignedIn
from app.domain.errors import NotFound
from app.services.acts import record_act
from app.services.logins import refuse_unless_session
from app.services.office import Work
from app.storage.queries.sessions import lock_session


async def close_session(work: Work, *, actor: SignedIn, now: datetime) -> dict[str, Any]:
    """End the session that the actor has signed in with; return its row."""
    refuse_unless_session(actor)
    return await _end(work, actor.credential_id, ActKind.SESSION_CLOSED, actor=actor, now=now)


async def revoke_session(work: Work, session_id: UUID, *, actor: SignedIn, now: datetime) -> dict[str, Any]:
    """End one of the actor's sessions, once; return its row."""
    return await _end(work, session_id, ActKind.SESSION_REVOKED, actor=actor, now=now)


async def _end(work: Work, session_id: UUID, kind: ActKind, *, actor: SignedIn, now: datetime) -> dict[str, Any]:
    row = await lock_session(work.connection, session_id, actor.id)
    if row is None:
        raise NotFound
    if row["revoked_at"] is not None:
        return row
    work.changes.update("session", session_id, {"revoked_at": now})
    payload = {"session_id": session_id}
    await record_act(work, kind, subject=str(actor.id), payload=payload, actor=actor, now=now)
    return {**row, "revoked_at": now}
