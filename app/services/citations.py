"""Annexing a cited service commitment to an appeal: computed once, on the day of filing."""

from dataclasses import asdict
from datetime import datetime

from app.domain.case import Case
from app.domain.citation import Assessment, Citation, assess
from app.domain.clock import Switch
from app.domain.commitment import Commitment
from app.domain.errors import Fault, Invalid
from app.services.office import Work
from app.storage.ids import new_id


def annex(work: Work, citation: Citation, *, case: Case, now: datetime) -> dict[str, object]:
    """Note the citation with what it comes to, and return what the history says of it.

    Raise `Invalid` for an unknown commitment or instants that cannot be.
    """
    try:
        commitment = case.policy.commitment(citation.commitment)
        switches = frozenset(Switch(name) for name in case.policy.switches)
        assessment = assess(citation, commitment, case.calendar, switches=switches, now=now)
    except Invalid as refusal:
        raise _placed(refusal) from refusal
    pins = {"policy_id": case.appeal.policy_id, "calendar_version": case.calendar.version, "computed_at": now}
    row = _row(citation, commitment, assessment)
    work.changes.insert("citation", {"id": new_id(now), "appeal_id": case.appeal.id, **row, **pins})
    return {"commitment": citation.commitment, "verdict": assessment.verdict, "due_at": assessment.due.at}


def _row(citation: Citation, commitment: Commitment, assessment: Assessment) -> dict[str, object]:
    return {
        **asdict(citation),
        "name": commitment.name,
        "due_day": assessment.due.day,
        "due_at": assessment.due.at,
        "provisional": assessment.due.provisional,
        "verdict": assessment.verdict,
        "late_by": assessment.late_by,
        "sentences": assessment.sentences,
        "days": [asdict(day) for day in assessment.days],
    }


def _placed(refusal: Invalid) -> Invalid:
    """Name the fields as the filing does."""
    faults = (Fault(f"citation.{fault.field}", fault.reason) for fault in refusal.faults)
    return Invalid(refusal.message, *faults, code=refusal.code)
