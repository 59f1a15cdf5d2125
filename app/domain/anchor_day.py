"""What goes into the anchor of one office day, row by row, so that a day may be as long as it likes."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.domain.anchor import DayContent, Hasher
from app.domain.timeline import canonical

ACCESS_COLUMNS: Final = (
    "id", "appeal_id", "actor_id", "actor_name", "actor_roles", "department", "what", "purpose", "at",
)  # fmt: skip


class DayDigest:
    """The content of one day in the making: first events by appeal and sequence, then acts, then accesses, by id."""

    def __init__(self, hasher: Hasher) -> None:
        self._hasher = hasher
        self._last_appeal: UUID | None = None
        self._appeals = self._events = self._acts = self._accesses = 0

    def add_event(self, appeal_id: UUID, sequence: int, digest: str) -> None:
        """Take in an event; its digest stands for its content and for all events before it."""
        self._events += 1
        self._appeals += appeal_id != self._last_appeal
        self._last_appeal = appeal_id
        self._hasher.update(f"event {appeal_id} {sequence} {digest}\n".encode())

    def add_act(self, act_id: int, digest: str) -> None:
        """Take in an administrative act; its digest stands for its content and for all acts before it."""
        self._acts += 1
        self._hasher.update(f"act {act_id} {digest}\n".encode())

    def add_access(self, access: Mapping[str, Any]) -> None:
        """Take in a reading of a confidential appeal."""
        self._accesses += 1
        written = canonical({name: access[name] for name in ACCESS_COLUMNS})
        self._hasher.update(f"access {written}\n".encode())

    def content(self) -> DayContent:
        """Return what the day added."""
        return DayContent(
            appeals=self._appeals,
            events=self._events,
            accesses=self._accesses,
            acts=self._acts,
            content_digest=self._hasher.hexdigest(),
        )
