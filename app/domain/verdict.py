"""What is kept of a clock or a citation that was judged, and of due dates that no longer hold."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """How a stopped clock was judged, under the calendar version that it keeps.

    `unjudged`: it was stopped after a date that was only projected, so nobody may be called late.
    """

    ON_TIME = "on_time"
    LATE = "late"
    UNJUDGED = "unjudged"


class CitationVerdict(StrEnum):
    """What a citation came to on the day of filing.

    `beyond_average`: later than a figure that no single case can break. `projected`: the due day lies in a year
    without a notice, so nothing is said of it.
    """

    KEPT = "kept"
    RUNNING = "running"
    BREACHED = "breached"
    BEYOND_AVERAGE = "beyond_average"
    PROJECTED = "projected"


class Cause(StrEnum):
    """Why a due date was replaced by another."""

    EXTENSION = "extension"
    LIMIT = "limit"
    PAUSE = "pause"
    UNDONE = "undone"
    MERGER = "merger"
    CALENDAR = "calendar"


CAUSE_NAMES = {
    Cause.EXTENSION: "延期",
    Cause.LIMIT: "期限调整",
    Cause.PAUSE: "暂停后恢复",
    Cause.UNDONE: "原办结不算",
    Cause.MERGER: "并案",
    Cause.CALENDAR: "工作日历更新",
}


@dataclass(frozen=True, slots=True)
class FormerDue:
    """A due date that held until an instant, and why another took its place."""

    until: datetime
    due_at: datetime
    provisional: bool
    calendar_version: str
    cause: Cause
