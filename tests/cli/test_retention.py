"""`bihuan retention run`: counts first, erases once."""

from collections.abc import Callable

import pytest

from tests.database import connect
from tests.worker.filing import file_one

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]


def test_a_dry_run_counts_and_a_run_erases(
    bihuan: Run, capsys: Output, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bihuan("migrate") == 0
    file_one(database_url)
    with connect(database_url) as connection:
        connection.execute("UPDATE appeal SET status = 'closed', outcome = 'solved', closed_at = '2026-11-20Z'")
    capsys.readouterr()
    later = ("--now", "2036-11-21T10:00+08:00")
    assert bihuan("retention", "run", "--now", "2036-11-20T10:00+08:00") == 0
    assert bihuan("retention", "run", "--dry-run", *later) == 0
    assert bihuan("retention", "run", *later) == 0
    assert bihuan("retention", "run", *later) == 0
    told = [line.partition("（")[0] for line in capsys.readouterr().out.splitlines()]
    assert told == ["已销毁0件", "将销毁1件", "已销毁1件", "已销毁0件"]
    with connect(database_url) as connection:
        (row,) = connection.execute("SELECT title, erased_by FROM appeal").fetchall()
    assert row == ("已按期销毁", "系统（命令行）")
    monkeypatch.setenv("BIHUAN_RETENTION_YEARS", "0")
    assert bihuan("retention", "run") == 2
    assert "BIHUAN_RETENTION_YEARS" in capsys.readouterr().err
