"""What the enterprise was asked and what it said."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.appeal import Heard

_VISITS = text(
    "SELECT visited_on, contacted, solved, satisfied FROM visit WHERE appeal_id = :appeal AND round = :round"
)


_RATED = text(
    "SELECT solved, satisfied FROM rating WHERE appeal_id = :appeal AND round = :round AND rated_at IS NOT NULL "
    "ORDER BY rated_at DESC LIMIT 1"
)


_RATING = text("SELECT * FROM rating WHERE digest = :digest")


_WAS_RATED = text("SELECT rated_at IS NOT NULL FROM rating WHERE id = :id")


_VOID_LINKS = text("UPDATE rating SET digest = 'void:' || id WHERE appeal_id = :appeal AND rated_at IS NULL")


async def heard_of(connection: AsyncConnection, appeal_id: UUID, round_: int) -> Heard:
    """Return what has been tried and heard of the enterprise in this round: a rating counts before a visit."""
    parameters = {"appeal": appeal_id, "round": round_}
    visits = list((await connection.execute(_VISITS, parameters)).mappings())
    rating = (await connection.execute(_RATED, parameters)).mappings().first()
    reached = [visit for visit in visits if visit["contacted"]]
    word = rating or (reached[-1] if reached else None)
    attempts: frozenset[date] = frozenset(visit["visited_on"] for visit in visits if not visit["contacted"])
    if word is None:
        return Heard(attempt_days=attempts)
    return Heard(attempt_days=attempts, heard=True, satisfied=word["satisfied"], solved=word["solved"])


async def rating_row(connection: AsyncConnection, digest: str) -> dict[str, Any] | None:
    """Return the rating that a link stands for."""
    row = (await connection.execute(_RATING, {"digest": digest})).mappings().first()
    return None if row is None else dict(row)


async def was_rated(connection: AsyncConnection, rating_id: UUID) -> bool:
    """Tell whether a link has been used; certain only while its appeal is locked."""
    return bool((await connection.execute(_WAS_RATED, {"id": rating_id})).scalar_one())


async def void_links(connection: AsyncConnection, appeal_id: UUID) -> None:
    """Make earlier, unused rating links of an appeal worthless."""
    await connection.execute(_VOID_LINKS, {"appeal": appeal_id})
