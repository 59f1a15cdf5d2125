"""Due dates that no longer hold, and why others took their place."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
