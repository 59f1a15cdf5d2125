"""What the sweep asks for."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Moves lock the appeal before they touch its clocks, so locking the appeals is enough; an appeal that
# somebody else holds is skipped and found again in the next round.
_CLAIM = text(
    "SELECT c.appeal_id FROM clock c JOIN appeal a ON a.id = c.appeal_id "
    "WHERE c.state = 'running' AND c.next_at <= :now AND c.appeal_id <> ALL(CAST(:aside AS uuid[])) "
    "ORDER BY c.next_at LIMIT :limit FOR UPDATE OF a SKIP LOCKED"
)


async def claim_due_appeals(
    connection: AsyncConnection, *, now: datetime, limit: int, aside: Iterable[UUID] = ()
) -> list[UUID]:
    """Lock the appeals of at most `limit` clocks that call for something by `now`; what is locked is skipped.

    The appeals `aside` are left out.
    """
    found = (await connection.execute(_CLAIM, {"now": now, "limit": limit, "aside": list(aside)})).scalars()
    return sorted(set(found))
