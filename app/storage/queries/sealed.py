"""What is sealed besides contacts, and with which keys: each column with the place that it is sealed for."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed secrets in base64; `place` names the column of the row that the context is made of."""

    table: str
    name: str
    place: str
    context: str


SEALED_COLUMNS: Final = (
    SealedColumn("credential", "totp_sealed", "account_id", "totp:{}"),
    SealedColumn("subscription", "secret_sealed", "id", "subscription:{}"),
    SealedColumn("subscription", "former_sealed", "id", "subscription:{}"),
)
_KEYS: Final = " UNION ALL ".join(
    (
        "SELECT contact_sealed AS sealed FROM appeal WHERE contact_sealed IS NOT NULL",
        *(
            f"SELECT decode({one.name}, 'base64') FROM {one.table} WHERE {one.name} IS NOT NULL"
            for one in SEALED_COLUMNS
        ),
    )
)
# `substring` past the format: the id of the key, with which everything sealed begins.
_BY_KEY = text(
    f"SELECT encode(substring(sealed FROM 2 FOR 8), 'hex') AS key, count(*) AS n FROM ({_KEYS}) s GROUP BY 1"
)
_OTHERWISE = (
    "SELECT id, {name} AS sealed, {place} AS place FROM {table} WHERE {name} IS NOT NULL AND "
    "substring(decode({name}, 'base64') FROM 1 FOR length(CAST(:mark AS bytea))) <> CAST(:mark AS bytea) "
    "ORDER BY id FOR NO KEY UPDATE"
)


async def sealed_by_key(connection: AsyncConnection) -> dict[str, int]:
    """Return how many values are sealed with which key."""
    return {row["key"]: row["n"] for row in (await connection.execute(_BY_KEY)).mappings()}


async def sealed_otherwise(connection: AsyncConnection, column: SealedColumn, *, mark: bytes) -> list[dict[str, Any]]:
    """Lock and return what a column holds that is sealed with another key than the one of the mark."""
    asked = text(_OTHERWISE.format(name=column.name, place=column.place, table=column.table))
    return [dict(row) for row in (await connection.execute(asked, {"mark": mark})).mappings()]
