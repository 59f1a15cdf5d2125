"""Sessions opened by password and second factor."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.act_kind import ActKind
from app.domain.credential import SESSION_LIFE, SESSION_PREFIX
from app.services.accounts import actor_of
from app.services.acts import record_act
from app.services.keys import credential_digest
from app.services.office import Office, Work
from app.services.proving import Identity, Proof, account_of, prove
from app.storage.ids import new_id
from app.storage.queries.accounts import read_account


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session; the token is shown once."""

    token: str
    expires_at: datetime
    must_change_password: bool


async def open_session(
    office: Office, identity: Identity, *, login: str, password: str, code: str, address: str, now: datetime
) -> OpenedSession:
    """Sign somebody in; raise the one `NotSignedIn` for whatever is wrong.

    What failed is no act, nor is the pause that follows: whoever guesses could fill a record that is never shortened,
    and everybody who acts would wait for it. What stands for failures is their count by login and address.
    """
    proof = await prove(office, identity, login=login, password=password, code=code, address=address, now=now)
    async with office.work() as work:
        await proof.use_up(work)
        actor = actor_of(await read_account(work.connection, account_of(proof)))
        session_id, opened = _session(work, proof, address=address, now=now)
        payload = {"session_id": session_id}
        await record_act(work, ActKind.SESSION_OPENED, subject=str(actor.id), payload=payload, actor=actor, now=now)
        return opened


def _session(work: Work, proof: Proof, *, address: str, now: datetime) -> tuple[UUID, OpenedSession]:
    session_id = new_id(now)
    token = SESSION_PREFIX + secrets.token_urlsafe(32)
    opened = OpenedSession(token, now + SESSION_LIFE, proof.credential["must_change"])
    work.changes.insert(
        "session",
        {
            "id": session_id,
            "account_id": account_of(proof),
            "digest": credential_digest(token),
            "address": address,
            "created_at": now,
            "expires_at": opened.expires_at,
            "last_used_at": now,
        },
    )
    return session_id, opened
