"""Argon2id in a thread, a few at a time: each hash takes 64 MiB and a tenth of a second of one core."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pwdlib import PasswordHash

from app.domain.credential_password import normal_password

T = TypeVar("T")

HASHES_AT_ONCE = 2
MOST_WAITING = 50


def _at_once() -> asyncio.Semaphore:
    return asyncio.Semaphore(HASHES_AT_ONCE)


@dataclass(slots=True)
class Passwords:
    """Hashes and compares passwords; an unknown login costs as much as a wrong password."""

    hasher: PasswordHash = field(default_factory=PasswordHash.recommended)
    at_once: asyncio.Semaphore = field(default_factory=_at_once)
    waiting: int = 0
    decoy: str | None = None

    @property
    def is_busy(self) -> bool:
        """Whether so many wait that another would only wait in vain."""
        return self.waiting >= MOST_WAITING

    async def hash(self, password: str) -> str:
        """Return what is kept of a password."""
        return await self._in_turn(self._hash, password)

    async def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether it is the password; None stands for a login that nobody has."""
        if self.decoy is None:
            self.decoy = await self._in_turn(self._hash, secrets.token_urlsafe())
        return await self._in_turn(self._verify, password, stored or self.decoy) and stored is not None

    def _hash(self, password: str) -> str:
        return self.hasher.hash(normal_password(password))

    def _verify(self, password: str, stored: str) -> bool:
        return self.hasher.verify(normal_password(password), stored)

    async def _in_turn(self, work: Callable[..., T], *arguments: str) -> T:
        self.waiting += 1
        try:
            async with self.at_once:
                return await asyncio.to_thread(work, *arguments)
        finally:
            self.waiting -= 1
