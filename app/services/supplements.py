"""Asking the enterprise once for everything that is missing, and what comes of it."""

from datetime import datetime

from app.domain.appeal import Outcome
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.clock_kind import ClockKind
from app.domain.limit import Limit
from app.domain.roles import Actor
from app.services.closures import closed
from app.services.office import Work
from app.services.transitions import Move, advance


def request_supplement(
    work: Work, case: Case, *, gaps: list[str], limit: Limit | None, actor: Actor, now: datetime
) -> Case:
    """Tell the enterprise once of every gap, with the date until which it may supply (一次性告知)."""
    given = Given(reason="；".join(gaps), clock_kind=ClockKind.SUPPLEMENT, limit=limit)
    move = Move(given=given, appeal={"supplement_requested": True}, payload={"gaps": gaps})
    return advance(work, case, AppealAction.REQUEST_SUPPLEMENT, move, actor=actor, now=now)


def supply(work: Work, case: Case, *, text: str, actor: Actor, now: datetime) -> Case:
    """Take what the enterprise supplies; the paused clocks run on."""
    return advance(work, case, AppealAction.SUPPLY, Move(payload={"text": text}), actor=actor, now=now)


def lapse(work: Work, case: Case, *, actor: Actor, now: datetime) -> Case:
    """End an appeal whose supplement never came, provided that a reminder was delivered."""
    clock = case.running(ClockKind.SUPPLEMENT)
    reminded = clock is not None and clock.warned_at is not None and clock.warned_at < clock.due_at
    move = Move(given=Given(reminder_delivered=reminded, reason="逾期未补正"), appeal=closed(Outcome.TERMINATED, now))
    return advance(work, case, AppealAction.LAPSE, move, actor=actor, now=now)
