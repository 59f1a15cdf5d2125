"""How long the words of a closed appeal are kept, and who may have them kept longer.

The governing documents are silent; 个人信息保护法 19 asks for the shortest time that the purpose needs. Ten years is
practice: a setting, shown as such.
"""

from datetime import date, datetime
from typing import Final

from app.domain.clock import office_day, start_of_day
from app.domain.errors import NotAllowed
from app.domain.roles import ROLE_NAMES, Actor, Role

ERASED: Final = "已按期销毁"
ERASE, ERASURE = "erase", "appeal.erased"
HOLD, HELD = "hold_retention", "appeal.retention_held"
RELEASE, RELEASED = "release_retention", "appeal.retention_released"
"""What the history names, and what is announced."""

YEARS: Final = 10
"""Unless the operator sets another number."""
HOLDERS: Final = frozenset({Role.SUPERVISOR, Role.DISCIPLINE})


def erasable_before(now: datetime, years: int) -> datetime:
    """Return the instant before which an appeal must have been closed to be erased: whole years, by office days."""
    return start_of_day(_years_before(office_day(now), years))


def rule_said(years: int) -> str:
    """Return the rule in words, for what stays of an erased appeal."""
    return f"销号满{years}年（实务做法，文件未作规定）"


def check_holder(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor may have an appeal kept, or let it go."""
    if not actor.has(*HOLDERS):
        names = "、".join(ROLE_NAMES[role] for role in sorted(HOLDERS))
        raise NotAllowed(f"依法留存只能由{names}决定或解除。", code="role-not-allowed")


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
