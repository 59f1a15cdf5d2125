"""Case numbers, taken from the sequence in small blocks so that filing waits for no counter row."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.models.appeal import NUMBERS_PER_BLOCK

_NEXT_BLOCK = text("SELECT nextval('appeal_number')")


class NumberBlock:
    """Hands out consecutive numbers of a block; what a process does not use leaves a gap."""

    def __init__(self) -> None:
        self._next = 0
        self._end = 0

    async def take(self, connection: AsyncConnection) -> int:
        """Return the next number, fetching another block when this one is used up."""
        if self._next >= self._end:
            first: int = (await connection.execute(_NEXT_BLOCK)).scalar_one()
            self._next, self._end = first, first + NUMBERS_PER_BLOCK
        number = self._next
        self._next += 1
        return number
