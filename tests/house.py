"""A house to test in: the application on a fresh database, people of every role, and a clock to move."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.domain.roles import Role
from app.gateways.file_store_local import LocalStore
from app.gateways.keyring import new_keyring
from app.gateways.sealing import Sealer
from app.main import create_app
from app.policies import packaged
from app.services.accounts import NewAccount, create_account
from app.services.appeals import add_enterprise
from app.services.calendars import seed_calendar
from app.services.office import Office
from app.services.policies import publish_packs
from app.services.shelf import Shelf
from app.services.sweeping import SweepCount, sweep
from app.storage import make_engine

MONDAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""Monday 2026-03-02, 09:30 in Shanghai: far from every holiday."""

SHANGHAI = ZoneInfo("Asia/Shanghai")
PROBLEM = "application/problem+json"
JURISDICTION = "gedian"
LEAD, OTHER, THIRD = "economy", "finance", "market"
OFFICE = {"jurisdictions": (JURISDICTION,)}
FILING = {
    "jurisdiction": JURISDICTION,
    "title": "免申即享补贴未到账",
    "text": "公示期满已两个月，款项仍未到账。",
    "category": "02",
}
SUBSTANTIVE = {
    "kind": "substantive",
    "text": "经核实，补贴款58000元已于3月3日拨付，凭证号017。",
    "result_type": "solved",
    "evidence": ["凭证017"],
}


@dataclass
class House:
    """The application with its people; `now` is the instant that it reads."""

    office: Office
    client: httpx.AsyncClient
    now: datetime = MONDAY
    keys: dict[str, str] = field(default_factory=dict)
    enterprises: dict[str, UUID] = field(default_factory=dict)

    def pass_time(self, **length: float) -> None:
        """Let time pass, by real hours and days."""
        self.now += timedelta(**length)

    async def ask(
        self,
        who: str | None,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: int | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send one request as `who` (a key of `keys`; None: nobody); `version` becomes If-Match."""
        sent = dict(headers or {})
        if who is not None:
            sent["Authorization"] = f"Bearer {self.keys[who]}"
        if version is not None:
            sent["If-Match"] = "*" if version == "*" else f'"{version}"'
        return await self.client.request(method, f"/api/v1{path}", json=body, headers=sent)

    async def do(self, who: str | None, path: str, body: Any = None, *, version: int | str = "*") -> dict[str, Any]:
        """Make one move that must succeed and return its answer."""
        answer = await self.ask(who, "POST", path, body, version=version)
        assert answer.status_code in (200, 201), answer.text
        answered: dict[str, Any] = answer.json()
        return answered

    async def refuse(
        self,
        who: str | None,
        path: str,
        body: Any = None,
        *,
        status: int,
        code: str,
        version: int | str | None = "*",
        method: str = "POST",
    ) -> dict[str, Any]:
        """Try something that must be refused with this status and code; return the problem."""
        answer = await self.ask(who, method, path, body, version=version)
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
        problem: dict[str, Any] = answer.json()
        assert problem["type"] == f"/problems/{code}", answer.text
        return problem

    def go_to(self, written: str) -> None:
        """Let the house read this time of Shanghai: `2026-03-10` (its first instant) or `2026-03-10 09:30`."""
        self.now = at(written)

    async def admit(self, who: str, account: NewAccount) -> None:
        """Admit one more person."""
        async with self.office.work() as work:
            _, self.keys[who] = create_account(work, account, now=self.now)

    async def admit_everywhere(self, who: str) -> None:
        """Admit somebody who files and dispatches in every jurisdiction."""
        roles = frozenset({Role.CLERK, Role.DISPATCHER})
        await self.admit(who, NewAccount(who, roles, jurisdictions=("gedian", "jingmen", "jingzhou", "hongshan")))

    async def items(self, path: str, who: str = "leader") -> list[dict[str, Any]]:
        """Return the items of a list as `who` sees them."""
        answer = await self.ask(who, "GET", path)
        assert answer.status_code == 200, answer.text
        listed: list[dict[str, Any]] = answer.json()["items"]
        return listed

    async def rows(self, query: str, **parameters: object) -> list[dict[str, Any]]:
        """Return what the database holds, as its owner sees it."""
        async with self.as_owner() as connection:
            found = await connection.execute(text(query), parameters)
            return [dict(row) for row in found.mappings()] if found.returns_rows else []

    @asynccontextmanager
    async def as_owner(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection of the database's owner, for whom no wall stands; every statement stands alone."""
        url = self.office.engine.url.render_as_string(hide_password=False)
        owner = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        async with owner.connect() as connection:
            yield connection

    async def read(self, number: str, who: str = "leader") -> dict[str, Any]:
        """Return one appeal as `who` sees it."""
        answer = await self.ask(who, "GET", f"/appeals/{number}")
        assert answer.status_code == 200, answer.text
        read: dict[str, Any] = answer.json()
        return read

    async def file(self, who: str = "enterprise", **changes: Any) -> dict[str, Any]:
        """File an appeal."""
        return await self.do(who, "/appeals", FILING | changes)

    async def assigned(self, **order: Any) -> tuple[str, str]:
        """File and assign an appeal to `LEAD`; return its number and the lead assignment's id."""
        number = (await self.file())["number"]
        case = await self.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD, **order})
        return number, lead_of(case)

    async def resolve(self, assignment: str, *, head: str = "head", **reply: Any) -> dict[str, Any]:
        """Contact the enterprise, write a substantive reply and have it approved."""
        await self.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
        written = await self.do("officer", f"/assignments/{assignment}/replies", SUBSTANTIVE | reply)
        return await self.do(head, f"/replies/{written['reply_id']}/approval")

    async def reviewed(self) -> tuple[str, str]:
        """Bring an appeal up to a passed review; return its number and a fresh rating token."""
        number, assignment = await self.assigned()
        await self.resolve(assignment)
        await self.do("reviewer", f"/appeals/{number}/review", {"verdict": "pass"})
        link = await self.do("enterprise", f"/appeals/{number}/rating-link")
        return number, link["token"]

    async def sweep(self) -> SweepCount:
        """Sweep at the house's instant."""
        return await sweep(self.office, now=self.now)


def at(written: str) -> datetime:
    """Return an instant by the clocks of Shanghai."""
    return datetime.fromisoformat(written).replace(tzinfo=SHANGHAI).astimezone(UTC)


def lead_of(case: Mapping[str, Any]) -> str:
    """Return the id of the lead assignment that is active."""
    (found,) = [one["id"] for one in case["assignments"] if one["part"] == "lead" and one["ended_at"] is None]
    return str(found)


def clock_of(case: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the newest clock of a kind."""
    return [dict(one) for one in case["clocks"] if one["kind"] == kind][-1]


@asynccontextmanager
async def open_house(database_url: str, *, pool_size: int = 4) -> AsyncIterator[House]:
    """Open a house on a migrated database."""
    with TemporaryDirectory(prefix="bihuan-house-") as folder:
        shelf = Shelf(LocalStore(Path(folder) / "files"), Path(folder) / "files" / "arriving")
        ring = new_keyring(now=MONDAY)
        office = Office(make_engine(database_url, pool_size=pool_size), shelf=shelf, seals=Sealer(lambda: ring))
        async with _opened(office) as house:
            yield house


@asynccontextmanager
async def _opened(office: Office) -> AsyncIterator[House]:
    async with office.work() as work:
        await seed_calendar(work, now=MONDAY)
        await publish_packs(work, packaged().packs.values(), now=MONDAY)
    app = create_app(office, read_time=lambda: house.now, max_body_bytes=1 << 20)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://bihuan.test") as client:
        house = House(office, client)
        await _admit_people(house)
        yield house
    await office.engine.dispose()


async def _admit_people(house: House) -> None:
    """Create one account a role, two enterprises, and the departments' officers and heads."""
    async with house.office.work() as work:
        for name, uscc in (("enterprise", "91421003MA00000152"), ("rival", "91421003MA1234569F")):
            house.enterprises[name] = add_enterprise(work, name=f"葛店{name}公司", uscc=uscc, now=MONDAY)
        for who, account in _people(house.enterprises).items():
            _, house.keys[who] = create_account(work, account, now=MONDAY)


def _people(enterprises: Mapping[str, UUID]) -> dict[str, NewAccount]:
    office_roles = (Role.CLERK, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR, Role.LEADER)
    people = {role.value: NewAccount(role.value, frozenset({role}), **OFFICE) for role in office_roles}
    for who, enterprise_id in enterprises.items():
        people[who] = NewAccount(who, frozenset({Role.ENTERPRISE}), enterprise_id=enterprise_id)
    for suffix, department in (("", LEAD), ("_other", OTHER), ("_third", THIRD)):
        for role in (Role.OFFICER, Role.HEAD):
            people[f"{role}{suffix}"] = NewAccount(
                f"{role}{suffix}", frozenset({role}), department=department, **OFFICE
            )
    people["second_head"] = NewAccount("second_head", frozenset({Role.HEAD}), department=LEAD, **OFFICE)
    people["foreign_dispatcher"] = NewAccount(
        "foreign_dispatcher", frozenset({Role.DISPATCHER}), jurisdictions=("jingzhou",)
    )
    people["hotline"] = NewAccount(
        "hotline", frozenset({Role.CONNECTOR}), jurisdictions=(JURISDICTION,), channel="hotline-12345"
    )
    people["observer"] = NewAccount("observer", frozenset({Role.OBSERVER}), jurisdictions=(JURISDICTION,))
    people["administrator"] = NewAccount("administrator", frozenset({Role.ADMINISTRATOR}))
    people["auditor"] = NewAccount("auditor", frozenset({Role.AUDITOR}))
    return people


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """Open a house for one test."""
    async with open_house(database_url) as opened:
        yield opened
