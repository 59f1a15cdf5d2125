"""How often a request goes to the database."""

import asyncio
from collections.abc import Iterator, Mapping
from uuid import uuid4

import httpx

from app.main import create_app
from app.services.office import Office
from app.storage import make_engine
from app.system_time import utc_now
from benchmarks.bench import Bench
from benchmarks.filing import FILING, PATH
from benchmarks.report import Goal, Row
from benchmarks.statements import round_trips

REQUESTS = 20
FILING_GOAL = Goal(must=8, aim=3, most=True)
LIST_GOAL = Goal(must=3, aim=1, most=True)
MAX_BODY_BYTES = 1 << 20


def measure_round_trips(bench: Bench) -> Iterator[Row]:
    """Count on the average of some requests, once the sign-in is known."""
    filing, listing = asyncio.run(_count(bench.fresh(), bench.cluster.people.keys))
    yield Row("提交诉求的 SQL 往返 round trips", f"{filing:.1f}", goal=FILING_GOAL, judged=filing)
    yield Row("列表的 SQL 往返 round trips", f"{listing:.1f}", goal=LIST_GOAL, judged=listing)


async def _count(url: str, keys: Mapping[str, str]) -> tuple[float, float]:
    office = Office(make_engine(url))
    app = create_app(office, read_time=utc_now, max_body_bytes=MAX_BODY_BYTES)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bihuan.test") as client:
        filing = await _trips(office, client, keys["enterprise"], "POST", FILING)
        listing = await _trips(office, client, keys["leader"], "GET", None)
    await office.engine.dispose()
    return filing, listing


async def _trips(office: Office, client: httpx.AsyncClient, key: str, method: str, body: object) -> float:
    await _ask(client, key, method, body)
    with round_trips(office.engine) as trips:
        for _ in range(REQUESTS):
            await _ask(client, key, method, body)
    return len(trips) / REQUESTS


async def _ask(client: httpx.AsyncClient, key: str, method: str, body: object) -> None:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": uuid4().hex}
    (await client.request(method, PATH, json=body, headers=headers)).raise_for_status()
