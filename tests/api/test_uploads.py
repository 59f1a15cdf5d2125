"""What uploads meet at the edge: what is refused leaves nothing, whoever sends slowly holds up nobody."""

import asyncio
import resource
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.domain.attachment import AttachmentLimits
from app.domain.attachment_errors import StorageUnavailable
from app.services.shelf import UPLOADS_OF_ONE, Shelf
from tests.files import PDF, REFUSED, bombs, encrypted
from tests.house import PROBLEM, House
from tests.journeys.test_attachments import attached, files, put

MEBIBYTE = 1_048_576


def shelf_of(house: House) -> Shelf:
    """Return the shelf of a house."""
    assert house.office.shelf is not None
    return house.office.shelf


def limit(house: House, **limits: int) -> None:
    """Give the house other limits."""
    shelf_of(house).limits = replace(AttachmentLimits(), **limits)


async def traces(house: House) -> dict[str, Any]:
    """Return everything that an upload may leave."""
    (counted,) = await house.rows(
        "SELECT (SELECT count(*) FROM attachment) AS attachments, (SELECT count(*) FROM event) AS events, "
        "(SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM idempotency) AS keys, "
        "(SELECT sum(version) FROM appeal) AS versions"
    )
    return counted | {"files": [str(path) for path in files(house)]}


async def refused(house: House, number: str, answer: httpx.Response, status: int, code: str) -> None:
    """Check a refusal: a problem in Chinese."""
    assert answer.headers["content-type"] == PROBLEM, answer.text
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}"), answer.text
    assert any("\u4e00" <= one <= "\u9fff" for one in answer.json()["detail"])


async def test_what_is_not_taken_is_refused_and_leaves_nothing(house: House) -> None:
    number = (await house.file())["number"]
    before = await traces(house)
    for what, content in {**REFUSED, **bombs(), "encrypted": encrypted()}.items():
        for name in ("凭证.pdf", "申请.docx"):
            answer = await put(house, "enterprise", number, content, name=name, stated="")
            assert answer.status_code in (415, 422), (what, answer.text)
            assert answer.headers["content-type"] == PROBLEM
    assert await traces(house) == before
    await attached(house, "enterprise", number)
    assert await traces(house) != before


async def test_a_good_file_under_a_wrong_name_or_type_is_refused_and_leaves_nothing(house: House) -> None:
    number = (await house.file())["number"]
    before = await traces(house)
    for name, stated in (("凭证.html", ""), ("凭证.exe", ""), ("a.pdf", "text/html"), ("a.svg", "image/svg+xml")):
        answer = await put(house, "enterprise", number, name=name, stated=stated)
        await refused(house, number, answer, 422, "content-type-mismatch")
    assert await traces(house) == before


async def test_fields_are_checked_and_a_refusal_leaves_nothing(house: House) -> None:
    number = (await house.file())["number"]
    before = await traces(house)
    for field, value in {"purpose": "gift", "note": "长" * 2_001, "colour": "red"}.items():
        answer = await put(house, "enterprise", number, **{field: value})
        assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, field)
    assert await traces(house) == before


def form(*parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    """Return a form written by hand."""
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


FILE = b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF
PURPOSE = b'Content-Disposition: form-data; name="purpose"\r\n\r\nevidence'
BAD_FORMS: dict[str, tuple[bytes, str, int]] = {
    "json": (b"{}", "application/json", 415),
    "no type": (b"x", "", 415),
    "no boundary": (form(FILE, PURPOSE), "multipart/form-data", 400),
    "another boundary": (form(FILE, PURPOSE), "multipart/form-data; boundary=c", 400),
    "an endless boundary": (form(FILE, PURPOSE), f"multipart/form-data; boundary={'b' * 5000}", 422),
    "cut off": (form(FILE, PURPOSE)[:-20], "", 400),
    "nothing": (b"", "", 400),
    "no file": (form(PURPOSE), "", 422),
    "a file without name": (form(FILE.replace(b'; filename="a.pdf"', b""), PURPOSE), "", 422),
    "two files": (form(FILE, FILE, PURPOSE), "", 422),
    "two purposes": (form(FILE, PURPOSE, PURPOSE), "", 422),
    "nine parts": (form(FILE, *(PURPOSE.replace(b"purpose", b"p%d" % n) for n in range(9))), "", 422),
    "a long field": (form(FILE, PURPOSE + b"x" * 9_000), "", 422),
    "many headers": (form(b"".join(b"X-%d: y\r\n" % n for n in range(20)) + FILE, PURPOSE), "", 400),
    "a long header": (form(b"X: " + b"y" * 20_000 + b"\r\n" + FILE, PURPOSE), "", 400),
    "no disposition": (form(FILE, b"X: y\r\n\r\nz"), "", 422),
    "a name in another encoding": (form(FILE.replace(b"a.pdf", "合同.pdf".encode("gbk")), PURPOSE), "", 422),
    "a name with a control character": (form(FILE.replace(b"a.pdf", b"a\x1b.pdf"), PURPOSE), "", 422),
    "junk after the end": (form(FILE, PURPOSE) + b"x" * 100, "", 201),
    "a name of 4 KB": (form(FILE.replace(b"a.pdf", b"a" * 4_096 + b".pdf"), PURPOSE), "", 201),
    "as it should be": (form(FILE, PURPOSE), "", 201),
}


async def test_forms_that_are_none_are_refused_and_leave_nothing(house: House) -> None:
    number = (await house.file())["number"]
    for what, (body, content_type, status) in BAD_FORMS.items():
        before = await traces(house)
        headers = {"Content-Type": content_type or ("" if what == "no type" else "multipart/form-data; boundary=b")}
        headers["Authorization"] = f"Bearer {house.keys['enterprise']}"
        answer = await house.client.post(f"/api/v1/appeals/{number}/attachments", content=body, headers=headers)
        assert answer.status_code == status, (what, answer.text)
        assert (await traces(house) == before) == (status != 201), what


# Limits --------------------------------------------------------------------------------------------------------------


async def test_a_file_is_taken_up_to_the_limit_and_not_a_byte_more(house: House) -> None:
    number = (await house.file())["number"]
    limit(house, file_bytes=3 * MEBIBYTE)
    for more, status in ((0, 201), (1, 413), (5 * MEBIBYTE, 413)):
        content = b"a" * (3 * MEBIBYTE + more)
        answer = await put(house, "enterprise", number, content, name="a.txt", stated="")
        assert answer.status_code == status, answer.text
        if status == 413:
            await refused(house, number, answer, 413, "file-too-large")
            assert answer.headers["connection"] == "close"
    assert len(files(house)) == 1


async def test_a_length_that_is_not_stated_helps_nobody(house: House) -> None:
    number = (await house.file())["number"]
    limit(house, file_bytes=MEBIBYTE)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b"--b\r\n" + FILE.removesuffix(PDF)
        while True:
            sent += 65_536
            yield b"a" * 65_536

    answer = await post(house, number, endless())
    await refused(house, number, answer, 413, "file-too-large")
    assert sent <= 3 * MEBIBYTE
    assert files(house) == []


async def post(house: House, number: str, content: AsyncIterator[bytes], who: str = "enterprise") -> httpx.Response:
    """Send a form as it comes."""
    headers = {
        "Content-Type": "multipart/form-data; boundary=b",
        "Authorization": f"Bearer {house.keys[who]}",
    }
    return await house.client.post(f"/api/v1/appeals/{number}/attachments", content=content, headers=headers)


async def test_each_side_has_its_own_room_in_an_appeal(house: House) -> None:
    number, _ = await house.assigned()
    limit(house, appeal_files=2)
    paths = [await attached(house, "enterprise", number) for _ in range(2)]
    await refused(house, number, await put(house, "clerk", number), 413, "quota-exceeded")
    await attached(house, "officer", number)
    other = (await house.file())["number"]
    await attached(house, "enterprise", other)
    limit(house, appeal_bytes=2 * len(PDF) + 1)
    await refused(house, number, await put(house, "enterprise", number), 413, "quota-exceeded")
    assert len(paths) == 2


async def test_a_deleted_file_leaves_its_room_in_the_appeal_but_not_in_the_day(house: House) -> None:
    number = (await house.file())["number"]
    limit(house, appeal_files=1, day_files=2)
    for _ in range(2):
        await house.ask("enterprise", "DELETE", await attached(house, "enterprise", number))
    answer = await put(house, "enterprise", number)
    await refused(house, number, answer, 413, "quota-exceeded")
    assert "今日" in answer.json()["detail"]
    assert (await house.file())["status"] == "received", "appeals are still taken"
    house.go_to("2026-03-03")
    await attached(house, "enterprise", number)


async def test_uploads_at_once_do_not_exceed_the_day(house: House) -> None:
    numbers = [(await house.file())["number"] for _ in range(4)]
    limit(house, day_files=2)
    answers = await asyncio.gather(*(put(house, "enterprise", number) for number in numbers))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 413, 413]
    assert len(files(house)) == 2


# Slow senders --------------------------------------------------------------------------------------------------------


class SlowSender:
    """Sends the beginning of a form and the rest when it is told to."""

    def __init__(self) -> None:
        self.began, self.go_on = asyncio.Event(), asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        whole = form(FILE, PURPOSE)
        yield whole[:80]
        self.began.set()
        await self.go_on.wait()
        yield whole[80:]


async def test_a_slow_sender_is_cut_off_and_leaves_nothing(house: House) -> None:
    number = (await house.file())["number"]
    shelf_of(house).upload_seconds = 0.2
    before = await traces(house)
    answer = await post(house, number, aiter(SlowSender()))
    await refused(house, number, answer, 408, "upload-too-slow")
    assert answer.headers["connection"] == "close"
    assert await traces(house) == before


async def test_no_connection_is_held_while_somebody_sends(house: House) -> None:
    number = (await house.file())["number"]
    slow = SlowSender()
    sending = asyncio.create_task(post(house, number, aiter(slow)))
    await slow.began.wait()
    pool: Any = house.office.engine.pool
    assert pool.checkedout() == 0
    slow.go_on.set()
    assert (await sending).status_code == 201


async def test_one_account_takes_few_of_the_places(house: House) -> None:
    number = (await house.file())["number"]
    senders = [SlowSender() for _ in range(UPLOADS_OF_ONE)]
    sending = [asyncio.create_task(post(house, number, aiter(slow))) for slow in senders]
    for slow in senders:
        await slow.began.wait()
    await refused(house, number, await put(house, "enterprise", number), 429, "too-many-uploads")
    assert (await put(house, "clerk", number)).status_code == 201
    for slow in senders:
        slow.go_on.set()
    assert [(await one).status_code for one in sending] == [201] * UPLOADS_OF_ONE
    assert (await put(house, "enterprise", number)).status_code == 201
    assert shelf_of(house).under_way.total() == 0


# Repeated uploads ----------------------------------------------------------------------------------------------------


async def test_the_same_key_uploads_once(house: House) -> None:
    number = (await house.file())["number"]
    first = await put(house, "enterprise", number, key="k-1")
    again = await put(house, "enterprise", number, key="k-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert (await traces(house))["attachments"] == len(files(house)) == 1


async def test_the_same_key_at_the_same_time_uploads_once(house: House) -> None:
    number = (await house.file())["number"]
    answers = await asyncio.gather(*(put(house, "enterprise", number, key="k-1") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await traces(house))["attachments"] == len(files(house)) == 1


async def test_the_same_key_with_another_upload_is_refused(house: House) -> None:
    number = (await house.file())["number"]
    await put(house, "enterprise", number, key="k-1")
    changes = ({"content": PDF + b"\n"}, {"name": "别的.pdf"}, {"note": "别的"}, {"purpose": "authorisation"})
    for change in changes:
        upload: dict[str, Any] = {"content": PDF} | change
        other = await put(house, "enterprise", number, **upload, key="k-1")
        await refused(house, number, other, 422, "idempotency-key-mismatch")
    assert len(files(house)) == 1


async def test_a_repeated_upload_is_answered_even_when_no_more_would_be_taken(house: House) -> None:
    number = (await house.file())["number"]
    limit(house, appeal_files=1)
    first = await put(house, "enterprise", number, key="k-1")
    assert (await put(house, "enterprise", number, key="k-2")).status_code == 413
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})
    again = await put(house, "enterprise", number, key="k-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert len(files(house)) == 1


# Disks ---------------------------------------------------------------------------------------------------------------


async def test_a_full_disk_is_told_and_leaves_nothing(house: House) -> None:
    number = (await house.file())["number"]
    before = await traces(house)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEBIBYTE, hard))
    try:
        answer = await put(house, "enterprise", number, b"a" * 2 * MEBIBYTE, name="a.txt", stated="")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await refused(house, number, answer, 507, "storage-full")
    assert await traces(house) == before
    assert (await put(house, "enterprise", number, b"a" * 2 * MEBIBYTE, name="a.txt", stated="")).status_code == 201


async def test_a_store_that_does_not_answer_is_told_and_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = (await house.file())["number"]
    before = await traces(house)

    async def out_of_order(*_: Any) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(type(shelf_of(house).files), "keep", out_of_order)
    await refused(house, number, await put(house, "enterprise", number), 503, "storage-unavailable")
    assert await traces(house) == before


async def test_without_a_place_for_files_none_are_taken_but_appeals_are(house: House) -> None:
    number = (await house.file())["number"]
    house.office.shelf = None
    await refused(house, number, await put(house, "enterprise", number), 503, "storage-unavailable")
    assert (await house.file())["status"] == "received"
