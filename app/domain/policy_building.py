"""Builds a `Policy` from checked pack data, as it was read or as it was stored."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from app.domain.clause import Clause
from app.domain.clock_kind import ClockKind
from app.domain.commitment import Basis, Commitment
from app.domain.document import Document, Mark, Standing
from app.domain.limit import Limit
from app.domain.policy import (
    Category,
    Department,
    Extension,
    Level,
    LimitEntry,
    LimitRule,
    Policy,
    Reason,
    Rung,
    Target,
)
from app.domain.track import Track, TrackLimit, TrackStart

Row = Mapping[str, Any]
Rows = Mapping[str, Row]


def build_policy(data: Mapping[str, Any]) -> Policy:
    """Return the policy that checked data describes; the data may have been through JSON."""
    return _Building(data).policy()


class _Building:
    """Knows the documents, so that every clause can point to its own."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.documents = {code: _document(row) for code, row in data["document"].items()}

    def policy(self) -> Policy:
        head, data = self.data["policy"], self.data
        return Policy(
            jurisdiction=head["jurisdiction"],
            name=head["name"],
            parent=head.get("parent"),
            version=head["version"],
            effective_on=date.fromisoformat(head["effective_on"]),
            prefix=head["prefix"],
            switches=frozenset(head["switches"]),
            documents=self.documents,
            departments={code: Department(**row) for code, row in data["department"].items()},
            categories={code: self.category(row) for code, row in data["category"].items()},
            limits={ClockKind(kind): self.rule(ClockKind(kind), rows) for kind, rows in data["limit"].items()},
            extensions={Level(level): self.extension(row) for level, row in data["extension"].items()},
            windows={name: Limit.parse(text) for name, text in data["window"].items()},
            refusals=self.reasons("refusal"),
            terminations=self.reasons("termination"),
            redirect_channels=self.reasons("redirect_channel"),
            suspension_causes=self.reasons("suspension_cause"),
            defects=self.reasons("defect"),
            rungs={row["number"]: self.rung(row) for row in data["rung"].values()},
            targets={code: self.target(row) for code, row in data["target"].items()},
            # A version published before tracks existed has none.
            tracks={code: self.track(row) for code, row in data.get("track", {}).items()},
            # A version that was published before there were commitments holds none.
            commitments={code: self.commitment(row) for code, row in data.get("commitment", {}).items()},
        )

    def clause(self, row: Row) -> Clause:
        document = self.documents[row["document"]]
        mark, note = Mark(row["mark"]), row.get("note", "")
        return Clause(document, row.get("item", ""), row.get("words", ""), mark, note)

    def category(self, row: Row) -> Category:
        supports = tuple(row.get("supports", ()))
        return Category(**{**row, "supports": supports, "clause": self.clause(row["clause"])})

    def rule(self, kind: ClockKind, rows: Rows) -> LimitRule:
        return LimitRule(kind, {Level(level): self.entry(row) for level, row in rows.items()})

    def entry(self, row: Row) -> LimitEntry:
        return LimitEntry(Limit.parse(row["limit"]), self.clause(row["clause"]), tuple(row.get("reminders", ())))

    def extension(self, row: Row) -> Extension:
        return Extension(Limit.parse(row["limit"]), row["times"], self.clause(row["clause"]))

    def reasons(self, section: str) -> dict[str, Reason]:
        return {code: self.reason(row) for code, row in self.data[section].items()}

    def reason(self, row: Row) -> Reason:
        clause = self.clause(row["clause"]) if "clause" in row else None
        return Reason(row["code"], row["name"], clause, row.get("channel", ""))

    def rung(self, row: Row) -> Rung:
        return Rung(**{**row, "clause": self.clause(row["clause"])})

    def target(self, row: Row) -> Target:
        value = Fraction(row["value"].removesuffix("%")) / 100
        return Target(row["indicator"], row["name"], value, row["value"], self.clause(row["clause"]))

    def commitment(self, row: Row) -> Commitment:
        limit, basis, clause = Limit.parse(row["limit"]), Basis(row["basis"]), self.clause(row["clause"])
        return Commitment(**{**row, "limit": limit, "basis": basis, "clause": clause})

    def track(self, row: Row) -> Track:
        rows = [one for one in self.data["track_limit"].values() if one["track"] == row["code"]]
        limits = {one.kind: one for one in map(self.track_limit, rows)}
        return Track(row["code"], row["name"], tuple(row.get("categories", ())), limits)

    def track_limit(self, row: Row) -> TrackLimit:
        kind, starts = ClockKind(row["clock"]), TrackStart(row["starts"])
        return TrackLimit(kind, starts, Limit.parse(row["limit"]), self.clause(row["clause"]))


def _document(row: Row) -> Document:
    day = date.fromisoformat(row["date"]) if "date" in row else None
    return Document(**{**row, "standing": Standing(row["standing"]), "date": day})
