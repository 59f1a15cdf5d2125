"""One pack by itself: its tables checked against their shapes, its lists keyed by code, ready to be merged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.clock_kind import ClockKind
from app.domain.document import Mark
from app.domain.policy import Level
from app.domain.policy_fault import Findings
from app.domain.policy_lines import Path
from app.domain.policy_shape import (
    CLAUSE_SHAPE,
    ENTRY_SHAPES,
    EXTENSION_SHAPE,
    LIMIT_SHAPE,
    POLICY_SHAPE,
    SECTIONS,
    WINDOW_SHAPE,
    Shape,
)

Data = dict[str, Any]
"""A pack as plain values that JSON can hold."""


@dataclass(frozen=True, slots=True)
class CitedClause:
    """A clause of this pack and the place where it stands."""

    path: Path
    label: str
    clause: Data


@dataclass(frozen=True, slots=True)
class Draft:
    """What one pack states itself, without its parent: the data, and every clause that it cites."""

    data: Data
    clauses: list[CitedClause] = field(default_factory=list)


def draft_pack(raw: Mapping[str, Any], findings: Findings) -> Draft:
    """Return the usable part of a parsed pack; everything else becomes a finding."""
    _known_names(raw, SECTIONS, findings, path=(), what="段落")
    drafting = _Drafting(findings)
    data: Data = {section: drafting.entries(section, raw.get(section, [])) for section in ENTRY_SHAPES}
    data["policy"] = drafting.table(("policy",), "规则包", POLICY_SHAPE, raw.get("policy", {}))
    data["window"] = drafting.table(("window",), "期间", WINDOW_SHAPE, raw.get("window", {}))
    data["limit"] = drafting.limits(raw.get("limit", {}))
    data["extension"] = drafting.levels(("extension",), "延期", EXTENSION_SHAPE, raw.get("extension", {}))
    return Draft(data, drafting.clauses)


class _Drafting:
    """Walks through a pack; keeps what fits and notes what does not."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.clauses: list[CitedClause] = []

    def entries(self, section: str, rows: object) -> Data:
        """Return a list section as a table by key."""
        if not isinstance(rows, list):
            self.findings.add((section,), f"段落 {section} 应为列表", f"请写作 [[{section}]]")
            return {}
        kept: Data = {}
        for index, row in enumerate(rows):
            self._entry(section, index, row, kept)
        return kept

    def _entry(self, section: str, index: int, row: object, kept: Data) -> None:
        shape, path = ENTRY_SHAPES[section], (section, index)
        key = row.get(shape.key) if isinstance(row, dict) else None
        label = f"{shape.label}第{index + 1}项" if key is None else f"{shape.label} {key}"
        entry = self.table(path, label, shape, row)
        if str(key) in kept:
            self.findings.add((*path, shape.key), f"{label} 重复", "请删除一项，或改用其他编号")
        elif shape.key in entry:
            self.findings.place(section, str(key), index)
            kept[str(key)] = entry

    def limits(self, table: object) -> Data:
        """Return the limits as kind → level → entry; a limit without levels holds for all of them."""
        kinds = self._rows(("limit",), "时限", table)
        _known_names(kinds, tuple(ClockKind), self.findings, path=("limit",), what="时限种类")
        return {kind: self._limit(kind, kinds[kind]) for kind in kinds if kind in tuple(ClockKind)}

    def _limit(self, kind: str, value: object) -> Data:
        path, label = ("limit", kind), f"时限 {kind}"
        row = self._rows(path, label, value)
        if any(isinstance(part, dict) for name, part in row.items() if name != "clause"):
            return self.levels(path, label, LIMIT_SHAPE, row)
        return dict.fromkeys([level.value for level in Level], self.table(path, label, LIMIT_SHAPE, row))

    def levels(self, path: Path, label: str, shape: Shape, value: object) -> Data:
        """Return a table of tables by level."""
        rows = self._rows(path, label, value)
        _known_names(rows, tuple(Level), self.findings, path=path, what=f"{label} 的等级")
        known = [level.value for level in Level if level in rows]
        return {level: self.table((*path, level), f"{label} 的 {level}", shape, rows[level]) for level in known}

    def table(self, path: Path, label: str, shape: Shape, value: object) -> Data:
        """Return the usable keys of one table."""
        row = self._rows(path, label, value)
        names = (*shape.required, *shape.optional)
        _known_names(row, names, self.findings, path=path, what=f"{label} 的键")
        self._missing(path, label, shape, row)
        kept = {name: _plain(row[name]) for name in names if name in row and self._fits(path, label, shape, name, row)}
        if "clause" in kept:
            kept["clause"] = self._clause(path, label, shape, kept["clause"])
        return kept

    def _rows(self, path: Path, label: str, value: object) -> Data:
        if isinstance(value, dict):
            return value
        self.findings.add(path, f"{label} 应为一组键和值", "请改写为一个表")
        return {}

    def _missing(self, path: Path, label: str, shape: Shape, row: Data) -> None:
        for name in shape.required:
            if name not in row:
                named = "条款" if name == "clause" else f" {name}"
                self.findings.add(path, f"{label} 缺少{named}", shape.required[name].mend)

    def _fits(self, path: Path, label: str, shape: Shape, name: str, row: Data) -> bool:
        accepts = shape.accepts(name)
        if accepts is not None and accepts.test(row[name]):
            return True
        if accepts is not None:
            self.findings.add((*path, name), f"{label} 的 {name}「{str(row[name])[:40]}」无法使用", accepts.mend)
        return False

    def _clause(self, path: Path, label: str, shape: Shape, value: Data) -> Data:
        place = (*path, "clause")
        clause = self.table(place, f"{label} 的条款", CLAUSE_SHAPE, value)
        demanded = clause.get("mark") == Mark.DEMANDED
        if "words" not in value and (demanded or shape.needs_words):
            self.findings.add(place, f"{label} 缺少条款原文", "请在 clause 中填写 words")
        if "item" not in value and demanded:
            self.findings.add(place, f"{label} 缺少条款项号", "请在 clause 中填写 item")
        self.clauses.append(CitedClause(place, label, clause))
        return clause


def _known_names(row: Iterable[str], names: Iterable[str], findings: Findings, *, path: Path, what: str) -> None:
    known = tuple(names)
    for name in row:
        if name not in known:
            findings.add((*path, name), f"{what} {name} 无法识别", f"请删除，或改为 {'、'.join(known)} 之一")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
