"""Sessions: opened by password and second factor, ended by their owner, by a new password, or by time."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from app.domain.credential import SESSION_LIFE, SESSION_PREFIX
from app.services.keys import credential_digest
from app.services.office import Office, Work
from app.services.proving import Identity, Proof, account_of, prove
from app.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session; the token is shown once."""

    token: str
    expires_at: datetime
    must_change_password: bool


async def open_session(
    office: Office, identity: Identity, *, login: str, password: str, code: str, address: str, now: datetime
) -> OpenedSession:
    """Sign somebody in; raise the one `NotSignedIn` for whatever is wrong."""
    proof = await prove(office, identity, login=login, password=password, code=code, address=address, now=now)
    async with office.work() as work:
        await proof.use_up(work)
        return _session(work, proof, address=address, now=now)


def _session(work: Work, proof: Proof, *, address: str, now: datetime) -> OpenedSession:
    token = SESSION_PREFIX + secrets.token_urlsafe(32)
    opened = OpenedSession(token, now + SESSION_LIFE, proof.credential["must_change"])
    work.changes.insert(
        "session",
        {
            "id": new_id(now),
            "account_id": account_of(proof),
            "digest": credential_digest(token),
            "address": address,
            "created_at": now,
            "expires_at": opened.expires_at,
            "last_used_at": now,
        },
    )
    return opened
