"""The digest that chains the history: the same content always digests alike, and any other content does not."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from app.domain.appeal import AppealStatus
from app.domain.timeline import CHAINED, ERASED, WORDS, chain_digest, event_digest, plain, words_digest
from tests.domain.cases import APPEAL, SOMEBODY, at, day

CONTENT: dict[str, Any] = {
    "appeal_id": APPEAL,
    "sequence": 2,
    "action": "assign",
    "actor_id": SOMEBODY,
    "actor_name": "某人",
    "actor_roles": "dispatcher",
    "from_status": AppealStatus.RECEIVED,
    "to_status": AppealStatus.ASSIGNED,
    "at": at("2026-03-02 09:30"),
    "reason": "按归口",
    "payload": {"lead": "economy", "supports": ["finance"]},
}
OTHER: dict[str, Any] = {
    "appeal_id": SOMEBODY,
    "sequence": 3,
    "action": "regrade",
    "actor_id": APPEAL,
    "actor_name": "某 人",
    "actor_roles": "dispatcher,reviewer",
    "from_status": None,
    "to_status": AppealStatus.CLOSED,
    "at": at("2026-03-02 09:30:00.000001"),
    "reason": "",
    "payload": {"lead": "economy", "supports": []},
}


def test_the_digest_is_sha256_over_the_one_before_and_canonical_json() -> None:
    written = '{"a":"2026-03-02T01:30:00+00:00","b":"受理","c":[1,null]}'
    digest = hashlib.sha256(f"前\n{written}".encode()).hexdigest()
    assert chain_digest("前", {"c": [1, None], "b": "受理", "a": at("2026-03-02 09:30")}) == digest


@pytest.mark.parametrize("name", CONTENT)
def test_another_value_of_any_field_gives_another_digest(name: str) -> None:
    assert chain_digest("", CONTENT | {name: OTHER[name]}) != chain_digest("", CONTENT)


@pytest.mark.parametrize("name", CONTENT)
def test_a_field_that_is_left_out_gives_another_digest(name: str) -> None:
    rest = {key: value for key, value in CONTENT.items() if key != name}
    assert chain_digest("", rest) != chain_digest("", CONTENT)


def test_another_event_before_gives_another_digest() -> None:
    assert len({chain_digest(before, CONTENT) for before in ("", "0", chain_digest("", CONTENT))}) == 3


def test_order_of_fields_and_time_zone_do_not_matter() -> None:
    elsewhere = CONTENT["at"].astimezone(timezone(timedelta(hours=-5)))
    turned = dict(reversed(list((CONTENT | {"at": elsewhere}).items())))
    assert chain_digest("", turned) == chain_digest("", CONTENT)


def test_content_digests_alike_before_it_is_stored_and_after_it_was_read_back() -> None:
    read_back = CONTENT | {
        "appeal_id": str(APPEAL),
        "from_status": "received",
        "at": datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    }
    assert chain_digest("", read_back) == chain_digest("", CONTENT)


def test_a_payload_is_plain_before_it_is_digested() -> None:
    payload = {"at": at("2026-03-02 09:30"), "on": day("2026-03-02"), "id": APPEAL, "list": ("一", None, True)}
    made_plain = plain(payload)
    assert made_plain == {
        "at": "2026-03-02T01:30:00+00:00",
        "on": "2026-03-02",
        "id": "00000000-0000-0000-0000-000000000001",
        "list": ["一", None, True],
    }
    assert plain(made_plain) == made_plain
    assert chain_digest("", {"payload": payload}) == chain_digest("", {"payload": made_plain})


def worded(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event as it is written now."""
    written = event | {"announces": "appeal.assigned", "recorded_at": event["at"]}
    return written | {"words_digest": words_digest(written)}


@pytest.mark.parametrize("name", CHAINED[:-1])
def test_another_value_of_any_fact_gives_an_event_another_digest(name: str) -> None:
    other = OTHER | {"announces": "appeal.closed", "recorded_at": OTHER["at"]}
    changed = worded(CONTENT) | {name: other[name]}
    assert event_digest("", changed) != event_digest("", worded(CONTENT))


@pytest.mark.parametrize("name", WORDS)
def test_other_words_have_another_digest_and_erased_ones_leave_the_chain_whole(name: str) -> None:
    assert words_digest(CONTENT | {name: OTHER[name]}) != words_digest(CONTENT)
    assert event_digest("", worded(CONTENT) | ERASED) == event_digest("", worded(CONTENT))


def test_an_event_without_a_digest_of_its_words_is_digested_as_formerly() -> None:
    assert event_digest("前", CONTENT) == chain_digest("前", CONTENT)
    assert event_digest("前", worded(CONTENT) | {"words_digest": None}) == chain_digest("前", CONTENT)
