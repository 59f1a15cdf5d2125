"""Reads policy packs: TOML text to checked plain data, and that data to a `Policy`."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from app.domain.policy_building import build_policy
from app.domain.policy_checks import (
    check_categories,
    check_clauses,
    check_documents,
    check_office,
    check_parent,
    check_tracks,
    check_whole,
)
from app.domain.policy_draft import Data, Draft, draft_pack
from app.domain.policy_fault import Findings, PolicyFault, PolicyRefused
from app.domain.policy_lines import find_lines
from app.domain.policy_merge import merge_packs

__all__ = ["build_policy", "parent_of", "read_pack"]

_SYNTAX_LINE = re.compile(r"at line (?P<line>\d+)")
_SYNTAX_MEND = "请检查该行的引号、括号和等号，以及是否重复定义"


def read_pack(text: str, *, file_name: str, parent: Mapping[str, Any] | None) -> Data:
    """Return the pack merged with its parent: checked, and plain enough for JSON.

    Raise `PolicyRefused` with every fault of the pack: file, line, what is wrong, how to mend it.
    """
    raw = _parse(text, file_name)
    findings = Findings(file_name, find_lines(text))
    draft = draft_pack(raw, findings)
    merged = merge_packs(parent or {}, draft.data)
    _check(draft, merged, parent, findings)
    findings.refuse_if_any()
    return merged


def _check(draft: Draft, merged: Data, parent: Mapping[str, Any] | None, findings: Findings) -> None:
    check_documents(draft.data, findings)
    if not check_parent(draft.data, parent, findings):
        return
    check_clauses(draft.clauses, merged["document"], findings)
    check_whole(merged, findings)
    check_office(merged, findings)
    check_categories(merged, findings)
    check_tracks(merged, findings)


def parent_of(text: str) -> str | None:
    """Return the jurisdiction whose pack must be read first; none for a root or an unreadable text."""
    try:
        named = tomllib.loads(text).get("policy", {})
    except tomllib.TOMLDecodeError:
        return None
    parent = named.get("parent") if isinstance(named, dict) else None
    return parent if isinstance(parent, str) else None


def _parse(text: str, file_name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = _SYNTAX_LINE.search(str(error))
        line = int(where["line"]) if where else len(text.splitlines())
        raise PolicyRefused(PolicyFault(file_name, line, "不是有效的 TOML", _SYNTAX_MEND)) from error
