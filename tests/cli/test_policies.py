"""`bihuan policy` and `bihuan migrate`: packs that can be used, and packs that cannot."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import app.policies
from app.cli import main
from app.cli.preparing import publish
from app.policies import load_packs
from app.services.office import Office
from app.storage import make_engine
from tests.database import connect

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]
SHIPPED = Path(app.policies.__file__).parent
SPOILED = ('prefix = "GD"', 'prefix = "gd!"')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped packs, to be spoiled."""
    for pack in SHIPPED.glob("*.toml"):
        shutil.copy(pack, tmp_path)
    return tmp_path


def spoil(pack: Path) -> None:
    text = pack.read_text()
    assert SPOILED[0] in text
    pack.write_text(text.replace(*SPOILED))


def published(url: str) -> list[tuple[str, str]]:
    with connect(url) as connection:
        return connection.execute("SELECT jurisdiction, digest FROM policy ORDER BY 1, 2").fetchall()


def test_the_packs_that_come_with_the_program_have_no_fault(capsys: Output) -> None:
    assert main(["policy", "check"]) == 0
    assert capsys.readouterr().out == "6个规则包均无问题。\n"


def test_a_broken_file_is_reported_by_file_and_line_with_code_1(folder: Path, capsys: Output) -> None:
    spoil(folder / "gedian.toml")
    assert main(["policy", "check", str(folder / "gedian.toml")]) == 1
    assert "gedian.toml 第" in capsys.readouterr().err


def test_an_edited_copy_of_a_shipped_pack_is_not_taken_for_a_second_one(folder: Path) -> None:
    assert main(["policy", "check", str(folder / "gedian.toml"), str(folder / "dongbao.toml")]) == 0


@pytest.mark.parametrize(
    ("name", "content", "code", "sentence"),
    [
        ("gb.toml", "name = '葛店'".encode("gb18030"), 1, "不是 UTF-8"),
        ("torn.toml", b"[policy\n", 1, "torn.toml 第1行：不是有效的 TOML"),
        ("missing.toml", None, 2, "无法读取"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(
    tmp_path: Path, capsys: Output, name: str, content: bytes | None, code: int, sentence: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert main(["policy", "check", str(tmp_path / name)]) == code
    assert sentence in capsys.readouterr().err


def test_the_list_names_every_shipped_jurisdiction_with_the_one_above(capsys: Output) -> None:
    assert main(["policy", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(list(SHIPPED.glob("*.toml")))
    assert [line for line in lines if line.startswith("dongbao") and "上级 jingmen" in line]


def test_migrating_makes_the_schema_and_publishes_once(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("BIHUAN_DATABASE_URL", empty_database_url)
    assert main(["migrate"]) == 0
    first = published(empty_database_url)
    assert "已发布规则包" in capsys.readouterr().out
    assert main(["migrate"]) == 0
    assert "规则包没有变化" in capsys.readouterr().out
    assert published(empty_database_url) == first
    assert len(first) == 6


def test_a_command_on_a_database_without_schema_says_how_to_make_it(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("BIHUAN_DATABASE_URL", empty_database_url)
    assert main(["account", "list"]) == 2
    assert "请先运行：./run bihuan migrate" in capsys.readouterr().err


def test_a_newer_schema_is_no_reason_to_stop(bihuan: Run, database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_from_a_later_version'")
    assert bihuan("account", "list") == 0


def test_a_broken_pack_is_reported_and_its_old_version_stays_in_force(
    bihuan: Run, database_url: str, folder: Path, capsys: Output
) -> None:
    assert bihuan("migrate") == 0
    before = published(database_url)
    spoil(folder / "gedian.toml")
    capsys.readouterr()

    async def publish_folder() -> list[str]:
        office = Office(make_engine(database_url))
        try:
            return await publish(office, load_packs(folder))
        finally:
            await office.engine.dispose()

    assert asyncio.run(publish_folder()) == []
    said = capsys.readouterr().err
    assert "gedian.toml 第" in said
    assert "以上1个规则包没有发布，原来的版本继续有效。" in said
    assert published(database_url) == before
