"""Columns of lists as their reader may see them: of a confidential appeal the anonymised copy, or the original."""

from app.domain.anonymity import COPY_MISSING
from app.domain.confidence import hides_every_filer
from app.domain.roles import Actor, Role

_OWN = "coalesce(a.accused_department = CAST(:hides_own AS text), false)"
HIDDEN = f"(a.confidential AND (CAST(:hides_every AS boolean) OR {_OWN}))"
NUMBER_HIDDEN = f"({HIDDEN} AND NOT CAST(:gave_number AS boolean))"
"""A hotline knows the number that it gave itself; to anybody else it leads to who called."""
TITLE = f"CASE WHEN {HIDDEN} THEN coalesce(a.anonymised_title, '{COPY_MISSING}') ELSE a.title END AS title"
EXTERNAL_NUMBER = f"CASE WHEN {NUMBER_HIDDEN} THEN NULL ELSE a.external_number END AS external_number"


def masks_of(actor: Actor) -> dict[str, object]:
    """Return the parameters of the columns."""
    return {
        "hides_every": hides_every_filer(actor),
        "hides_own": actor.department,
        "gave_number": actor.has(Role.CONNECTOR),
    }
