"""Rows to domain values and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.appeal import Appeal, AppealKind, AppealStatus, Assignment, AssignmentPart, Hold, Outcome
from app.domain.case import Clock, ClockState
from app.domain.clock import Pause, Switch
from app.domain.clock_kind import ClockKind
from app.domain.former_due import Cause, FormerDue
from app.domain.limit import Limit, Unit
from app.domain.policy import Level
from app.domain.verdict import Verdict

_NOBODY = UUID(int=0)
APPEAL_COLUMNS = tuple(field.name for field in fields(Appeal))


def appeal_of(row: Mapping[str, Any]) -> Appeal:
    """Make an appeal of a row that holds `APPEAL_COLUMNS`."""
    values = {column: row[column] for column in APPEAL_COLUMNS}
    values["status"] = AppealStatus(row["status"])
    values["hold"] = Hold(row["hold"])
    values["level"] = Level(row["level"])
    values["kind"] = AppealKind(row["kind"])
    values["departments"] = tuple(row["departments"])
    values["outcome"] = _outcome(row["outcome"])
    values["result_type"] = _outcome(row["result_type"])
    return Appeal(**values)


def appeal_changes(before: Appeal, after: Appeal) -> dict[str, object]:
    """Return the columns in which the appeal differs."""
    return {column: value for column in APPEAL_COLUMNS if (value := getattr(after, column)) != getattr(before, column)}


def appeal_values(appeal: Appeal) -> dict[str, object]:
    """Return every column of an appeal."""
    return {column: getattr(appeal, column) for column in APPEAL_COLUMNS}


def assignment_of(row: Mapping[str, Any]) -> Assignment:
    """Make an assignment of a JSON row."""
    return Assignment(
        id=UUID(row["id"]),
        appeal_id=UUID(row["appeal_id"]),
        round=row["round"],
        jurisdiction=row["jurisdiction"],
        department=row["department"],
        part=AssignmentPart(row["part"]),
        assigned_at=datetime.fromisoformat(row["assigned_at"]),
        due_at=instant(row["due_at"]),
        designated=row["designated"],
        signed_at=instant(row["signed_at"]),
        signed_late=row["signed_late"],
        contacted_at=instant(row["contacted_at"]),
        return_requested_at=instant(row["return_requested_at"]),
        proposed_department=row["proposed_department"],
        finished_at=instant(row["finished_at"]),
        ended_at=instant(row["ended_at"]),
        passed_on=row["passed_on"],
    )


def assignment_values(assignment: Assignment) -> dict[str, object]:
    """Return every column of an assignment but the opinion that came with it."""
    return {field.name: getattr(assignment, field.name) for field in fields(Assignment)}


def clock_of(row: Mapping[str, Any]) -> Clock:
    """Make a clock of a JSON row."""
    return Clock(
        id=UUID(row["id"]),
        appeal_id=UUID(row["appeal_id"]),
        kind=ClockKind(row["kind"]),
        round=row["round"],
        limit=Limit(Decimal(str(row["limit_amount"])).normalize(), Unit(row["limit_unit"])),
        started_at=datetime.fromisoformat(row["started_at"]),
        due_day=date.fromisoformat(row["due_day"]),
        due_at=datetime.fromisoformat(row["due_at"]),
        provisional=row["provisional"],
        calendar_version=row["calendar_version"],
        assignment_id=UUID(row["assignment_id"]) if row["assignment_id"] else None,
        original_due_at=instant(row["original_due_at"]),
        switches=frozenset(Switch(name) for name in row["switches"]),
        pauses=tuple(Pause(datetime.fromisoformat(start), instant(end)) for start, end in row["pauses"]),
        extensions=tuple(Limit.parse(text) for text in row["extensions"]),
        former_dues=tuple(_former_due(one) for one in row["former_dues"]),
        state=ClockState(row["state"]),
        stopped_at=instant(row["stopped_at"]),
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        late_by=row["late_by"],
        next_at=instant(row["next_at"]),
        warnings=row["warnings"],
        warned_at=instant(row["warned_at"]),
        breached_at=instant(row["breached_at"]),
        ordered_at=instant(row["ordered_at"]),
    )


def clock_of_group(row: Mapping[str, Any]) -> Clock:
    """Make a clock that stands for a group of like clocks: of what it has announced only the fact is known."""
    return Clock(
        id=_NOBODY,
        appeal_id=_NOBODY,
        kind=ClockKind(row["kind"]),
        round=1,
        limit=Limit(Decimal(row["limit_amount"]).normalize(), Unit(row["limit_unit"])),
        started_at=row["started_at"],
        due_day=row["due_day"],
        due_at=row["due_at"],
        provisional=row["provisional"],
        calendar_version="",
        switches=frozenset(Switch(name) for name in row["switches"]),
        pauses=tuple(Pause(datetime.fromisoformat(start), instant(end)) for start, end in row["pauses"]),
        extensions=tuple(Limit.parse(text) for text in row["extensions"]),
        state=ClockState(row["state"]),
        warnings=row["warnings"],
        breached_at=row["due_at"] if row["breached"] else None,
        ordered_at=row["due_at"] if row["ordered"] else None,
    )


def clock_turned(clock: Clock) -> dict[str, object]:
    """Return the columns of a clock that turning it may change."""
    return {
        "limit_amount": str(clock.limit.amount),
        "limit_unit": clock.limit.unit,
        "started_at": clock.started_at,
        "due_day": clock.due_day,
        "due_at": clock.due_at,
        "provisional": clock.provisional,
        "calendar_version": clock.calendar_version,
        "pauses": [[pause.started_at, pause.ended_at] for pause in clock.pauses],
        "extensions": [str(length) for length in clock.extensions],
        "former_dues": [asdict(due) for due in clock.former_dues],
        "state": clock.state,
        "stopped_at": clock.stopped_at,
        "verdict": clock.verdict,
        "late_by": clock.late_by,
        "next_at": clock.next_at,
        "warnings": clock.warnings,
        "warned_at": clock.warned_at,
        "breached_at": clock.breached_at,
        "ordered_at": clock.ordered_at,
    }


def clock_values(clock: Clock) -> dict[str, object]:
    """Return every column of a clock."""
    return {
        "id": clock.id,
        "appeal_id": clock.appeal_id,
        "assignment_id": clock.assignment_id,
        "kind": clock.kind,
        "round": clock.round,
        "original_due_at": clock.original_due_at,
        "switches": sorted(clock.switches),
        **clock_turned(clock),
    }


def _former_due(row: Mapping[str, Any]) -> FormerDue:
    return FormerDue(
        until=datetime.fromisoformat(row["until"]),
        due_at=datetime.fromisoformat(row["due_at"]),
        provisional=row["provisional"],
        calendar_version=row["calendar_version"],
        cause=Cause(row["cause"]),
    )


def instant(text: str | None) -> datetime | None:
    """Read an instant of a JSON row."""
    return None if text is None else datetime.fromisoformat(text)


def _outcome(value: str | None) -> Outcome | None:
    return None if value is None else Outcome(value)
