"""What ends an appeal without an answer: refusing, redirecting, terminating, withdrawing."""

from datetime import datetime

from app.domain.appeal import Outcome, ReplyKind
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.clock_kind import ClockKind
from app.domain.roles import Actor
from app.services.closures import closed
from app.services.office import Work
from app.services.transitions import Move, advance


def refuse(work: Work, case: Case, *, reason_code: str, notice: str, actor: Actor, now: datetime) -> Case:
    """Refuse an appeal on a listed ground, with written notice and the proper channel."""
    ground = case.policy.refusal(reason_code)
    payload = {"reason_code": ground.code, "ground": ground.name, "channel": ground.channel, "notice": notice}
    move = Move(given=Given(reason=notice), appeal=closed(Outcome.REFUSED, now), payload=payload)
    return advance(work, case, AppealAction.REFUSE, move, actor=actor, now=now)


def redirect(work: Work, case: Case, *, channel: str, notice: str, actor: Actor, now: datetime) -> Case:
    """Point the enterprise to the channel that the matter belongs to."""
    target = case.policy.redirect_channel(channel)
    payload = {"channel": target.code, "channel_name": target.name, "notice": notice}
    move = Move(given=Given(reason=notice), appeal=closed(Outcome.REDIRECTED, now), payload=payload)
    return advance(work, case, AppealAction.REDIRECT, move, actor=actor, now=now)


def terminate(work: Work, case: Case, *, reason_code: str, notice: str, actor: Actor, now: datetime) -> Case:
    """End an open appeal on a ground of the stop list, with written notice."""
    ground = case.policy.termination(reason_code)
    payload = {"reason_code": ground.code, "ground": ground.name, "notice": notice}
    move = Move(given=Given(reason=notice), appeal=closed(Outcome.TERMINATED, now), payload=payload)
    return advance(work, case, AppealAction.TERMINATE, move, actor=actor, now=now)


def withdraw(work: Work, case: Case, *, reason: str, actor: Actor, now: datetime) -> Case:
    """Let the enterprise take its appeal back."""
    move = Move(given=Given(reason=reason), appeal=closed(Outcome.WITHDRAWN, now))
    return advance(work, case, AppealAction.WITHDRAW, move, actor=actor, now=now)


def answer_petition(work: Work, case: Case, *, kind: ReplyKind, text: str, actor: Actor, now: datetime) -> Case:
    """Answer the petition clocks of a redirected appeal: a procedural reply leaves the substantive one owing."""
    keeps = frozenset({ClockKind.SUBSTANTIVE_REPLY}) if kind is ReplyKind.PROCEDURAL else frozenset()
    move = Move(given=Given(reason=text, keeps=keeps), payload={"kind": kind, "text": text})
    return advance(work, case, AppealAction.ANSWER_PETITION, move, actor=actor, now=now)
