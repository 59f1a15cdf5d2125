"""Inheritance: a child holds everything that its parent holds, and overrides it by key."""

from collections.abc import Mapping
from typing import Any

from app.domain.policy_draft import Data
from app.domain.policy_shape import ENTRY_SHAPES


def merge_packs(parent: Mapping[str, Any], own: Data) -> Data:
    """Return the child's whole data: entries and limits replace the parent's whole, never half of one.

    A department that dispatches takes that over from the parent's; `replaces` names the sections that start afresh.
    """
    replaced = own["policy"].get("replaces", [])
    merged = {section: _entries(section, parent, own, replaced) for section in (*ENTRY_SHAPES, "window", "extension")}
    merged["department"] = _one_office(merged["department"], own["department"])
    merged["policy"] = {"switches": parent.get("policy", {}).get("switches", []), **own["policy"]}
    merged["limit"] = _limits(parent.get("limit", {}), own["limit"])
    return merged


def _entries(section: str, parent: Mapping[str, Any], own: Data, replaced: list[str]) -> Data:
    inherited = {} if section in replaced else parent.get(section, {})
    return {**inherited, **own[section]}


def _limits(parent: Mapping[str, Data], own: Mapping[str, Data]) -> Data:
    return {kind: {**parent.get(kind, {}), **own.get(kind, {})} for kind in {**parent, **own}}


def _one_office(merged: Mapping[str, Data], own: Mapping[str, Data]) -> Data:
    if not any(department.get("dispatches") for department in own.values()):
        return dict(merged)
    return {code: row if code in own else {**row, "dispatches": False} for code, row in merged.items()}
