"""Verifying takes time in proportion to the history and memory that does not depend on it."""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.domain.anchor import Algorithm
from app.domain.timeline import event_digest, words_digest
from app.gateways.signing_key import load_or_make_key
from app.services.anchors import Notary, anchor_finished_days
from app.services.audit import seals_of, verify_all
from tests.house import MONDAY, House

EVENTS_OF_AN_APPEAL = 10
COLUMNS = (
    "appeal_id", "sequence", "action", "announces", "actor_id", "actor_name", "actor_roles", "from_status", "to_status",
    "at", "recorded_at", "reason", "payload", "words_digest", "digest",
)  # fmt: skip
PEAK_BYTES, SECONDS_OF_A_THOUSAND = 30_000_000, 0.5


def history(appeal: UUID, number: int, days: int) -> Iterator[dict[str, Any]]:
    """Yield the events of one appeal, some days between them."""
    digest = ""
    for sequence in range(1, EVENTS_OF_AN_APPEAL + 1):
        at = MONDAY + timedelta(days=(number + sequence) % days, seconds=number)
        event: dict[str, Any] = {
            "appeal_id": appeal, "sequence": sequence, "action": "contact", "announces": "appeal.contacted",
            "actor_id": UUID(int=7), "actor_name": "经办人", "actor_roles": "officer",
            "from_status": "assigned" if sequence > 1 else None, "to_status": "assigned", "at": at, "recorded_at": at,
            "reason": "已与企业核实情况，正在办理。", "payload": {"way": "电话", "number": number},
        }  # fmt: skip
        event["words_digest"] = words_digest(event)
        digest = event["digest"] = event_digest(digest, event)
        yield event


async def fill(house: House, url: str, *, appeals: int, days: int) -> None:
    """Copy one appeal many times, each with a history of its own."""
    number = (await house.file())["number"]
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO appeal SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), "
            "'number', 'X-' || n, 'status', 'assigned', 'event_count', %s::int))).* "
            "FROM appeal a, generate_series(1, %s) n WHERE a.number = %s",
            [EVENTS_OF_AN_APPEAL, appeals, number],
        )
        ids = [row[0] for row in connection.execute("SELECT id FROM appeal WHERE number LIKE 'X-%'")]
        heads = []
        with connection.cursor().copy(f"COPY event ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for place, appeal in enumerate(ids):
                events = list(history(appeal, place, days))
                heads.append((events[-1]["digest"], appeal))
                for event in events:
                    copy.write_row([*(Jsonb(event[n]) if n == "payload" else event[n] for n in COLUMNS)])
        connection.cursor().executemany("UPDATE appeal SET chain_head = %s WHERE id = %s", heads)
        connection.execute("ANALYZE")


@pytest.mark.timeout(900)
async def test_a_long_history_is_verified_in_little_memory(
    house: House,
    database_url: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    appeals, days = (10_000, 250) if request.config.getoption("--full") else (200, 10)
    await fill(house, database_url, appeals=appeals, days=days)
    house.now = MONDAY + timedelta(days=days + 2)
    notary = Notary(load_or_make_key(tmp_path / "key.pem"), Algorithm.SHA256)
    started = time.monotonic()
    assert len(await anchor_finished_days(house.office, notary, now=house.now)) == days + 2
    sealed = time.monotonic()
    report = await verify_all(house.office, seals_of([notary.key.public_key]), now=house.now)
    took = time.monotonic() - sealed
    assert (report.events, report.findings) == (appeals * EVENTS_OF_AN_APPEAL + 1, [])
    tracemalloc.start()
    await verify_all(house.office, seals_of([notary.key.public_key]), now=house.now)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    record_property("seconds_to_seal", round(sealed - started, 1))
    record_property("seconds_to_verify", round(took, 1))
    record_property("peak_bytes", peak)
    assert peak < PEAK_BYTES
    assert took < 2 + SECONDS_OF_A_THOUSAND * report.events / 1_000
