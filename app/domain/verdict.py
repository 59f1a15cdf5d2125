"""What is kept of a clock or a citation that was judged."""

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
