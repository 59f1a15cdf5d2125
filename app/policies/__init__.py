"""The packaged policies: one TOML file per jurisdiction, read here and nowhere else."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.errors import Fault, Invalid
from app.domain.policy_fault import PolicyFault, PolicyRefused
from app.domain.policy_reader import parent_of, read_pack

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class PackData:
    """One checked pack, merged with its parents: plain data for JSON.

    `digest` (SHA-256, hexadecimal) changes with every word that counts, an inherited one included.
    """

    jurisdiction: str
    parent: str | None
    file_name: str
    data: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class LoadedPacks:
    """The packs that can be used, parents first, and why the others cannot."""

    packs: dict[str, PackData] = field(default_factory=dict)
    refused: list[PolicyRefused] = field(default_factory=list)


def load_packs(folder: Path | None = None) -> LoadedPacks:
    """Read every pack of the folder, parents before children; a broken pack does not stop the others."""
    loaded = LoadedPacks()
    waiting = dict(_texts(folder or FOLDER, loaded))
    while waiting:
        for file_name in _next_files(waiting, loaded):
            _load(file_name, waiting.pop(file_name), loaded)
    return loaded


@cache
def packaged() -> LoadedPacks:
    """Return the packs that come with the program, read once."""
    return load_packs()


def ancestors(jurisdiction: str, packs: Mapping[str, PackData] | None = None) -> tuple[str, ...]:
    """Return the jurisdictions above one, nearest first; raise `Invalid` for an unknown one."""
    known = packaged().packs if packs is None else packs
    parent = _pack(jurisdiction, known).parent
    return () if parent is None else (parent, *ancestors(parent, known))


def descendants(jurisdiction: str, packs: Mapping[str, PackData] | None = None) -> tuple[str, ...]:
    """Return the jurisdictions below one, at any depth, parents first; raise `Invalid` for an unknown one."""
    known = packaged().packs if packs is None else packs
    _pack(jurisdiction, known)
    return tuple(name for name in known if jurisdiction in ancestors(name, known))


def _pack(jurisdiction: str, packs: Mapping[str, PackData]) -> PackData:
    if jurisdiction not in packs:
        raise Invalid(f"辖区「{jurisdiction}」没有规则包。", Fault("jurisdiction", f"应为以下之一：{'、'.join(packs)}"))
    return packs[jurisdiction]


def _texts(folder: Path, loaded: LoadedPacks) -> Iterable[tuple[str, str]]:
    for path in sorted(folder.glob("*.toml")):
        try:
            yield path.name, path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            loaded.refused.append(_refused(path.name, "不是 UTF-8 编码的文本", "请另存为 UTF-8 编码"))


def _next_files(waiting: Mapping[str, str], loaded: LoadedPacks) -> list[str]:
    """Return the files whose parents are read; when none is left, all others, whose parents will not come."""
    ready = [name for name, text in waiting.items() if (parent_of(text) or "") in ("", *loaded.packs)]
    return ready or list(waiting)


def _load(file_name: str, text: str, loaded: LoadedPacks) -> None:
    parent = loaded.packs.get(parent_of(text) or "")
    try:
        data = read_pack(text, file_name=file_name, parent=parent.data if parent else None)
        _refuse_clash(file_name, data["policy"], loaded.packs.values())
    except PolicyRefused as refused:
        loaded.refused.append(refused)
    else:
        jurisdiction = data["policy"]["jurisdiction"]
        name = parent.jurisdiction if parent else None
        loaded.packs[jurisdiction] = PackData(jurisdiction, name, file_name, data, _digest(data))


def _refuse_clash(file_name: str, head: Mapping[str, str], others: Iterable[PackData]) -> None:
    """Two packs share neither jurisdiction nor prefix: numbers of appeals would collide."""
    for other in others:
        for key in ("jurisdiction", "prefix"):
            if other.data["policy"][key] == head[key]:
                raise _refused(file_name, f"{key} {head[key]} 已由 {other.file_name} 使用", "请改用其他名称")


def _refused(file_name: str, what: str, mend: str) -> PolicyRefused:
    return PolicyRefused(PolicyFault(file_name, 1, what, mend))


def _digest(data: Mapping[str, Any]) -> str:
    written = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
