"""What every use case needs and what lives as long as the process: engine, calendars, policies, numbers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from app.domain.case import Case
from app.domain.clock import office_day
from app.domain.errors import CalendarSuperseded
from app.domain.policy import Policy
from app.domain.policy_building import build_policy
from app.domain.roles import Actor
from app.domain.sealing import Seals
from app.gateways.keyring import no_keyring
from app.gateways.sealing import Sealer
from app.services.known_calendars import Calendars
from app.services.shelf import Shelf
from app.storage import AsyncConnection, AsyncEngine, UnitOfWork, reading, unit_of_work
from app.storage.changes import Changes
from app.storage.numbers import NumberBlock
from app.storage.queries.cases import StoredCase
from app.storage.queries.policies import policy_content, policy_in_force
from app.storage.reach import NOBODY, THE_OFFICE, Standing, stand, standing_of

POLICY_TRUSTED_FOR = timedelta(seconds=5)
"""How long a process goes on with the version in force that it has read; a published version counts after that."""

DAYS_REMEMBERED = 1_000


@dataclass(slots=True)
class Rules:
    """Published policies as this process knows them; a version never changes, so it is read once."""

    by_id: dict[UUID, Policy] = field(default_factory=dict)
    in_force: dict[tuple[str, date], tuple[datetime, UUID]] = field(default_factory=dict)

    async def pinned(self, connection: AsyncConnection, policy_id: UUID) -> Policy:
        """Return the version that an appeal pins."""
        if policy_id not in self.by_id:
            self.by_id[policy_id] = build_policy(await policy_content(connection, policy_id))
        return self.by_id[policy_id]

    async def current(
        self, connection: AsyncConnection, jurisdiction: str, *, received_at: datetime, now: datetime
    ) -> tuple[UUID, Policy]:
        """Return id and policy of the version in force when an appeal was received."""
        known = jurisdiction, office_day(received_at)
        read_at, policy_id = self.in_force.get(known, (None, None))
        if policy_id is None or read_at is None or now - read_at > POLICY_TRUSTED_FOR:
            policy_id = await policy_in_force(connection, *known)
            self._remember(known, now, policy_id)
        return policy_id, await self.pinned(connection, policy_id)

    def _remember(self, known: tuple[str, date], now: datetime, policy_id: UUID) -> None:
        if len(self.in_force) >= DAYS_REMEMBERED:
            self.in_force.clear()
        self.in_force[known] = now, policy_id


@dataclass(slots=True)
class Work:
    """One unit of work as the use cases see it: where to read, what to write, which rules apply.

    `relied_on` are the versions of the calendars that were in force when it began.
    """

    connection: AsyncConnection
    changes: Changes
    calendars: Calendars
    relied_on: frozenset[str]
    rules: Rules
    numbers: NumberBlock
    seals: Seals

    async def stand_for(self, actor: Actor) -> None:
        """Reach from here on what somebody reaches."""
        await stand(self.connection, standing_of(actor))

    async def stand_for_office(self) -> None:
        """Reach everything from here on: for what the office itself does at somebody's request once it is allowed."""
        await stand(self.connection, THE_OFFICE)

    async def case(self, stored: StoredCase) -> Case:
        """Return a stored case together with the rules that it was filed under."""
        policy = await self.rules.pinned(self.connection, stored.appeal.policy_id)
        calendar = self.calendars.of(stored.appeal.jurisdiction)
        return Case(stored.appeal, stored.clocks, stored.assignments, policy, calendar)


@dataclass(slots=True)
class Office:
    """The service as one process holds it; edges open their units of work here.

    `shelf`: where attachments are kept; None where none is set up, and then none are taken.
    """

    engine: AsyncEngine
    calendars: Calendars = field(default_factory=Calendars)
    rules: Rules = field(default_factory=Rules)
    numbers: NumberBlock = field(default_factory=NumberBlock)
    shelf: Shelf | None = None
    seals: Seals = Sealer(no_keyring)

    @asynccontextmanager
    async def work_for(self, actor: Actor | None) -> AsyncIterator[Work]:
        """Open one unit of work for somebody; it is committed when the block ends without a refusal."""
        async with self._work_at(standing_of(actor)) as work:
            yield work

    @asynccontextmanager
    async def look_for(self, actor: Actor | None) -> AsyncIterator[Work]:
        """Open a connection that only reads, for somebody."""
        async with self._look_at(standing_of(actor)) as work:
            yield work

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Open one unit of work at the office's own duties, which reach everything; never for a request."""
        async with self._work_at(THE_OFFICE) as work:
            yield work

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        """Open a connection that only reads, at the office's own duties; never for a request."""
        async with self._look_at(THE_OFFICE) as work:
            yield work

    @asynccontextmanager
    async def _work_at(self, standing: Standing) -> AsyncIterator[Work]:
        await self._know_calendars()
        try:
            async with unit_of_work(self.engine, standing) as unit:
                yield self._work(unit)
        except CalendarSuperseded:
            self.calendars.forget()
            raise

    @asynccontextmanager
    async def _look_at(self, standing: Standing) -> AsyncIterator[Work]:
        await self._know_calendars()
        async with reading(self.engine, standing) as connection:
            yield self._work(UnitOfWork(connection))

    async def _know_calendars(self) -> None:
        if not self.calendars.known:
            async with reading(self.engine, NOBODY) as connection:
                await self.calendars.learn(connection)

    def _work(self, unit: UnitOfWork) -> Work:
        # Taken before anything is counted: what is learnt meanwhile can only make a write be done again.
        relied_on = self.calendars.versions
        return Work(unit.connection, unit.changes, self.calendars, relied_on, self.rules, self.numbers, self.seals)
