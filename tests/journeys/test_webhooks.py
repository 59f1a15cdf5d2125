"""Announcements reach those who subscribed: once each, in order, signed, and nobody who may not read them."""

import json
from typing import Any

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from app.domain.delivery import ATTEMPTS, DELAYS, Outcome
from app.services.announcing import announce
from app.services.delivering import LEASE
from app.services.retention import Schedule, erase_expired
from app.storage.changes import Changes
from tests.house import LEAD, OTHER, House, lead_of
from tests.mailbox import TAKEN, Letter, Mailbox, deliver, posted, subscribed

DOWN, GONE = Outcome(status=503, excerpt="维护中"), Outcome(status=410)
WANTED = {"label": "办件系统", "url": "https://oa.example.gov.cn/hook"}


def types(mailbox: Mailbox) -> list[str]:
    return [json.loads(one.body)["type"] for one in mailbox.letters if not one.id.startswith("ping")]


async def state(house: House, who: str, path: str) -> dict[str, Any]:
    return dict((await house.ask(who, "GET", path)).json())


async def test_a_department_is_told_of_its_appeals_in_order_and_can_verify_it(house: House) -> None:
    mailbox = posted(house)
    path, secret = await subscribed(house, "officer")
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    assert await deliver(house) == 3
    told = [one.read(secret) for one in mailbox.letters[1:]]
    assert [one["type"] for one in told] == ["appeal.received", "appeal.assigned", "appeal.contacted"]
    assert [one["sequence"] for one in told] == [1, 2, 3]
    assert (told[1]["version"], told[1]["data"]["number"], told[1]["data"]["lead"]) == (1, number, LEAD)
    assert await deliver(house) == 0, "once each"
    deliveries = await house.items(f"{path}/deliveries", "officer")
    assert sorted((one["number"], one["sequence"], one["state"]) for one in deliveries) == [
        (number, 1, "delivered"),
        (number, 2, "delivered"),
        (number, 3, "delivered"),
    ]
    assert [one["status"] for one in await house.items(f"{path}/attempts", "officer")] == [204] * 4
    changed = Letter(mailbox.letters[1].url, mailbox.letters[1].headers, mailbox.letters[1].body + b" ")
    with pytest.raises(WebhookVerificationError):
        changed.read(secret)


async def test_before_a_test_message_has_arrived_nothing_is_sent_and_nothing_lost(house: House) -> None:
    mailbox = posted(house)
    mailbox.answer = lambda _: DOWN
    path = f"/subscriptions/{(await house.do('enterprise', '/subscriptions', WANTED))['id']}"
    await house.file()
    assert await deliver(house) == 0
    assert (await house.do("enterprise", f"{path}/pings"))["arrived"] is False
    assert await deliver(house) == 0
    mailbox.answer = lambda _: TAKEN
    assert (await house.do("enterprise", f"{path}/pings"))["arrived"] is True
    assert await deliver(house) == 1
    assert types(mailbox) == ["appeal.received"]


async def test_what_fails_is_tried_again_with_the_same_id_and_bytes_and_holds_back_its_own_appeal_only(
    house: House,
) -> None:
    mailbox = posted(house)
    await subscribed(house, "enterprise")
    sick, well = (await house.file())["number"], (await house.file())["number"]
    mailbox.answer = lambda letter: DOWN if sick in letter.body.decode() else TAKEN
    await house.do("enterprise", f"/appeals/{sick}/withdrawal", {"reason": "已解决。"})
    await house.do("enterprise", f"/appeals/{well}/withdrawal", {"reason": "已解决。"})
    assert await deliver(house) == 3
    assert [one for one in types(mailbox)].count("appeal.withdrawn") == 1, "the sick one's second waits for its first"
    for delay in DELAYS[:3]:
        house.now += delay / 2
        assert await deliver(house) == 0
        house.now += delay / 2
        assert await deliver(house) == 1
    mailbox.answer = lambda _: TAKEN
    house.now += DELAYS[3]
    assert await deliver(house) == 2
    tries = [one for one in mailbox.letters if sick in one.body.decode() and b"received" in one.body]
    assert (len(tries), len({one.id for one in tries}), len({one.body for one in tries})) == (5, 1, 1)
    assert len({one.headers["webhook-timestamp"] for one in tries}) == 5, "a fresh instant each time"
    assert types(mailbox)[-1] == "appeal.withdrawn"


async def test_after_ten_attempts_it_is_given_up_kept_and_sent_again_by_one_call(house: House) -> None:
    mailbox = posted(house)
    path, _ = await subscribed(house, "enterprise", event_types=["appeal.received"])
    await house.file()
    # Something else succeeds now and then, or the address would be parked before.
    mailbox.answer = lambda letter: TAKEN if letter.id.startswith("msg_") and b"000002" in letter.body else DOWN
    for number, delay in enumerate((*DELAYS, DELAYS[0])):
        assert await deliver(house) == 1, number
        await house.rows("UPDATE subscription SET failing_since = NULL")
        house.now += delay
    assert await deliver(house) == 0
    (dead,) = await house.items(f"{path}/deliveries?state=dead", "enterprise")
    assert (dead["attempts"], dead["ended_at"] is None) == (ATTEMPTS, False)
    await house.refuse("rival", f"{path}/redeliveries", {}, status=404, code="not-found", version=None)
    mailbox.answer = lambda _: TAKEN
    assert await house.do("enterprise", f"{path}/redeliveries", {}) == {"count": 1}
    assert await deliver(house) == 1
    assert await house.do("enterprise", f"{path}/redeliveries", {"since": "2026-03-01T00:00:00+08:00"}) == {"count": 1}
    for odd in ("0001-01-01T00:00:00+14:00", "2026-03-01T00:00:00", 7):
        body = {"since": odd}
        await house.refuse("enterprise", f"{path}/redeliveries", body, status=422, code="invalid", version=None)
    again = {"delivery_id": dead["id"]}
    await house.refuse("enterprise", f"{path}/redeliveries", again, status=404, code="not-found", version=None)
    assert await deliver(house) == 1


async def test_whoever_answers_gone_is_disabled_and_loses_nothing(house: House) -> None:
    mailbox = posted(house)
    path, _ = await subscribed(house, "enterprise")
    await house.file()
    mailbox.answer = lambda _: GONE
    assert await deliver(house) == 1
    shown = await state(house, "enterprise", path)
    assert (shown["state"], "410" in shown["state_reason"]) == ("disabled", True)
    house.pass_time(days=30)
    assert await deliver(house) == 0
    mailbox.answer = lambda _: TAKEN
    await house.do("enterprise", f"{path}/resumption")
    assert await deliver(house) == 1


async def test_an_address_that_fails_for_days_is_parked_with_all_that_waits(house: House) -> None:
    mailbox = posted(house)
    path, _ = await subscribed(house, "enterprise")
    mailbox.answer = lambda _: DOWN
    await house.file()
    for delay in DELAYS[:8]:
        await deliver(house)
        house.now += delay
    await deliver(house)
    assert (await state(house, "enterprise", path))["state"] == "parked"
    await house.file()
    house.pass_time(days=9)
    assert await deliver(house) == 0
    mailbox.answer = lambda _: TAKEN
    await house.do("enterprise", f"{path}/resumption")
    assert await deliver(house) == 2


async def test_a_receiver_may_ask_for_patience_within_bounds(house: House) -> None:
    mailbox = posted(house)
    await subscribed(house, "enterprise")
    mailbox.answer = lambda _: Outcome(status=429, retry_after="3600")
    await house.file()
    assert await deliver(house) == 1
    house.pass_time(minutes=59)
    assert await deliver(house) == 0
    house.pass_time(minutes=1)
    assert await deliver(house) == 1


async def test_two_secrets_sign_while_one_is_replaced(house: House) -> None:
    mailbox = posted(house)
    path, old = await subscribed(house, "enterprise")
    new = (await house.do("enterprise", f"{path}/secret", {"overlap_hours": 24}))["secret"]
    await house.file()
    await deliver(house)
    assert [mailbox.letters[-1].read(one)["type"] for one in (old, new)] == ["appeal.received"] * 2
    house.pass_time(hours=25)
    await house.file()
    await deliver(house)
    assert mailbox.letters[-1].read(new)["type"] == "appeal.received"
    with pytest.raises(WebhookVerificationError):
        mailbox.letters[-1].read(old)
    assert old.encode() not in str(await house.rows("SELECT * FROM subscription")).encode()


async def test_nobody_is_told_of_what_is_not_within_reach(house: House) -> None:
    mailbox = posted(house)
    for who in ("rival", "officer_other", "foreign_dispatcher", "hotline"):
        await subscribed(house, who, url=f"https://{who.replace('_', '-')}.example.gov.cn/")
    await house.assigned()
    assert await deliver(house) == 0
    await house.file("hotline", enterprise_name="葛店某公司", external_number="WO-1")
    assert await deliver(house) == 1
    assert mailbox.letters[-1].url == "https://hotline.example.gov.cn/"


async def test_a_transfer_away_ends_it_also_for_what_waits(house: House) -> None:
    mailbox = posted(house)
    path, _ = await subscribed(house, "officer")
    number, _ = await house.assigned()
    await announce(house.office, now=house.now)
    path_of_assignment = f"/assignments/{lead_of(await house.read(number))}/transfer"
    case = await house.do("dispatcher", path_of_assignment, {"department": OTHER, "reason": "职责调整。"})
    assert case["lead_department"] == OTHER
    assert await deliver(house) == 0
    assert types(mailbox) == []
    states = await house.rows("SELECT state FROM delivery")
    assert {one["state"] for one in states} == {"skipped"}
    assert await house.items(f"{path}/deliveries", "officer") == []


async def test_of_who_filed_in_confidence_only_facts_are_told(house: House) -> None:
    mailbox = posted(house)
    await subscribed(house, "officer")
    secretly = {"confidential": True, "accused_department": "finance", "external_number": "7"}
    filed = await house.file(title="宏泰光电的补贴", **secretly)
    order = {"lead": LEAD, "opinion": "请联系宏泰光电"}
    await house.do("dispatcher", f"/appeals/{filed['number']}/assignment", order)
    assert await deliver(house) == 2
    said = json.loads(mailbox.letters[-1].body)["data"]
    assert set(said) == {"number", "external_number", "jurisdiction", "status", "hold", "due_at"}
    assert (said["external_number"], "宏泰" in str(said)) == (None, False)


async def test_a_subscription_is_its_owners_alone(house: House) -> None:
    posted(house)
    path, _ = await subscribed(house, "enterprise")
    unknown = "/subscriptions/00000000-0000-0000-0000-000000000007"
    asked = (
        ("GET", "", None), ("PUT", "", WANTED), ("DELETE", "", None), ("POST", "/pause", None),
        ("POST", "/resumption", None), ("POST", "/secret", {}), ("POST", "/pings", None),
        ("GET", "/deliveries", None), ("GET", "/attempts", None), ("POST", "/redeliveries", {}),
    )  # fmt: skip
    for who in ("rival", "leader", "administrator", "officer"):
        for method, tail, body in asked:
            foreign, nothing = [await house.ask(who, method, f"{one}{tail}", body) for one in (path, unknown)]
            assert (foreign.status_code, foreign.content) == (404, nothing.content), (who, method, tail)
    for who in ("administrator", "auditor"):
        await house.refuse(who, "/subscriptions", WANTED, status=403, code="role-not-allowed", version=None)


@pytest.mark.parametrize(
    "url",
    [
        "http://oa.example.gov.cn/", "https://127.0.0.1/", "https://2130706433/", "https://localhost/",
        "https://169.254.169.254/latest", "https://[::ffff:127.0.0.1]/", "https://10.1.2.3/", "https://a:b@oa.example.cn/",
        "ftp://oa.example.gov.cn/", "https://oa.example.gov.cn:22/", "https://oa.example.gov.cn./", "",
    ],
)  # fmt: skip
async def test_an_address_that_may_not_be_reached_is_refused(house: House, url: str) -> None:
    body = {**WANTED, "url": url}
    problem = await house.refuse(
        "enterprise", "/subscriptions", body, status=422, code="endpoint-url-rejected", version=None
    )
    assert problem["faults"][0]["field"] == "url"
    assert await house.items("/subscriptions", "enterprise") == []


async def test_a_subscription_is_changed_paused_resumed_and_deleted(house: House) -> None:
    mailbox = posted(house)
    path, _ = await subscribed(house, "enterprise")
    await house.refuse("enterprise", f"{path}/resumption", status=409, code="not-paused", version=None)
    assert (await house.do("enterprise", f"{path}/pause"))["state"] == "paused"
    await house.refuse("enterprise", f"{path}/pause", status=409, code="not-active", version=None)
    await house.file()
    assert await deliver(house) == 0
    await house.do("enterprise", f"{path}/resumption")
    assert await deliver(house) == 1
    narrow = {**WANTED, "event_types": ["appeal.withdrawn"], "scope": {"categories": ["03"]}}
    changed = await house.ask("enterprise", "PUT", path, narrow)
    assert (changed.status_code, changed.json()["state"]) == (200, "active"), "the address is the same"
    number = (await house.file())["number"]
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})
    assert await deliver(house) == 0, "another category"
    moved = await house.ask("enterprise", "PUT", path, {**WANTED, "url": "https://new.example.gov.cn/"})
    assert moved.json()["state"] == "unproven"
    odd = {**WANTED, "event_types": ["appeal.exploded"]}
    assert (await house.ask("enterprise", "PUT", path, odd)).status_code == 422
    assert (await house.ask("enterprise", "DELETE", path)).json() == {"items": []}
    await house.file()
    assert await deliver(house) == 0
    assert len(mailbox.letters) == 2


async def test_an_erased_appeal_takes_its_messages_with_it(house: House) -> None:
    posted(house)
    await subscribed(house, "enterprise")
    number = (await house.file(title="宏泰的补贴"))["number"]
    await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})
    await deliver(house)
    assert "宏泰" in str(await house.rows("SELECT body FROM delivery"))
    house.pass_time(days=11 * 366)
    assert await erase_expired(house.office, Schedule(10), now=house.now) == 1
    assert "宏泰" not in str(await house.rows("SELECT body FROM delivery"))


class DeadError(BaseException):
    """The process ends here; nothing catches it."""


async def test_what_a_dead_worker_had_in_hand_is_sent_by_another_with_the_same_id_and_bytes(house: House) -> None:
    mailbox = posted(house)
    await subscribed(house, "enterprise")
    numbers = [(await house.file())["number"] for _ in range(3)]
    for number in numbers:
        await house.do("enterprise", f"/appeals/{number}/withdrawal", {"reason": "已解决。"})

    def die(letter: Letter) -> Outcome:
        raise DeadError

    mailbox.answer = die
    with pytest.raises(DeadError):
        await deliver(house)
    first = {one.id: one.body for one in mailbox.letters if one.id.startswith("msg_")}
    mailbox.answer = lambda _: TAKEN
    assert await deliver(house) == 0, "it is still leased"
    house.now += LEASE
    assert await deliver(house) == 6
    taken = [one for one in mailbox.letters if one.id.startswith("msg_")][len(first) :]
    assert {one.id: one.body for one in taken if one.id in first} == first
    for number in numbers:
        told = [json.loads(one.body) for one in taken if number in one.body.decode()]
        assert [one["sequence"] for one in told] == [1, 2]


async def test_an_announcement_that_is_written_apart_from_its_change_can_get_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who writes announcements after the commit, and dies between, has nothing left to send."""
    mailbox = posted(house)
    await subscribed(house, "enterprise")
    later: list[dict[str, object]] = []
    insert = Changes.insert

    def note(self: Changes, table: str, values: dict[str, object]) -> None:
        if table == "outbox":
            later.append(values)
        else:
            insert(self, table, values)

    with monkeypatch.context() as patched:
        patched.setattr(Changes, "insert", note)
        await house.file()
    assert (len(later), await deliver(house), types(mailbox)) == (1, 0, [])
    await house.file()
    assert await deliver(house) == 1, "with its change it is not lost"
