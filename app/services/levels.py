"""How hard an appeal is."""

from datetime import datetime

from app.domain.appeal_action import AppealAction
from app.domain.case import Case, ClockState, Given
from app.domain.clock_kind import ClockKind
from app.domain.policy import Level
from app.domain.roles import Actor
from app.domain.turning import relimit
from app.services.office import Work
from app.services.transitions import Move, advance


def regrade(work: Work, case: Case, *, level: Level, reason: str, actor: Actor, now: datetime) -> Case:
    """Raise the level: the longer limit is counted from the original start, never from today."""
    clock = case.main_clock()
    limit, _ = case.policy.limit_for(clock.kind if clock else ClockKind.HANDLING, level=level)
    clocks = (
        [] if clock is None or clock.state is not ClockState.RUNNING else [relimit(clock, limit, case.calendar, now)]
    )
    payload = {"from": case.appeal.level, "to": level}
    move = Move(given=Given(reason=reason, level=level), appeal={"level": level}, clocks=clocks, payload=payload)
    return advance(work, case, AppealAction.REGRADE, move, actor=actor, now=now)
