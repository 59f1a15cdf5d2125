"""Single-use links by which an enterprise without an account supplies what is missing."""

import secrets
from datetime import datetime
from typing import Any

from app.domain.appeal import Hold
from app.domain.appeal_action import AppealAction
from app.domain.case import Case
from app.domain.clock_kind import ClockKind
from app.domain.errors import Conflict, NotFound
from app.domain.roles import Actor, Role
from app.services.cases import take_by_id
from app.services.keys import credential_digest
from app.services.office import Work
from app.services.supplements import supply
from app.services.transitions import Move, advance
from app.storage.ids import new_id
from app.storage.queries.supplement_links import live_link, void_supplement_links


async def issue_supplement_link(work: Work, case: Case, *, actor: Actor, now: datetime) -> tuple[Case, str, datetime]:
    """Issue a fresh single-use link that ends with the supplement's due date; earlier ones become worthless.

    Return the case, the token, which is kept as a digest only, and when it ends.
    """
    after = advance(work, case, AppealAction.ISSUE_SUPPLEMENT_LINK, Move(), actor=actor, now=now)
    clock = case.running(ClockKind.SUPPLEMENT)
    if clock is None or clock.due_at <= now:
        raise Conflict("补正期限已过，不能再发放链接；企业仍可由窗口代为补正。", code="supplement-overdue")
    await void_supplement_links(work.connection, case.appeal.id, now)
    token = secrets.token_urlsafe(32)
    work.changes.insert(
        "supplement_link",
        {
            "id": new_id(now),
            "appeal_id": case.appeal.id,
            "digest": credential_digest(token),
            "issued_by": actor.id,
            "issued_at": now,
            "expires_at": clock.due_at,
        },
    )
    return after, token, clock.due_at


async def supply_by_link(work: Work, token: str, *, text: str, now: datetime) -> Case:
    """Take what an enterprise supplies by its link, once; wrong, used, replaced and expired are the same 404."""
    # Nobody has signed in: the link itself is the right to speak about its appeal.
    await work.stand_for_office()
    link = await live_link(work.connection, credential_digest(token), now)
    if link is None:
        raise _unknown()
    case = await take_by_id(work, link["appeal_id"])
    # Whoever supplies ends the hold, under the lock of the appeal; so of two copies of a request one comes too late.
    if case.appeal.hold is not Hold.SUPPLEMENT:
        raise _unknown()
    work.changes.update("supplement_link", link["id"], {"used_at": now})
    return supply(work, case, text=text, actor=_supplier(link, case), now=now)


def _unknown() -> NotFound:
    return NotFound("补正链接无效、已使用或已过期；请联系受理单位重新发放。", code="unknown-supplement-link")


def _supplier(link: dict[str, Any], case: Case) -> Actor:
    roles = frozenset({Role.ENTERPRISE})
    return Actor(id=link["id"], name="企业（补正链接）", roles=roles, enterprise_id=case.appeal.enterprise_id)
