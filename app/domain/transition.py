"""One row of the table of transitions, and how it is written down."""

from dataclasses import dataclass

from app.domain.appeal import AppealStatus, Hold
from app.domain.appeal_action import AppealAction
from app.domain.clock_kind import ClockKind as C
from app.domain.guards import Guard
from app.domain.roles import Role

FREE = (Hold.NONE,)
EVERY_CLOCK = tuple(C)


@dataclass(frozen=True, slots=True)
class Transition:
    """One sentence of the regulation: who may do what from where, and what follows.

    `to` and `to_hold` of None leave status and hold as they are. `stops`, `pauses`, `resumes`, `starts`
    and `revives` name clock kinds; a revived clock is deemed never stopped, net of the time in between.
    """

    action: AppealAction
    name: str
    from_: frozenset[AppealStatus]
    to: AppealStatus | None
    by: frozenset[Role]
    holds: frozenset[Hold]
    to_hold: Hold | None
    announces: str
    guards: tuple[Guard, ...]
    stops: frozenset[C]
    pauses: frozenset[C]
    resumes: frozenset[C]
    starts: frozenset[C]
    revives: frozenset[C]


def transition(
    action: AppealAction,
    name: str,
    announces: str,
    *,
    from_: tuple[AppealStatus, ...],
    by: tuple[Role, ...],
    to: AppealStatus | None = None,
    holds: tuple[Hold, ...] = FREE,
    to_hold: Hold | None = None,
    guards: tuple[Guard, ...] = (),
    stops: tuple[C, ...] = (),
    pauses: tuple[C, ...] = (),
    resumes: tuple[C, ...] = (),
    starts: tuple[C, ...] = (),
    revives: tuple[C, ...] = (),
) -> Transition:
    sets = (frozenset(kinds) for kinds in (stops, pauses, resumes, starts, revives))
    return Transition(
        action,
        name,
        frozenset(from_),
        to,
        frozenset(by),
        frozenset(holds),
        to_hold,
        f"appeal.{announces}",
        guards,
        *sets,
    )


def others(*kept: C) -> tuple[C, ...]:
    return tuple(kind for kind in EVERY_CLOCK if kind not in kept)
