"""Files hang on an appeal from its filing to its end: up, down, released, deleted."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import httpx

from tests.files import GOOD, PDF
from tests.house import LEAD, SUBSTANTIVE, House, lead_of


async def put(
    house: House,
    who: str | None,
    number: str,
    content: bytes = PDF,
    *,
    name: str = "凭证017.pdf",
    stated: str = "application/pdf",
    key: str | None = None,
    **fields: str,
) -> httpx.Response:
    """Upload one file."""
    headers = {} if who is None else {"Authorization": f"Bearer {house.keys[who]}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    data = {"purpose": "evidence"} | fields
    path = f"/api/v1/appeals/{number}/attachments"
    return await house.client.post(path, files={"file": (name, content, stated)}, data=data, headers=headers)


async def attached(house: House, who: str, number: str, content: bytes = PDF, **more: Any) -> str:
    """Upload one file that must be taken; return its path."""
    answer = await put(house, who, number, content, **more)
    assert answer.status_code == 201, answer.text
    return f"/appeals/{number}/attachments/{answer.json()['id']}"


def files(house: House) -> list[Path]:
    """Return every file in the store, also those that are arriving."""
    shelf = house.office.shelf
    assert shelf is not None
    return [path for path in shelf.arriving.parent.rglob("*") if path.is_file()]


async def test_a_file_of_every_kind_comes_back_as_it_went(house: House) -> None:
    number = (await house.file())["number"]
    for name, content, served_as in GOOD.values():
        answer = await put(house, "enterprise", number, content, name=name, stated="", note="说明")
        assert answer.status_code == 201, answer.text
        told = answer.json()
        digest = hashlib.sha256(content).hexdigest()
        assert (told["name"], told["size"], told["sha256"], told["type"]) == (name, len(content), digest, served_as)
        assert (told["purpose"], told["note"], told["scan"]) == ("evidence", "说明", "unscanned")
        path = f"/appeals/{number}/attachments/{told['id']}"
        assert answer.headers["location"] == f"/api/v1{path}"
        down = await house.ask("leader", "GET", path)
        assert (down.status_code, down.content, down.headers["content-type"]) == (200, content, served_as)


async def test_the_history_tells_of_a_file_by_name_size_and_digest(house: House) -> None:
    number = (await house.file())["number"]
    before = (await house.read(number))["version"]
    answer = await put(house, "enterprise", number)
    event = (await house.items(f"/appeals/{number}/timeline"))[-1]
    assert (event["action"], event["announces"], event["actor_name"]) == ("attach", "appeal.attached", "enterprise")
    told = {name: answer.json()[name] for name in ("name", "size", "sha256", "purpose")}
    assert event["payload"] == {"attachment_id": answer.json()["id"], **told}
    assert answer.headers["etag"] == f'"{before + 1}"'
    assert (await house.read(number))["version"] == before + 1
    assert [one["id"] for one in await house.items(f"/appeals/{number}/attachments")] == [answer.json()["id"]]


async def test_both_sides_attach_while_the_appeal_is_open_and_nobody_afterwards(house: House) -> None:
    number, _ = await house.assigned()
    for who in ("enterprise", "clerk", "dispatcher", "officer", "head"):
        assert (await put(house, who, number)).status_code == 201, who
    assert (await put(house, "reviewer", number)).json()["type"] == "/problems/role-not-allowed"
    assert (await put(house, "officer", number, purpose="supplement")).status_code == 422
    assert (await put(house, "enterprise", number, purpose="reply")).status_code == 422
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})
    for who in ("enterprise", "officer"):
        assert (await put(house, who, number)).json()["type"] == "/problems/action-not-possible", who


async def test_a_department_that_has_handed_the_appeal_back_attaches_no_more(house: House) -> None:
    number, assignment = await house.assigned()
    body = {"department": "finance", "reason": "改由财政局承办。"}
    await house.do("dispatcher", f"/assignments/{assignment}/transfer", body)
    assert (await put(house, "officer", number)).status_code in (403, 404)
    assert (await put(house, "officer_other", number)).status_code == 201


# Deleting ------------------------------------------------------------------------------------------------------------


async def test_an_uploader_takes_back_what_nobody_has_relied_on(house: House) -> None:
    number = (await house.file())["number"]
    path = await attached(house, "enterprise", number)
    assert len(files(house)) == 1
    answer = await house.ask("enterprise", "DELETE", path)
    assert (answer.status_code, answer.json()["deleted_at"] is not None) == (200, True)
    assert files(house) == []
    for method in ("GET", "DELETE"):
        again = await house.ask("enterprise", method, path)
        assert (again.status_code, again.json()["type"]) == (410, "/problems/attachment-deleted")
    (tombstone,) = await house.items(f"/appeals/{number}/attachments")
    assert (tombstone["name"], tombstone["deleted_at"] is not None) == ("凭证017.pdf", True)
    assert [one["action"] for one in await house.items(f"/appeals/{number}/timeline")] == ["file", "attach", "detach"]


async def test_nobody_else_deletes_and_nothing_that_was_used_is_deleted(house: House) -> None:
    number = (await house.file())["number"]
    path = await attached(house, "enterprise", number)
    for who in ("clerk", "dispatcher"):
        assert (await house.ask(who, "DELETE", path)).json()["type"] == "/problems/not-the-uploader", who
    assert (await house.ask("supervisor", "DELETE", path)).status_code == 403
    await house.ask("enterprise", "GET", path)
    await house.ask("clerk", "HEAD", path)
    untouched = await attached(house, "enterprise", number)
    await house.ask("dispatcher", "GET", path)
    refused = await house.ask("enterprise", "DELETE", path)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/relied-on")
    await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD})
    refused = await house.ask("enterprise", "DELETE", untouched)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/action-not-possible")
    assert len(files(house)) == 2


async def test_of_two_deletions_one_counts(house: House) -> None:
    number = (await house.file())["number"]
    path = await attached(house, "enterprise", number)
    answers = await asyncio.gather(*(house.ask("enterprise", "DELETE", path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]
    assert [one["action"] for one in await house.items(f"/appeals/{number}/timeline")] == ["file", "attach", "detach"]


# Confidence ----------------------------------------------------------------------------------------------------------

NAME = "葛店enterprise公司营业执照.pdf"


async def confidential(house: House) -> tuple[str, str, str]:
    """File in confidence against `finance` with one file, and assign; return number, path, lead assignment."""
    number = (await house.file(confidential=True, accused_department="finance"))["number"]
    path = await attached(house, "enterprise", number, name=NAME)
    case = await house.do("dispatcher", f"/appeals/{number}/assignment", {"lead": LEAD, "supports": ["finance"]})
    return number, path, lead_of(case)


async def reading(house: House, who: str, number: str, path: str) -> tuple[int, int, bool]:
    """Return how downloading is answered, how many files are listed, and whether the history tells the name."""
    down = await house.ask(who, "GET", path)
    listed = await house.items(f"/appeals/{number}/attachments", who)
    history = (await house.ask(who, "GET", f"/appeals/{number}/timeline")).text
    assert ("营业执照" in down.headers.get("content-disposition", "") + down.text) is False
    return down.status_code, len(listed), NAME in history


async def test_a_department_gets_the_filers_papers_when_they_are_released_the_accused_one_never(house: House) -> None:
    number, path, _ = await confidential(house)
    for who in ("officer", "head", "officer_other", "head_other"):
        assert await reading(house, who, number, path) == (404, 0, False), who
    assert (await reading(house, "leader", number, path))[0::2] == (200, False), "the history holds no such name"
    (known,) = await house.items(f"/appeals/{number}/attachments", "leader")
    assert known["name"] == NAME
    for who in ("officer", "clerk", "supervisor", "enterprise"):
        assert (await house.ask(who, "POST", f"{path}/release", version="*")).status_code in (403, 404), who
    assert (await house.ask("dispatcher", "POST", f"{path}/release")).status_code == 428
    released = await house.do("dispatcher", f"{path}/release")
    assert released["released_at"] is not None
    await house.refuse("dispatcher", f"{path}/release", status=409, code="already-released")
    for who in ("officer", "head"):
        assert (await reading(house, who, number, path))[:2] == (200, 1), who
        (shown,) = await house.items(f"/appeals/{number}/attachments", who)
        assert (shown["name"], shown["uploader_name"], shown["note"]) == ("附件.pdf", "（已保密）", "")
        assert "enterprise" not in (await house.ask(who, "GET", path)).headers["content-disposition"]
    for who in ("officer_other", "head_other"):
        assert (await reading(house, who, number, path))[:2] == (404, 0), who
    assert NAME not in str(await house.rows("SELECT payload::text FROM outbox"))
    event = (await house.items(f"/appeals/{number}/timeline"))[-1]
    assert (event["action"], event["announces"]) == ("release_attachment", "appeal.attachment_released")


async def test_a_clerks_upload_for_a_confidential_filer_is_hidden_too(house: House) -> None:
    number, _, _ = await confidential(house)
    path = await attached(house, "clerk", number, name=NAME)
    assert await reading(house, "officer", number, path) == (404, 0, False)


async def test_where_nobody_filed_in_confidence_there_is_nothing_to_release(house: House) -> None:
    number, _ = await house.assigned()
    path = await attached(house, "enterprise", number)
    assert (await house.ask("officer", "GET", path)).status_code == 200
    await house.refuse("dispatcher", f"{path}/release", status=409, code="not-confidential")


async def test_a_file_of_a_reply_reaches_the_enterprise_with_the_reply(house: House) -> None:
    number, assignment = await house.assigned()
    evidence = await attached(house, "officer", number)
    path = await attached(house, "officer", number, purpose="reply")
    assert (await house.ask("enterprise", "GET", evidence)).status_code == 200
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    reply = (await house.do("officer", f"/assignments/{assignment}/replies", SUBSTANTIVE))["reply_id"]
    await house.do("head", f"/replies/{reply}/approval")
    assert (await house.ask("enterprise", "GET", path)).status_code == 404
    assert (await house.ask("reviewer", "GET", path)).status_code == 200
    await house.do("reviewer", f"/appeals/{number}/review", {"verdict": "pass"})
    assert (await house.ask("enterprise", "GET", path)).status_code == 200


async def test_a_file_belongs_to_its_appeal_only(house: House) -> None:
    one, other = (await house.file())["number"], (await house.file())["number"]
    path = await attached(house, "enterprise", one)
    for method in ("GET", "HEAD", "DELETE"):
        elsewhere = path.replace(one, other)
        assert (await house.ask("enterprise", method, elsewhere)).status_code == 404, method
