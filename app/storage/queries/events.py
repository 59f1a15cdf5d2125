"""The history of one appeal, and the change feed over all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.roles import Actor
from app.storage.reach import REACH, reach_of

_ERASE = text("SELECT coalesce(sum(erase_words_of_events(a)), 0) FROM unnest(CAST(:appeals AS uuid[])) a")
_TIMELINE = text(
    "SELECT sequence, action, announces, actor_id, actor_name, actor_roles, from_status, to_status, at, recorded_at, "
    "reason, payload, digest FROM event WHERE appeal_id = :appeal ORDER BY sequence"
)
# A transaction that is still open may yet write rows with lower ids; only what lies below every open
# transaction is final, so nothing is skipped however commits overlap.
_FEED = text(
    "SELECT CAST(CAST(v.transaction AS text) AS bigint) AS transaction, v.id, a.number, a.jurisdiction, v.sequence, "
    "v.action, v.announces, v.from_status, v.to_status, v.at, v.recorded_at "
    "FROM event v JOIN appeal a ON a.id = v.appeal_id "
    "WHERE (v.transaction, v.id) > (CAST(CAST(:transaction AS text) AS xid8), :id) "
    f"AND v.transaction < pg_snapshot_xmin(pg_current_snapshot()) AND {REACH} "
    "ORDER BY v.transaction, v.id LIMIT :limit"
)

_HISTORY = text(
    "SELECT CAST(CAST(v.transaction AS text) AS bigint) AS transaction, v.id, a.number, v.sequence, v.action, "
    "v.actor_roles, v.from_status, v.to_status, v.at, v.recorded_at, v.digest "
    "FROM event v JOIN appeal a ON a.id = v.appeal_id "
    "WHERE (v.transaction, v.id) > (CAST(CAST(:transaction AS text) AS xid8), :id) "
    "AND v.transaction < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY v.transaction, v.id LIMIT :limit"
)


async def timeline_of(connection: AsyncConnection, appeal_id: UUID) -> list[dict[str, Any]]:
    """Return the history of an appeal, first event first."""
    return [dict(row) for row in (await connection.execute(_TIMELINE, {"appeal": appeal_id})).mappings()]


async def erase_words(connection: AsyncConnection, appeal_ids: Sequence[UUID]) -> int:
    """Erase payload and reason of every event of erased appeals whose digest can spare them; return how many.

    Appeals that are not marked as erased keep their words: PostgreSQL sees to it.
    Events from before words had a digest of their own keep theirs, for their chain could not be verified without.
    """
    erased: int = (await connection.execute(_ERASE, {"appeals": list(appeal_ids)})).scalar_one()
    return erased


async def feed_after(
    connection: AsyncConnection, actor: Actor, *, transaction: int, event_id: int, limit: int
) -> list[dict[str, Any]]:
    """Return the next events within the actor's reach after a position; losing none under concurrent commits."""
    parameters = {"transaction": transaction, "id": event_id, "limit": limit, **reach_of(actor)}
    return [dict(row) for row in (await connection.execute(_FEED, parameters)).mappings()]


async def history_after(
    connection: AsyncConnection, *, transaction: int, event_id: int, limit: int
) -> list[dict[str, Any]]:
    """Return the next events of all appeals without their content, for those who audit; losing none either."""
    parameters = {"transaction": transaction, "id": event_id, "limit": limit}
    return [dict(row) for row in (await connection.execute(_HISTORY, parameters)).mappings()]
