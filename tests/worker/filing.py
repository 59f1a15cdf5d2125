"""An appeal whose clocks come due, on a migrated database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from app.domain.roles import Actor, Role
from app.policies import packaged
from app.services.appeals import Filing, add_enterprise, file_appeal
from app.services.office import Office
from app.services.policies import publish_packs
from app.storage import make_engine
from app.storage.ids import new_id
from tests.database import connect

FILED = datetime(2026, 11, 16, 1, 30, tzinfo=UTC)
LONG_AFTER = FILED + timedelta(days=30)


@asynccontextmanager
async def office_on(url: str) -> AsyncIterator[Office]:
    """Yield an office on the database."""
    office = Office(make_engine(url))
    try:
        yield office
    finally:
        await office.engine.dispose()


async def file_in(office: Office) -> None:
    """Publish the policies and file one appeal."""
    async with office.work() as work:
        await publish_packs(work, packaged().packs.values(), now=FILED)
    async with office.work() as work:
        enterprise_id = add_enterprise(work, name="葛店光电", uscc=None, now=FILED)
        actor = Actor(new_id(FILED), "葛店光电", frozenset({Role.ENTERPRISE}), enterprise_id=enterprise_id)
        filing = Filing(jurisdiction="gedian", title="补贴未到账", text="申报通过，三个月未拨付。", category="02")
        await file_appeal(work, filing, actor=actor, now=FILED)


def file_one(url: str) -> None:
    """File one appeal on the database."""

    async def act() -> None:
        async with office_on(url) as office:
            await file_in(office)

    asyncio.run(act())


def announced(url: str) -> list[tuple[str, str]]:
    """Return action and clock of everything that sweeps have announced, in order."""
    with connect(url) as connection:
        return connection.execute(
            "SELECT action, payload->>'clock_id' FROM event WHERE action LIKE 'clock_%' ORDER BY sequence, action"
        ).fetchall()
