"""Whether two events of a history stand in each other's place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from app.domain.timeline import event_digest

MOST_BROKEN = 8
"""A swap breaks four links at most; where many are broken, looking for one among them would be guessing."""
_STAYS = ("sequence", "digest")


@dataclass(frozen=True, slots=True)
class Swap:
    """The places of two events whose contents stand in each other's place."""

    first: int
    second: int


def find_swap(events: Sequence[Mapping[str, Any]], broken: Sequence[int]) -> Swap | None:
    """Return the two events that make the history whole when they change places, among those that do not fit."""
    if len(broken) > MOST_BROKEN:
        return None
    # Where digests went along, the link after an event is broken as well as the one before it.
    suspects = sorted({place for at in broken for place in (at - 1, at) if place >= 0})
    pairs = (Swap(first, second) for first, second in combinations(suspects, 2))
    return next((swap for swap in pairs if _mends(events, swap, broken)), None)


def _mends(events: Sequence[Mapping[str, Any]], swap: Swap, broken: Sequence[int]) -> bool:
    """With or without their digests: whoever exchanged the rows may have left these where they were."""
    return any(_is_whole(_exchanged(events, swap, left), broken, swap) for left in (_STAYS, _STAYS[:1]))


def _exchanged(events: Sequence[Mapping[str, Any]], swap: Swap, left: Sequence[str]) -> list[Mapping[str, Any]]:
    mended = list(events)
    one, other = events[swap.first], events[swap.second]
    mended[swap.first] = {**other, **{name: one[name] for name in left}}
    mended[swap.second] = {**one, **{name: other[name] for name in left}}
    return mended


def _is_whole(events: Sequence[Mapping[str, Any]], broken: Sequence[int], swap: Swap) -> bool:
    near = {swap.first, swap.first + 1, swap.second, swap.second + 1}
    places = sorted(place for place in near if place < len(events))
    return near.issuperset(broken) and all(fits(events, place) for place in places)


def fits(events: Sequence[Mapping[str, Any]], place: int) -> bool:
    """Tell whether an event carries the digest of its content and of the digest before it."""
    before = events[place - 1]["digest"] if place else ""
    return bool(event_digest(before, events[place]) == events[place]["digest"])
