"""The keys of the demonstration, written for the owner's eyes only."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson

from app.domain.roles import Role

ONLY_FOR_OWNER = 0o600


@dataclass(frozen=True, slots=True)
class FirstKey:
    """One account of the demonstration with its key; `title` is what its key is called."""

    title: str
    name: str
    role: Role
    account_id: UUID
    key: str


def write_keys(keys: Iterable[FirstKey], home: Path) -> None:
    """Write keys.json and keys.sh, for the owner's eyes only."""
    keys = list(keys)
    home.mkdir(parents=True, exist_ok=True)
    entries = {one.title: _entry(one) for one in keys}
    lines = "".join(f"export KEY_{one.title.upper()}='{one.key}'  # {one.name}\n" for one in keys)
    _write(home / "keys.json", orjson.dumps(entries, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    _write(home / "keys.sh", lines.encode())


def _entry(one: FirstKey) -> dict[str, object]:
    return {"name": one.name, "role": one.role, "account_id": one.account_id, "key": one.key}


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there entirely or not at all."""
    making = path.with_name(f"{path.name}.making")
    making.unlink(missing_ok=True)
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_FOR_OWNER), "wb") as file:
        file.write(content)
    making.rename(path)
