"""The migrations: one line of them, true to the models, and there and back again."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.script import Script, ScriptDirectory

from tests.database import alembic_config, alembic_on, connect, migrate

MIGRATIONS = Path(__file__).parents[1] / "migrations"
SCRIPTS = ScriptDirectory.from_config(alembic_config())
REVISIONS = list(SCRIPTS.walk_revisions())
MIGRATORS = 4


def tables(url: str) -> set[str]:
    with connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {row[0] for row in found} - {"alembic_version"}


def test_the_one_newest_revision_is_noted_in_head() -> None:
    assert SCRIPTS.get_heads() == [(MIGRATIONS / "HEAD").read_text().strip()]


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda revision: revision.revision)
def test_a_revision_is_named_like_its_file_and_numbered_in_turn(revision: Script) -> None:
    assert Path(revision.path).stem == revision.revision
    before = str(revision.down_revision or "0000")
    assert int(revision.revision[:4]) == int(before[:4]) + 1


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda revision: revision.revision)
def test_a_revision_does_not_wait_long_for_a_lock(revision: Script) -> None:
    source = Path(revision.path).read_text()
    assert source.count("SET lock_timeout") == 2


def test_models_and_migrations_agree(database_url: str) -> None:
    with alembic_on(database_url) as config:
        command.check(config)


def test_every_migration_can_be_undone_and_done_again(empty_database_url: str) -> None:
    migrate(empty_database_url)
    after_first = tables(empty_database_url)
    with alembic_on(empty_database_url) as config:
        command.downgrade(config, "base")
    assert tables(empty_database_url) == set()
    migrate(empty_database_url)
    assert tables(empty_database_url) == after_first != set()


def test_migrators_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    command_line = [sys.executable, "-m", "alembic", "-x", f"url={empty_database_url}", "upgrade", "head"]
    migrators = [subprocess.Popen(command_line, cwd=MIGRATIONS.parent) for _ in range(MIGRATORS)]
    assert [migrator.wait(timeout=60) for migrator in migrators] == [0] * MIGRATORS
    with connect(empty_database_url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (SCRIPTS.get_current_head(),)
        ]


# pg_locks speaks of the whole server, where the tests beside this one migrate too.
HELD_HERE = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"


def test_migrating_leaves_no_setting_behind_on_a_borrowed_connection(empty_database_url: str) -> None:
    with alembic_on(empty_database_url) as config:
        command.upgrade(config, "head")
        connection = config.attributes["connection"]
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "0"
        assert connection.exec_driver_sql(HELD_HERE).scalar() == 0
