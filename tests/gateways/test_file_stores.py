"""Every store keeps what it is given under its id, and finds it again."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from errno import EACCES, EDQUOT, EFBIG, EIO, ENOSPC
from pathlib import Path
from stat import S_IMODE
from uuid import UUID, uuid4

import pytest
from obstore.store import MemoryStore

from app.domain.attachment_errors import StorageFull, StorageUnavailable, TooLarge
from app.gateways import arriving_file
from app.gateways.arriving_file import abandoned, arriving
from app.gateways.disk import storage_faults
from app.gateways.file_store import FileStore, key_of
from app.gateways.file_store_local import LocalStore
from app.gateways.file_store_remote import RemoteStore, open_remote

TOO_LARGE = TooLarge("过大")


@pytest.fixture(params=["local", "remote"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    return LocalStore(tmp_path / "root") if request.param == "local" else RemoteStore(MemoryStore())


async def kept(store: FileStore, folder: Path, content: bytes) -> UUID:
    """Keep a content; return its id."""
    file_id = uuid4()
    async with arriving(folder / "arriving", most=10_000_000, too_large=TOO_LARGE) as file:
        await file.write(content)
        await file.finish()
        await store.keep(file_id, file.path)
    return file_id


async def content_of(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def test_what_is_kept_is_found_again_until_it_is_deleted(store: FileStore, tmp_path: Path) -> None:
    content = os.urandom(1_000_000)
    file_id = await kept(store, tmp_path, content)
    assert await content_of(store.read(file_id)) == content
    assert await store.size(file_id) == len(content)
    (listed,) = [one async for one in store.list()]
    assert listed.id == file_id
    assert abs(listed.written_at - datetime.now(UTC)) < timedelta(minutes=1)
    for _ in range(2):
        await store.delete(file_id)
    assert [one async for one in store.list()] == []
    with pytest.raises(FileNotFoundError):
        await store.size(file_id)
    with pytest.raises(FileNotFoundError):
        await content_of(store.read(file_id))


async def test_a_local_file_is_ours_alone_and_two_folders_deep(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "root")
    path = tmp_path / "root" / key_of(await kept(store, tmp_path, b"a"))
    assert len(path.relative_to(tmp_path / "root").parts) == 3
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_what_is_not_ours_is_not_listed(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "root")
    path = tmp_path / "root" / key_of(await kept(store, tmp_path, b"a"))
    (path.parent / "README").write_text("x")
    (tmp_path / "root" / f"{uuid4()}").write_text("x")
    assert [str(one.id) async for one in store.list()] == [path.name]


async def test_the_file_is_written_through_before_its_name_and_the_name_before_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename
    monkeypatch.setattr(os, "fsync", lambda one: (done.append("fsync"), fsync(one))[1])
    monkeypatch.setattr(Path, "rename", lambda one, to: (done.append("rename"), rename(one, to))[1])
    await kept(LocalStore(tmp_path / "root"), tmp_path, b"a")
    assert done == ["fsync", "rename", "fsync", "fsync", "fsync"]


async def test_what_is_refused_or_given_up_leaves_nothing(tmp_path: Path) -> None:
    async with arriving(tmp_path, most=3, too_large=TOO_LARGE) as file:
        await file.write(b"abc")
        with pytest.raises(TooLarge):
            await file.write(b"d")
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []


async def test_what_stopped_arriving_is_found_after_a_while(tmp_path: Path) -> None:
    left = tmp_path / "x.part"
    left.write_bytes(b"a")
    now = datetime.now(UTC)
    assert list(abandoned(tmp_path, before=now - timedelta(hours=1))) == []
    assert list(abandoned(tmp_path, before=now + timedelta(hours=1))) == [left]
    assert list(abandoned(tmp_path / "nowhere", before=now)) == []


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (ENOSPC, StorageFull),
        (EDQUOT, StorageFull),
        (EFBIG, StorageFull),
        (EIO, StorageUnavailable),
        (EACCES, StorageUnavailable),
    ],
)
def test_what_the_system_says_of_its_disks_becomes_a_refusal(number: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal), storage_faults():
        raise OSError(number, "x")


async def test_a_short_write_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(arriving_file.os, "write", lambda to, piece: write(to, piece[:1_000]))
    store = LocalStore(tmp_path / "root")
    file_id = await kept(store, tmp_path, b"ab" * 5_000)
    assert await content_of(store.read(file_id)) == b"ab" * 5_000


async def test_a_remote_store_that_does_not_answer_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    # Nobody listens at the port that stands for nothing.
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setattr("app.gateways.file_store_remote.RETRIES", 0)
    store = open_remote("s3://bucket/prefix")
    with pytest.raises(StorageUnavailable):
        await store.size(uuid4())
    with pytest.raises(StorageUnavailable):
        await kept(store, tmp_path, b"a")
