"""What an explanation tells as data: pauses, extensions and switches, and whether each did anything."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from app.domain.calendar import WorkCalendar
from app.domain.clock import Due
from app.domain.counting import Leg, Pause, Promise, Switch, office_day, used_before
from app.domain.limit import Limit, Unit
from app.domain.working_hours import hour_phases


@dataclass(frozen=True, slots=True)
class ExplainedPause:
    """One pause, open while `ended_at` is None; `applied`: the count stood still for it.

    It did not for one that is empty, over before day 0, or begun when the time was up.
    """

    started_at: datetime
    ended_at: datetime | None
    applied: bool


@dataclass(frozen=True, slots=True)
class ExplainedExtension:
    """The `number`-th of `count` extensions.

    It goes on from the exclusive bound `former_due_at`; None while an open pause keeps the count from reaching it.
    """

    number: int
    count: int
    limit: Limit
    former_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExplainedSwitch:
    """A switch of the policy that was on; `applied`: the result would be another without it."""

    switch: Switch
    applied: bool


def told_legs(legs: Iterable[Leg], calendar: WorkCalendar) -> Iterator[Leg]:
    """Yield the legs, each with as many days used up before it as an explanation counts."""
    for _, phase in groupby(legs, key=lambda leg: leg.phase):
        used = 0
        for leg in phase:
            yield replace(leg, used=used)
            used += used_in(leg, calendar)


def used_in(leg: Leg, calendar: WorkCalendar) -> int:
    """Count the days that a leg used up before its pause; 0 where none cut it short.

    A last day that is a rest day is replaced by the next working day (民法典 203): paused before that one is over,
    the leg has used all days but the last.
    """
    if leg.pause is None:
        return 0
    used = used_before(leg, office_day(leg.pause.started_at), calendar)
    if leg.left.unit is Unit.WORKING_DAY:
        return used
    return min(used, (leg.nominal_day - leg.start.day).days - 1)


def is_paused_when_rolled(leg: Leg) -> bool:
    """Tell whether a pause came after the last day that was a rest day, and before the day to which it rolled was over.

    Working days never roll.
    """
    return leg.pause is not None and office_day(leg.pause.started_at) > leg.nominal_day


def explained_pauses(promise: Promise, legs: Sequence[Leg], due: Due | None) -> tuple[ExplainedPause, ...]:
    """Tell of every pause whether the count stood still for it."""
    met = {leg.pause for leg in legs} if legs else {pause for pause in promise.pauses if _holds_hours(pause, due)}
    return tuple(ExplainedPause(pause.started_at, pause.ended_at, pause in met) for pause in promise.pauses)


def explained_extensions(
    promise: Promise, legs: Sequence[Leg], calendar: WorkCalendar
) -> tuple[ExplainedExtension, ...]:
    """Number the extensions, each with the due instant that it moved."""
    if promise.limit.unit.is_hourly:
        reached = {phase.number: phase.due_at for phase in hour_phases(promise, calendar)}
    else:
        reached = {leg.phase: leg.due_at for leg in legs if leg.pause is None}
    count = len(promise.extensions)
    return tuple(
        ExplainedExtension(number, count, limit, reached.get(number - 1))
        for number, limit in enumerate(promise.extensions, start=1)
    )


def explained_switches(promise: Promise, legs: Sequence[Leg]) -> tuple[ExplainedSwitch, ...]:
    """Tell of every switch that was on whether it moved the start or the end."""
    applied = {
        Switch.DEEMED_RECEIPT: bool(legs) and legs[0].start.day != office_day(promise.started_at),
        Switch.CLOSE_OF_BUSINESS: bool(legs) and legs[-1].pause is None and not legs[-1].ends_at_noon,
    }
    return tuple(ExplainedSwitch(switch, applied[switch]) for switch in Switch if switch in promise.switches)


def _holds_hours(pause: Pause, due: Due | None) -> bool:
    return not pause.is_empty and (due is None or pause.started_at < due.at)
