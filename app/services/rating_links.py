"""Single-use links by which an enterprise rates."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.appeal_action import AppealAction
from app.domain.case import Case
from app.domain.roles import Actor
from app.services.office import Work
from app.services.transitions import Move, advance
from app.storage.ids import new_id
from app.storage.queries.feedback import void_links

LINK_LIFE = timedelta(days=30)
"""As long as a closed appeal may be taken up again; a fresh link can be had at any time until then."""


async def issue_link(work: Work, case: Case, *, actor: Actor, now: datetime) -> tuple[Case, str]:
    """Issue a fresh single-use rating link; earlier unused ones become worthless."""
    await void_links(work.connection, case.appeal.id)
    after = advance(work, case, AppealAction.ISSUE_LINK, Move(), actor=actor, now=now)
    return after, add_link(work, case.appeal.id, case.appeal.round, now=now)


def _expiry(issued_at: datetime, expires_at: datetime | None) -> datetime:
    """Links of before did not say when they end."""
    return expires_at or issued_at + LINK_LIFE


def add_link(work: Work, appeal_id: UUID, round_: int, *, now: datetime) -> str:
    """Make a rating link and return its token, which is kept as a digest only."""
    token = secrets.token_urlsafe(32)
    work.changes.insert(
        "rating",
        {
            "id": new_id(now),
            "appeal_id": appeal_id,
            "round": round_,
            "digest": token_digest(token),
            "issued_at": now,
            "expires_at": now + LINK_LIFE,
            "rated_at": None,
        },
    )
    return token


def token_digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
