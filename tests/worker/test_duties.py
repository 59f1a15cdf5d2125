"""The duties one by one, and when they come round."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from croniter import croniter
from procrastinate import App, PsycopgConnector

from app.gateways.file_store import key_of
from app.gateways.file_store_local import LocalStore
from app.services.shelf import Shelf
from app.worker.attachment_duties import look_after_attachments, scan_attachments
from app.worker.duties import (
    ANSWERS_KEPT_FOR,
    Bench,
    forget_old_answers,
    forget_sign_ins,
    remove_old_jobs,
    rescue_stalled_jobs,
)
from app.worker.schedule import every, wakeups
from tests.database import connect
from tests.worker.filing import office_on
from tests.worker.test_running import abandon_job, defer, jobs

NOW = datetime(2026, 11, 16, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "later"),
    [
        (1, timedelta(seconds=1)),
        (30, timedelta(seconds=30)),
        (60, timedelta(minutes=1)),
        (90, timedelta(minutes=1)),
        (300, timedelta(minutes=5)),
        (3600, timedelta(minutes=59)),
    ],
)
def test_a_sweep_comes_round_as_often_as_the_setting_says(seconds: int, later: timedelta) -> None:
    full_hour = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
    assert croniter(every(seconds), full_hour).get_next(datetime) == full_hour + later


def test_every_duty_comes_round_at_least_daily() -> None:
    for wakeup in wakeups(60):
        assert croniter(wakeup.cron, NOW).get_next(datetime) - NOW <= timedelta(days=1), wakeup.name


async def test_answers_are_forgotten_after_thirty_days_and_not_before(database_url: str) -> None:
    edge = NOW - ANSWERS_KEPT_FOR
    with connect(database_url) as connection:
        for key, given_at in [("old", edge - timedelta(seconds=1)), ("kept", edge), ("new", NOW)]:
            connection.execute(
                "INSERT INTO idempotency (account_id, route, key, fingerprint, status, headers, body, created_at) "
                "VALUES (gen_random_uuid(), 'r', %s, 'f', 201, '{}', '', %s)",
                [key, given_at],
            )
    async with bench_on(database_url) as bench:
        await forget_old_answers(bench)
    with connect(database_url) as connection:
        assert connection.execute("SELECT key FROM idempotency ORDER BY key").fetchall() == [("kept",), ("new",)]


async def test_more_answers_than_one_transaction_takes_are_forgotten_too(database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute(
            "INSERT INTO idempotency (account_id, route, key, fingerprint, status, headers, body, created_at) "
            "SELECT gen_random_uuid(), 'r', n::text, 'f', 201, '{}', '', '2020-01-01Z' FROM generate_series(1, 10001) n"
        )
    async with bench_on(database_url) as bench:
        await forget_old_answers(bench)
    with connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM idempotency").fetchone() == (0,)


async def test_what_was_tried_in_vain_a_day_ago_is_forgotten(database_url: str) -> None:
    with connect(database_url) as connection:
        for digest, age in (("old", "25 hours"), ("fresh", "23 hours")):
            connection.execute(
                "INSERT INTO sign_in_failure VALUES (%s, 9, %s::timestamptz - %s::interval, now())", (digest, NOW, age)
            )
    async with bench_on(database_url) as bench:
        await forget_sign_ins(bench)
    with connect(database_url) as connection:
        assert connection.execute("SELECT digest FROM sign_in_failure").fetchall() == [("fresh",)]


async def test_a_stalled_job_waits_again(database_url: str) -> None:
    await abandon_job(database_url, "sweep_clocks")
    async with bench_on(database_url) as bench:
        await rescue_stalled_jobs(bench)
    assert jobs(database_url) == [("sweep_clocks", "todo")]


async def test_a_stalled_job_whose_wake_up_waits_already_is_dropped(database_url: str) -> None:
    await abandon_job(database_url, "sweep_clocks")
    await defer(database_url, "sweep_clocks")
    async with bench_on(database_url) as bench:
        await rescue_stalled_jobs(bench)
    assert jobs(database_url) == [("sweep_clocks", "todo")]


async def test_jobs_that_failed_long_ago_are_removed_and_fresh_ones_stay(database_url: str) -> None:
    for name in ("long_ago", "fresh"):
        await defer(database_url, name)
    with connect(database_url) as connection:
        connection.execute("SET search_path = procrastinate")
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        connection.execute("UPDATE procrastinate_jobs SET status = 'failed'")
        connection.execute(
            "UPDATE procrastinate_events e SET at = now() - interval '4 days' FROM procrastinate_jobs j "
            "WHERE j.id = e.job_id AND j.task_name = 'long_ago'"
        )
    async with bench_on(database_url) as bench:
        await remove_old_jobs(bench)
    assert jobs(database_url) == [("fresh", "failed")]


@asynccontextmanager
async def bench_on(url: str) -> AsyncIterator[Bench]:
    """Yield what a worker works with."""
    connector = PsycopgConnector(
        conninfo=url.replace("+psycopg", "", 1), kwargs={"options": "-c search_path=procrastinate"}
    )
    app = App(connector=connector)
    async with office_on(url) as office, app.open_async():
        yield Bench(office, app.job_manager, lambda: NOW)


async def test_the_nightly_duty_removes_files_of_nobody_and_reports_rows_without_a_file(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    orphan = tmp_path / key_of(UUID(int=4))
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"x")
    os.utime(orphan, (0, 0))
    async with bench_on(database_url) as bench:
        await scan_attachments(bench)
        await look_after_attachments(bench)
        assert orphan.exists(), "without a place for files there is nothing to do"
        bench.office.shelf = Shelf(LocalStore(tmp_path), tmp_path / "arriving")
        with caplog.at_level(logging.INFO, "bihuan.worker"):
            await look_after_attachments(bench)
        await scan_attachments(bench)
    assert not orphan.exists()
    assert "附件0个，缺失0个，损坏0个；清理无主文件1个" in caplog.text
