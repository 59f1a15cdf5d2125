"""Service commitments that an appeal may cite: within which published length of time a service is done."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.clause import Clause
from app.domain.limit import Limit


class Basis(StrEnum):
    """What a published figure says of a single case: only a promise can be broken by one."""

    PROMISE = "promise"
    AVERAGE = "average"
    BEST_EFFORT = "best_effort"


BASIS_NAMES = {Basis.PROMISE: "承诺", Basis.AVERAGE: "平均", Basis.BEST_EFFORT: "力争"}
FIGURE_NAMES = {
    Basis.PROMISE: "承诺时限",
    Basis.AVERAGE: "所公布的平均时限",
    Basis.BEST_EFFORT: "所公布的力争时限",
}


@dataclass(frozen=True, slots=True)
class Commitment:
    """One service that a document says is done within a length of time.

    `starts` and `ends` name the events in Chinese; `excludes` says which time does not count (a pause of the
    citation); empty where the document excludes none.
    """

    code: str
    name: str
    limit: Limit
    starts: str
    ends: str
    basis: Basis
    clause: Clause
    excludes: str = ""
