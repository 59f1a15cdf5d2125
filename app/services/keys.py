"""API keys: made, rotated with an overlap, revoked. A key is shown once and kept as a digest."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.domain.act_kind import ActKind
from app.domain.credential import KEY_PREFIX, SignedIn
from app.domain.errors import Conflict, NotFound
from app.domain.key_life import MOST_LIVE_KEYS, end_of_overlap, expiry
from app.domain.key_scope import KeyScope, checked_scopes, written_scopes
from app.services.acts import record_act
from app.services.office import Work
from app.storage.ids import new_id
from app.storage.queries.credentials import live_key_count, lock_key

SHOWN_CHARACTERS = 9
"""How much of a key is kept in clear, so that its owner knows it again: 6 of 43 random characters."""


def credential_digest(credential: str) -> str:
    """Return what is kept of a key or a token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(credential.encode("utf-8", "replace")).hexdigest()


def add_key(
    work: Work,
    account_id: UUID,
    *,
    label: str,
    scopes: Collection[KeyScope],
    expires_at: datetime | None,
    now: datetime,
) -> tuple[dict[str, Any], str]:
    """Give an account another key: 32 random bytes, shown once. Return its row and the key."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    row: dict[str, Any] = {
        "id": new_id(now),
        "account_id": account_id,
        "prefix": key[:SHOWN_CHARACTERS],
        "label": label,
        "scopes": written_scopes(scopes),
        "created_at": now,
        "expires_at": expires_at,
        "rotated_at": None,
        "revoked_at": None,
        "last_used_at": None,
    }
    work.changes.insert("api_key", {**row, "digest": credential_digest(key)})
    return row, key


async def create_key(
    work: Work, *, label: str, scopes: Collection[KeyScope], expires_at: datetime | None, actor: SignedIn, now: datetime
) -> tuple[dict[str, Any], str]:
    """Give the actor another key of its own, good for no more than what it signed in with."""
    checked_scopes(scopes, actor.scopes)
    ends_at = expiry(expires_at, now)
    await _refuse_hoarding(work, actor, now)
    row, key = add_key(work, actor.id, label=label, scopes=scopes, expires_at=ends_at, now=now)
    await _record(work, ActKind.KEY_CREATED, row, actor=actor, now=now)
    return row, key


async def rotate_key(
    work: Work, key_id: UUID, *, overlap: timedelta, actor: SignedIn, now: datetime
) -> tuple[dict[str, Any], str]:
    """Put a new key in the place of one; the old one goes on for the overlap, 7 days at most."""
    old = await _live_key(work, key_id, actor=actor, now=now)
    scopes = frozenset(map(KeyScope, old["scopes"]))
    checked_scopes(scopes, actor.scopes)
    ends_at = end_of_overlap(overlap, now, expires_at=old["expires_at"], rotated_at=old["rotated_at"])
    work.changes.update("api_key", key_id, {"rotated_at": now, "expires_at": ends_at})
    life = None if old["expires_at"] is None else now + (old["expires_at"] - old["created_at"])
    row, key = add_key(work, actor.id, label=old["label"], scopes=scopes, expires_at=expiry(life, now), now=now)
    await _record(work, ActKind.KEY_ROTATED, row, actor=actor, now=now, replaces=key_id, replaced_until=ends_at)
    return row, key


async def revoke_key(work: Work, key_id: UUID, *, actor: SignedIn, now: datetime) -> dict[str, Any]:
    """End one of the actor's keys, once; a process that knows it goes on for 5 seconds at most."""
    row = await lock_key(work.connection, key_id, actor.id)
    if row is None:
        raise NotFound
    if row["revoked_at"] is not None:
        return row
    work.changes.update("api_key", key_id, {"revoked_at": now})
    await _record(work, ActKind.KEY_REVOKED, row, actor=actor, now=now)
    return {**row, "revoked_at": now}


async def _record(
    work: Work, kind: ActKind, row: Mapping[str, Any], *, actor: SignedIn, now: datetime, **more: object
) -> None:
    payload = {"scopes": row["scopes"], "expires_at": row["expires_at"], **more}
    await record_act(work, kind, subject=str(row["id"]), payload=payload, actor=actor, now=now)


async def _live_key(work: Work, key_id: UUID, *, actor: SignedIn, now: datetime) -> dict[str, Any]:
    row = await lock_key(work.connection, key_id, actor.id)
    if row is None:
        raise NotFound
    if row["revoked_at"] is not None or (row["expires_at"] is not None and row["expires_at"] <= now):
        raise Conflict("这把密钥已经失效，请新建一把。", code="key-dead")
    return row


async def _refuse_hoarding(work: Work, actor: SignedIn, now: datetime) -> None:
    if await live_key_count(work.connection, actor.id, now) >= MOST_LIVE_KEYS:
        raise Conflict(f"有效的密钥已有{MOST_LIVE_KEYS}把，请先作废不用的。", code="too-many-keys")
