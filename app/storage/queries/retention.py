"""Closed appeals whose time is over, and what of them goes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

KEPT_OF_ANNOUNCEMENTS = ("number", "jurisdiction", "status", "hold", "due_at")
# What belongs together is kept together: an appeal waits for those that it was merged with or filed anew as.
_TIME_IS_OVER = (
    "a.closed_at < :before AND a.erased_at IS NULL AND a.retention_hold IS NULL AND NOT EXISTS ("
    "SELECT 1 FROM appeal x WHERE (x.id IN (a.master_id, a.reopens_id) OR x.master_id = a.id OR x.reopens_id = a.id) "
    "AND (x.closed_at IS NULL OR x.closed_at >= :before OR x.retention_hold IS NOT NULL))"
)
_CLAIM = text(
    f"SELECT a.id FROM appeal a WHERE {_TIME_IS_OVER} "
    "ORDER BY a.closed_at, a.id LIMIT :limit FOR UPDATE OF a SKIP LOCKED"
)
_COUNT = text(f"SELECT count(*) FROM appeal a WHERE {_TIME_IS_OVER}")
_FILES = text("SELECT id FROM attachment WHERE appeal_id = ANY(:ids)")
_MARK = text("UPDATE appeal SET erased_at = :now WHERE id = ANY(:ids)")
_ERASE = (
    "UPDATE reply SET text = :erased, basis = NULL, remedy = NULL, evidence = '[]' WHERE appeal_id = ANY(:ids)",
    "UPDATE citation SET evidence = :erased WHERE appeal_id = ANY(:ids)",
    "UPDATE rating SET comment = NULL WHERE appeal_id = ANY(:ids)",
    "UPDATE visit SET note = '' WHERE appeal_id = ANY(:ids)",
    "UPDATE assignment SET opinion = '' WHERE appeal_id = ANY(:ids)",
    "UPDATE supervision SET reason = :erased, answer = CASE WHEN answer IS NOT NULL THEN :erased END "
    "WHERE appeal_id = ANY(:ids)",
    "UPDATE attachment SET name = :erased, note = '', uploader_name = :erased, deleted_at = coalesce(deleted_at, :now) "
    "WHERE appeal_id = ANY(:ids)",
    "UPDATE delivery SET body = '{}', state = CASE state WHEN 'waiting' THEN 'skipped' ELSE state END "
    "WHERE appeal_id = ANY(:ids)",
    "UPDATE outbox SET payload = (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') "
    "FROM jsonb_each(outbox.payload) e WHERE e.key = ANY(:kept)) WHERE appeal_id = ANY(:ids)",
    'DELETE FROM idempotency WHERE substring(body FROM \'"number":"([^"]+)"\') = ANY(:numbers) '
    "OR substring(route FROM '/appeals/([^/]+)') = ANY(:numbers)",
)
_ERASE_AT_ONCE = text(f"WITH {', '.join(f'e{place} AS ({one})' for place, one in enumerate(_ERASE))} SELECT 1")


async def claim_erasable(connection: AsyncConnection, *, before: datetime, limit: int) -> list[UUID]:
    """Lock appeals that were closed before an instant and that nothing holds; skip what others work on."""
    return list((await connection.execute(_CLAIM, {"before": before, "limit": limit})).scalars())


async def count_erasable(connection: AsyncConnection, *, before: datetime) -> int:
    """Return how many appeals could be erased."""
    return int((await connection.execute(_COUNT, {"before": before})).scalar_one())


async def mark_erased(connection: AsyncConnection, ids: Sequence[UUID], now: datetime) -> None:
    """Mark appeals as erased: without the mark nobody may erase the words of their histories."""
    await connection.execute(_MARK, {"ids": list(ids), "now": now})


async def erase_beside(
    connection: AsyncConnection, ids: Sequence[UUID], numbers: Sequence[str], *, mark: str, now: datetime
) -> None:
    """Erase what was written about appeals outside the appeal itself and its history; facts and figures stay."""
    erased = {"kept": list(KEPT_OF_ANNOUNCEMENTS), "erased": mark, "now": now}
    await connection.execute(_ERASE_AT_ONCE, {"ids": list(ids), "numbers": list(numbers), **erased})


async def files_of(connection: AsyncConnection, ids: Sequence[UUID]) -> list[UUID]:
    """Return the attachments of appeals."""
    return list((await connection.execute(_FILES, {"ids": list(ids)})).scalars())
