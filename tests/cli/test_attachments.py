"""`bihuan attachments check`."""

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from app.gateways.file_store import key_of
from tests.database import connect
from tests.worker.filing import file_one

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]
RIGHT, CHANGED, LOST, NOBODYS = (UUID(int=number) for number in range(1, 5))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC).timestamp()


@pytest.fixture
def number(bihuan: Run, capsys: Output, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An appeal with a right, a changed and a lost file, beside a file of nobody."""
    monkeypatch.setenv("BIHUAN_ATTACHMENTS", str(tmp_path))
    assert bihuan("migrate") == 0
    file_one(database_url)
    with connect(database_url) as connection:
        for file_id in (RIGHT, CHANGED, LOST):
            connection.execute(
                "INSERT INTO attachment (id, appeal_id, purpose, kind, name, note, size, sha256, uploader_id, "
                "uploader_name, uploaded_at, scan) SELECT %s, id, 'evidence', 'text', 'a.txt', '', 1, %s, id, 'x', "
                "now(), 'unscanned' FROM appeal",
                [file_id, hashlib.sha256(b"a").hexdigest()],
            )
        (found,) = connection.execute("SELECT number FROM appeal").fetchone() or ("",)
    for file_id, content in ((RIGHT, b"a"), (CHANGED, b"b"), (NOBODYS, b"c")):
        path = tmp_path / key_of(file_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (LONG_AGO, LONG_AGO))
    capsys.readouterr()
    return str(found)


def test_the_command_names_what_does_not_fit(bihuan: Run, capsys: Output, number: str) -> None:
    assert bihuan("attachments", "check") == 1
    quick = capsys.readouterr().out.splitlines()
    assert quick[:-1] == [f"缺失  {number}  {LOST}", f"无主  {NOBODYS}"]
    assert bihuan("attachments", "check", "--hashes") == 1
    thorough = capsys.readouterr().out.splitlines()
    assert thorough[:-1] == [f"缺失  {number}  {LOST}", f"损坏  {number}  {CHANGED}", f"无主  {NOBODYS}"]
    assert thorough[-1].startswith("附件 3  文件 3  缺失 1  损坏 1")


def test_what_fits_is_told_and_ends_well(
    bihuan: Run, capsys: Output, number: str, database_url: str, tmp_path: Path
) -> None:
    with connect(database_url) as connection:
        connection.execute("DELETE FROM attachment WHERE id = ANY(%s)", [[CHANGED, LOST]])
    assert bihuan("attachments", "check", "--hashes") == 0
    assert (tmp_path / key_of(NOBODYS)).exists(), "a check removes nothing"
