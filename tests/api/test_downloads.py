"""What leaves is saved, never shown; it is what was uploaded, or its reader is told that it is not."""

import logging
from itertools import product
from pathlib import Path

import httpx
import pytest

from app.gateways.disk import CHUNK
from app.gateways.file_store import key_of
from tests.api.test_foreign import FOREIGNERS, told
from tests.api.test_uploads import shelf_of, traces
from tests.files import GOOD, PDF
from tests.house import House
from tests.journeys.test_attachments import attached, put

TEXT = b"".join(b"%07d\n" % n for n in range(100_000))
NOWHERE = "00000000-0000-7000-8000-000000000000"


async def one_file(house: House, content: bytes = TEXT) -> tuple[str, str]:
    """Attach one text; return the appeal's number and the file's path."""
    number = (await house.file())["number"]
    return number, await attached(house, "enterprise", number, content, name="说明 1.txt", stated="")


def stored(house: House, path: str) -> Path:
    """Return where the content of an attachment lies."""
    (found,) = shelf_of(house).arriving.parent.glob(f"*/*/{path.rsplit('/', 1)[-1]}")
    return found


async def get(house: House, path: str, who: str = "leader", method: str = "GET", **headers: str) -> httpx.Response:
    """Ask for a content."""
    return await house.ask(who, method, path, headers={name.replace("_", "-"): one for name, one in headers.items()})


async def test_no_file_of_any_kind_is_shown_in_place(house: House) -> None:
    number = (await house.file())["number"]
    for name, content, _ in GOOD.values():
        path = await attached(house, "enterprise", number, content, name=name, stated="")
        for method in ("GET", "HEAD"):
            headers = (await get(house, path, method=method)).headers
            assert headers["content-disposition"].startswith("attachment; ")
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["content-security-policy"] == "sandbox; default-src 'none'"
            assert headers["cache-control"] == "private, no-store"
            assert not {"html", "svg", "script"} & set(headers["content-type"].split("/"))
    assert len(await house.items(f"/appeals/{number}/attachments")) == len(GOOD)


async def test_a_name_travels_in_the_header_as_it_is(house: House) -> None:
    number = (await house.file())["number"]
    path = await attached(house, "enterprise", number, name="../合 同';\u202e%41.pdf")
    disposition = (await get(house, path)).headers["content-disposition"]
    assert disposition == (
        "attachment; filename=\"attachment.pdf\"; filename*=UTF-8''%E5%90%88%20%E5%90%8C%27%3B%2541.pdf"
    )


async def test_a_file_tells_its_length_and_digest_without_its_content(house: House) -> None:
    _, path = await one_file(house)
    whole, head = await get(house, path), await get(house, path, method="HEAD")
    assert (whole.content, head.content) == (TEXT, b"")
    kept = ("content-length", "etag", "accept-ranges", "content-type", "content-disposition")
    assert {name: head.headers[name] for name in kept} == {name: whole.headers[name] for name in kept}
    again = await get(house, path, If_None_Match=whole.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


RANGES = {
    "bytes=0-0": TEXT[:1],
    "bytes=5-14": TEXT[5:15],
    f"bytes={CHUNK - 3}-{CHUNK + 2}": TEXT[CHUNK - 3 : CHUNK + 3],
    "bytes=799990-": TEXT[799_990:],
    "bytes=799990-900000": TEXT[799_990:],
    "bytes=-7": TEXT[-7:],
    "bytes=-900000": TEXT,
    "bytes=0-": TEXT,
}
WHOLE = ("bytes=5-2", "bytes=-", "lines=0-1", "bytes=0-1,5-6", "bytes=x-y", "bytes=0-0x", "")
BEHIND = ("bytes=800000-", "bytes=800000-800001", "bytes=999999999999-", "bytes=-0")


async def test_one_range_is_answered_and_nothing_else_is_made_of_it(house: House) -> None:
    _, path = await one_file(house)
    for asked, content in RANGES.items():
        part = await get(house, path, Range=asked)
        assert (part.status_code, part.content) == (206, content), asked
        assert part.headers["content-length"] == str(len(content))
        assert part.headers["content-range"].endswith(f"/{len(TEXT)}")
    for asked in WHOLE:
        whole = await get(house, path, Range=asked)
        assert (whole.status_code, whole.content) == (200, TEXT), asked
    for asked in BEHIND:
        none = await get(house, path, Range=asked)
        assert (none.status_code, none.content, none.headers["content-range"]) == (416, b"", f"bytes */{len(TEXT)}")
    tag = whole.headers["etag"]
    assert (await get(house, path, Range="bytes=0-1", If_Range=tag)).status_code == 206
    assert (await get(house, path, Range="bytes=0-1", If_Range='"other"')).status_code == 200


@pytest.mark.parametrize("who", FOREIGNERS)
async def test_a_foreign_file_is_an_unknown_one_on_every_path(house: House, who: str) -> None:
    number, path = await one_file(house)
    before = await traces(house)
    strange = f"/appeals/GD-20260302-999999/attachments/{NOWHERE}"
    ways = [("GET", {}), ("HEAD", {}), ("GET", {"Range": "bytes=0-3"}), ("GET", {"If-None-Match": "*"}), ("DELETE", {})]
    for (method, headers), tail in product(ways, ("", "/release")):
        answers = [await house.ask(who, method, one + tail, headers=headers) for one in (path, strange)]
        assert told(answers[0]) == told(answers[1]), (method, tail)
        assert answers[0].status_code == (405 if tail else 404)
    for one in (path, strange):
        assert (await house.ask(who, "POST", f"{one}/release", version="*")).status_code == 404
    uploads = [await put(house, who, one) for one in (number, "GD-20260302-999999")]
    assert told(uploads[0]) == told(uploads[1])
    assert uploads[0].status_code == 404
    assert (await house.ask(who, "GET", f"/appeals/{number}/attachments")).status_code == 404
    assert await traces(house) == before
    assert (await get(house, path)).content == TEXT


async def test_nobody_gets_a_file_without_a_key(house: House) -> None:
    number, path = await one_file(house)
    assert (await house.ask(None, "GET", path)).status_code == 401
    assert (await put(house, None, number)).status_code == 401


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=0-600000"}])
async def test_a_changed_content_does_not_arrive_whole_and_is_marked(
    house: House, asked: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    number, path = await one_file(house)
    file = stored(house, path)
    file.write_bytes(TEXT[:-1] + b"x")
    with caplog.at_level(logging.ERROR, "bihuan.attachments"):
        down = await get(house, path, **asked)
    assert len(down.content) < int(down.headers["content-length"])
    assert path.rsplit("/", 1)[-1] in caplog.text
    (listed,) = await house.items(f"/appeals/{number}/attachments")
    assert listed["damaged_at"] is not None
    file.write_bytes(TEXT)
    assert (await get(house, path)).content == TEXT
    assert (await house.items(f"/appeals/{number}/attachments"))[0]["damaged_at"] is None, "repaired"


@pytest.mark.parametrize("what", ["missing", "short"])
async def test_a_lost_content_is_told_before_anything_leaves(house: House, what: str) -> None:
    _, path = await one_file(house, PDF.replace(b"%PDF", b"text") + b"x")
    file = stored(house, path)
    assert str(file).endswith(key_of((await ids(house))[0]))
    file.unlink() if what == "missing" else file.write_bytes(b"a")
    for method in ("GET", "HEAD"):
        assert (await get(house, path, method=method)).status_code == 410
    (row,) = await house.rows("SELECT damaged_at FROM attachment")
    assert row["damaged_at"] is not None


async def ids(house: House) -> list:
    """Return the ids of all attachments."""
    return [row["id"] for row in await house.rows("SELECT id FROM attachment")]
