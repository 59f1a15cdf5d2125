"""`bihuan audit`: what it says of a clean database, of one that was tampered with, and of keys."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.cli.audit import NOT_TRUSTED
from app.cli.sealing import notary_of
from app.config import Settings
from app.services.anchors import anchor_finished_days
from tests.database import connect
from tests.worker.filing import FILED, file_one, office_on

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]
NOW = FILED + timedelta(days=4)


@pytest.fixture
def filed(bihuan: Run, capsys: Output, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """One appeal, filed long ago, with every day since then sealed by the key of this machine; return its number."""
    monkeypatch.setenv("BIHUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("app.cli.preparing.utc_now", lambda: FILED)
    monkeypatch.setattr("app.cli.audit.utc_now", lambda: NOW)
    assert bihuan("migrate") == 0
    file_one(database_url)
    asyncio.run(seal(database_url))
    capsys.readouterr()
    with connect(database_url) as connection:
        (number,) = connection.execute("SELECT number FROM appeal").fetchone() or ("",)
    return str(number)


async def seal(url: str) -> None:
    async with office_on(url) as office:
        await anchor_finished_days(office, notary_of(Settings()), now=NOW)


def tamper(url: str, *statements: str) -> None:
    with connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)


def told(bihuan: Run, output: Output, *arguments: str, code: int = 0) -> str:
    assert bihuan("audit", *arguments) == code
    return output.readouterr().out


def test_a_clean_database_is_said_to_be_clean_with_what_was_verified(filed: str, bihuan: Run, capsys: Output) -> None:
    assert "核验通过：诉求1件，流转记录1条，管理操作2条，查阅记录0条，锚点" in told(bihuan, capsys, "verify")
    assert told(bihuan, capsys, "verify", "--appeal", filed).startswith("核验通过：诉求1件，流转记录1条")


def test_a_changed_word_is_told_with_number_place_and_what(
    filed: str, bihuan: Run, capsys: Output, database_url: str
) -> None:
    tamper(database_url, "UPDATE event SET actor_name = '别人'")
    lines = told(bihuan, capsys, "verify", code=1).splitlines()
    assert lines[0] == f"{filed} 第1条：内容被改动。第1条的内容与它的摘要不符，或与前一条不衔接"
    assert lines[-1].startswith("发现1处问题：")
    assert told(bihuan, capsys, "verify", "--appeal", filed, code=1).splitlines()[0] == lines[0]


def test_an_appeal_that_vanished_is_found(filed: str, bihuan: Run, capsys: Output, database_url: str) -> None:
    tamper(database_url, "DELETE FROM event", "DELETE FROM appeal")
    (line, _) = told(bihuan, capsys, "verify", code=1).splitlines()
    day = FILED.date()
    assert line == f"锚点 {day}：当天的记录在锚定之后被改动：诉求锚定时1件、现在0件，流转记录锚定时1件、现在0件"


def test_machines_are_told_the_same(filed: str, bihuan: Run, capsys: Output, database_url: str) -> None:
    clean: dict[str, Any] = json.loads(told(bihuan, capsys, "verify", "--json"))
    assert (clean["findings"], clean["events"], clean["trusted_key"]) == ([], 1, True)
    tamper(database_url, "UPDATE event SET reason = 'x'")
    (finding,) = json.loads(told(bihuan, capsys, "verify", "--json", code=1))["findings"]
    assert (finding["subject"], finding["sequence"], finding["kind"]) == (filed, 1, "edited")


def test_the_public_key_that_was_kept_elsewhere_decides(
    filed: str, bihuan: Run, capsys: Output, tmp_path: Path
) -> None:
    kept, home = tmp_path / "kept.pem", tmp_path / "home" / "anchor-key.pem"
    kept.write_text(told(bihuan, capsys, "key"))
    home.unlink()
    assert NOT_TRUSTED in told(bihuan, capsys, "verify")
    assert NOT_TRUSTED not in told(bihuan, capsys, "verify", "--public-key", str(kept))
    foreign = tmp_path / "foreign.pem"
    foreign.write_text(told(bihuan, capsys, "key"))
    assert "由另一把密钥" in told(bihuan, capsys, "verify", "--public-key", str(foreign), code=1)


def test_days_that_were_rewritten_and_sealed_anew_differ_from_the_copy_that_was_kept(
    filed: str, bihuan: Run, capsys: Output, database_url: str, tmp_path: Path
) -> None:
    """The worker itself seals what an insider rewrote, with the right key: nothing else shows it."""
    copy = tmp_path / "anchors.json"
    copy.write_text(told(bihuan, capsys, "anchors", "--json"))
    assert "核验通过" in told(bihuan, capsys, "verify", "--anchors", str(copy))
    tamper(database_url, "DELETE FROM event", "DELETE FROM appeal", "DELETE FROM anchor")
    asyncio.run(seal(database_url))
    assert "核验通过" in told(bihuan, capsys, "verify")
    lines = told(bihuan, capsys, "verify", "--anchors", str(copy), code=1).splitlines()
    assert lines[0].startswith(f"锚点 {FILED.date()}：与另行保存的锚点不同")


def test_anchors_are_listed(filed: str, bihuan: Run, capsys: Output) -> None:
    first = told(bihuan, capsys, "anchors").splitlines()[0]
    assert first.startswith(f"{FILED.date()}  诉求1件 流转1条 操作2条 查阅0条  sha256 ")
    listed = json.loads(told(bihuan, capsys, "anchors", "--json"))
    assert listed[0]["digest"] in first


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("verify", "--appeal", "GD-20260302-999999"), "没有诉求 GD-20260302-999999"),
        (("verify", "--public-key", "/nowhere"), "无法读取"),
        (("verify", "--anchors", "/nowhere"), "无法读取"),
        (("verify", "--anchors", "/etc/hostname"), "不是锚点的副本"),
        (("verify", "--appeal"), "后面要有一个值"),
        ((), "缺少参数：动作"),
    ],
)
def test_what_cannot_be_done_is_refused_in_chinese(
    filed: str, bihuan: Run, capsys: Output, arguments: tuple[str, ...], sentence: str
) -> None:
    assert bihuan("audit", *arguments) == 2
    assert sentence in capsys.readouterr().err


def test_a_database_without_anchors_says_so(bihuan: Run, capsys: Output) -> None:
    assert "还没有锚点" in told(bihuan, capsys, "anchors")
