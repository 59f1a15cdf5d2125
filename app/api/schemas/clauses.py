"""Where a limit comes from, as data."""

from app.api.schemas.base import Output
from app.domain.clause import Clause


class ClauseOut(Output):
    """Where a limit comes from. Standings: issued, draft, news, superior, law, practice; marks as in the policy."""

    text: str
    words: str
    standing: str
    mark: str


def clause_values(clause: Clause | None) -> dict[str, str] | None:
    """Return a clause as data; none where a limit was given without one."""
    if clause is None:
        return None
    return {"text": clause.chinese, "words": clause.words, "standing": clause.standing, "mark": clause.mark}
