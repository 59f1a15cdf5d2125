"""`bihuan sweep`: time is an argument."""

from collections.abc import Callable

import pytest

from tests.worker.filing import file_one

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]


def test_a_sweep_by_a_later_instant_announces_once(bihuan: Run, capsys: Output, database_url: str) -> None:
    assert bihuan("migrate") == 0
    file_one(database_url)
    capsys.readouterr()
    assert bihuan("sweep", "--now", "2026-11-16T10:00+08:00") == 0
    assert capsys.readouterr().out == "提醒 0  超期 0  督办 0  届满 0\n"
    assert bihuan("sweep", "--now", "2026-12-16T10:00+08:00") == 0
    assert not capsys.readouterr().out.startswith("提醒 0  超期 0 ")
    assert bihuan("sweep", "--now", "2026-12-16T10:00+08:00") == 0
    assert capsys.readouterr().out == "提醒 0  超期 0  督办 0  届满 0\n"
