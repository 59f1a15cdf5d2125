"""Builders: one appeal with its clocks and assignments, as a test of the process wants it.

Times are written as the clocks of Shanghai show them. Unless a test says otherwise everything begins on Monday
2026-03-02 at 09:30, far from every holiday; five working days from there end with Monday 2026-03-09.
"""

from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from app.calendars import load_calendar
from app.domain.appeal import Appeal, AppealKind, Assignment, AssignmentPart, ReplyFacts
from app.domain.case import Attempt, Case, Clock, Given
from app.domain.clock import OFFICE_TIMEZONE
from app.domain.clock_kind import ClockKind
from app.domain.limit import Limit
from app.domain.policy_building import build_policy
from app.domain.roles import Actor, Role
from app.domain.turning import Start, start_clock
from app.policies import packaged

CALENDAR = load_calendar()
POLICY = build_policy(packaged().packs["gedian"].data)
MONDAY = "2026-03-02 09:30"

APPEAL, MASTER, ENTERPRISE, RIVAL = (UUID(int=number) for number in range(1, 5))
LEAD, SUPPORT = (UUID(int=number) for number in range(10, 12))
WRITER, APPROVER, SOMEBODY, REVIEWER = (UUID(int=number) for number in range(20, 24))


def at(written: str) -> datetime:
    """Return an instant by the clocks of Shanghai; a day alone is its first instant."""
    return datetime.fromisoformat(written).replace(tzinfo=OFFICE_TIMEZONE)


def day(written: str) -> date:
    """Return a date."""
    return date.fromisoformat(written)


def ids() -> Callable[[], UUID]:
    """Return a maker of ids, one after the other."""
    numbers = count(1_000)
    return lambda: UUID(int=next(numbers))


def an_appeal(**changes: Any) -> Appeal:
    """Return an appeal of an enterprise that has just been filed."""
    plain: dict[str, Any] = {
        "id": APPEAL,
        "number": "GD-20260302-000001",
        "jurisdiction": "gedian",
        "policy_id": UUID(int=5),
        "enterprise_id": ENTERPRISE,
        "channel": "api",
        "external_number": None,
        "title": "补贴未到账",
        "kind": AppealKind.COMPLAINT,
        "category": "02",
        "petition": False,
        "confidential": False,
        "retaliation": False,
        "accused_department": None,
        "received_at": at(MONDAY),
        "filed_at": at(MONDAY),
        "event_count": 1,
    }
    return Appeal(**plain | changes)


def a_lead(**changes: Any) -> Assignment:
    """Return the lead assignment, which `economy` holds."""
    plain: dict[str, Any] = {
        "id": LEAD,
        "appeal_id": APPEAL,
        "round": 1,
        "jurisdiction": "gedian",
        "department": "economy",
        "part": AssignmentPart.LEAD,
        "assigned_at": at(MONDAY),
    }
    return Assignment(**plain | changes)


def a_support(**changes: Any) -> Assignment:
    """Return a support assignment, which `finance` holds."""
    return a_lead(**{"id": SUPPORT, "department": "finance", "part": AssignmentPart.SUPPORT} | changes)


def a_clock(kind: ClockKind = ClockKind.HANDLING, limit: str = "5 WD", start: str = MONDAY, **more: Any) -> Clock:
    """Return a clock that was started and not touched since."""
    started = Start(kind, at(start), Limit.parse(limit), **more)
    return start_clock(started, appeal=an_appeal(), policy=POLICY, calendar=CALENDAR, make_id=ids())


def a_case(*parts: Clock | Assignment, **appeal: Any) -> Case:
    """Return a case of an appeal with these attributes, and the clocks and assignments in `parts`."""
    clocks = tuple(one for one in parts if isinstance(one, Clock))
    assignments = tuple(one for one in parts if isinstance(one, Assignment))
    return Case(an_appeal(**appeal), clocks, assignments, POLICY, CALENDAR)


def somebody(role: Role = Role.DISPATCHER, **scope: Any) -> Actor:
    """Return an actor with one role."""
    return Actor(**{"id": SOMEBODY, "name": "某人", "roles": frozenset({role})} | scope)


def an_attempt(actor: Actor | None = None, *, when: str = "2026-03-03 09:30", **given: Any) -> Attempt:
    """Return one try, on Tuesday unless said otherwise; the rest is what the caller states."""
    return Attempt(actor or somebody(), at(when), Given(**given))


def a_reply(**changes: Any) -> ReplyFacts:
    """Return a substantive reply of round 1 that nobody has approved."""
    return ReplyFacts(**{"id": UUID(int=30), "writer_id": WRITER, "round": 1} | changes)
