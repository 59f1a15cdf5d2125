"""Ratings by single-use link."""

from datetime import datetime
from uuid import UUID

from app.domain.appeal import AppealStatus, Heard
from app.domain.appeal_action import AppealAction
from app.domain.case import Case
from app.domain.errors import NotFound
from app.domain.roles import SYSTEM, Actor, Role
from app.services.cases import take_by_id
from app.services.office import Work
from app.services.rating_links import _expiry, token_digest
from app.services.reworks import order_rework
from app.services.transitions import Move, advance
from app.storage.queries.feedback import rating_row, was_rated


async def rate(work: Work, token: str, *, solved: bool, satisfied: bool, comment: str, now: datetime) -> Case:
    """Take a rating by its link, once; a dissatisfied enterprise has its appeal reworked at once.

    Wrong, used, replaced and expired links are the same 404.
    """
    # Nobody has signed in: the link itself is the right to speak about its appeal.
    await work.stand_for_office()
    row = await rating_row(work.connection, token_digest(token))
    if row is None or row["rated_at"] is not None or now >= _expiry(row["issued_at"], row["expires_at"]):
        raise _unknown()
    case = await take_by_id(work, row["appeal_id"])
    handled = case if case.appeal.master_id is None else await take_by_id(work, case.appeal.master_id)
    if row["round"] != handled.appeal.round or await was_rated(work.connection, row["id"]):
        raise _unknown()
    answers = {"solved": solved, "satisfied": satisfied, "comment": comment}
    work.changes.update("rating", row["id"], {"rated_at": now, **answers})
    move = Move(appeal={"satisfied": satisfied}, payload=answers)
    rated = advance(work, case, AppealAction.RATE, move, actor=_rater(row["id"], case), now=now)
    if (satisfied and solved) or handled.appeal.status is not AppealStatus.REVIEWED:
        return rated
    heard = Heard(heard=True, satisfied=satisfied, solved=solved)
    reason = comment or "企业评价不满意或未解决"
    reworked = order_rework(
        work, rated if handled is case else handled, heard=heard, reason=reason, actor=SYSTEM, now=now
    )
    return reworked if handled is case else rated


def _unknown() -> NotFound:
    return NotFound("评价链接无效、已使用、已过期或已被替代；请联系回访人员重新发放。", code="unknown-rating-link")


def _rater(rating_id: UUID, case: Case) -> Actor:
    roles = frozenset({Role.ENTERPRISE})
    return Actor(id=rating_id, name="企业（评价链接）", roles=roles, enterprise_id=case.appeal.enterprise_id)
