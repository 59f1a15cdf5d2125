"""Every way of tampering with one history is found, and named as far as digests can tell."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.history import FAULT_NAMES, ChainEnd, FaultKind, verify_history
from app.domain.retention import ERASE
from app.domain.timeline import ERASED, event_digest, words_digest
from tests.domain.cases import APPEAL, SOMEBODY, at

Event = dict[str, Any]
STATUSES = ("received", "assigned", "assigned", "resolved", "reviewed", "closed")
FILED = at("2026-03-02 09:30")


def life(length: int = 6, *, formerly: int = 0) -> tuple[list[Event], ChainEnd]:
    """Return a history, its first events as they were written formerly, and what the appeal says of its end."""
    events: list[Event] = []
    for place in range(length):
        event = {
            "appeal_id": APPEAL,
            "sequence": place + 1,
            "action": f"act_{place}",
            "announces": f"appeal.act_{place}",
            "actor_id": SOMEBODY,
            "actor_name": "某人",
            "actor_roles": "clerk",
            "from_status": STATUSES[place - 1] if place else None,
            "to_status": STATUSES[place],
            "at": FILED + timedelta(hours=place),
            "recorded_at": FILED + timedelta(hours=place),
            "reason": f"理由{place}",
            "payload": {"place": place},
        }
        event["words_digest"] = None if place < formerly else words_digest(event)
        events.append(event)
    chain(events)
    return events, ChainEnd(length, events[-1]["digest"], events[-1]["to_status"])


def chain(events: list[Event], start: int = 0) -> None:
    """Chain events anew, from one of them on."""
    for place in range(start, len(events)):
        before = events[place - 1]["digest"] if place else ""
        events[place]["digest"] = event_digest(before, events[place])


def found(events: list[Event], end: ChainEnd) -> list[tuple[str, int | None]]:
    return [(fault.kind, fault.sequence) for fault in verify_history(events, end)]


@pytest.mark.parametrize("formerly", [0, 3, 6])
def test_a_history_that_nobody_touched_has_no_fault(formerly: int) -> None:
    assert found(*life(formerly=formerly)) == []


EDITS: dict[str, Any] = {
    "appeal_id": UUID(int=9), "action": "x", "announces": "x", "actor_id": UUID(int=9), "actor_name": "x",
    "actor_roles": "x", "at": FILED, "recorded_at": FILED - timedelta(days=1), "words_digest": "x",
}  # fmt: skip


@pytest.mark.parametrize("column", EDITS)
def test_an_edited_fact_is_found_where_it_is(column: str) -> None:
    events, end = life()
    events[2][column] = EDITS[column]
    assert ("edited", 3) in found(events, end)


@pytest.mark.parametrize(("column", "value"), [("reason", "别的"), ("payload", {"place": 3})])
@pytest.mark.parametrize("formerly", [0, 6])
def test_edited_words_are_found_where_they_are(column: str, value: object, formerly: int) -> None:
    events, end = life(formerly=formerly)
    events[2][column] = value
    assert found(events, end) == [("edited", 3)]


def test_a_digest_of_words_that_is_taken_away_is_found() -> None:
    events, end = life()
    events[3]["words_digest"] = None
    chain(events, 3)
    assert ("edited", 4) in found(events, ChainEnd(6, events[-1]["digest"], end.status))


def test_a_changed_digest_is_found() -> None:
    events, end = life()
    events[2]["digest"] = "0" * 64
    assert ("edited", 3) in found(events, end)


@pytest.mark.parametrize(("gone", "sentence"), [((2,), "缺少第3条"), ((2, 3), "缺少第3至4条（共2条）")])
def test_what_is_missing_is_named(gone: tuple[int, ...], sentence: str) -> None:
    events, end = life()
    faults = verify_history([event for place, event in enumerate(events) if place not in gone], end)
    assert [fault.sentence for fault in faults if fault.kind is FaultKind.MISSING] == [sentence]
    assert {fault.kind for fault in faults} <= {FaultKind.MISSING, FaultKind.STATUS}


def test_a_first_event_that_is_missing_is_named() -> None:
    events, end = life()
    assert ("missing", 1) in found(events[1:], end)


@pytest.mark.parametrize("left", [0, 1, 5])
def test_a_tail_that_was_cut_is_found(left: int) -> None:
    events, end = life()
    assert found(events[:left], end) == [("cut_tail", left + 1)]


def test_an_event_too_many_is_found_at_a_place_taken_twice_and_beyond_the_end() -> None:
    events, end = life()
    assert ("inserted", 4) in found([*events[:4], dict(events[3]), *events[4:]], end)
    more, _ = life()
    more.append({**more[5], "sequence": 7, "from_status": "closed"})
    chain(more, 6)
    assert found(more, end) == [("inserted", 7)]


@pytest.mark.parametrize("digests_go_along", [True, False])
@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 2), (1, 4), (4, 5), (0, 5)])
def test_two_events_in_each_others_place_are_named(one: int, other: int, digests_go_along: bool) -> None:
    events, end = life()
    left = ("sequence",) if digests_go_along else ("sequence", "digest")
    first, second = dict(events[one]), dict(events[other])
    events[one] = second | {name: first[name] for name in left}
    events[other] = first | {name: second[name] for name in left}
    kinds = found(events, end)
    assert ("swapped", one + 1) in kinds
    assert "edited" not in {kind for kind, _ in kinds}


@pytest.mark.parametrize("place", range(6))
def test_a_history_chained_anew_to_its_end_does_not_fit_the_head(place: int) -> None:
    events, end = life()
    events[place]["actor_name"] = "别人"
    chain(events, place)
    assert found(events, end) == [("head", 6)]


def test_with_the_head_mended_too_nothing_is_left_to_see_here() -> None:
    """The limit of what a history can show by itself: anchors are for that."""
    events, end = life()
    events[2]["actor_name"] = "别人"
    chain(events, 2)
    assert found(events, ChainEnd(6, events[-1]["digest"], end.status)) == []


def test_statuses_that_do_not_follow_from_each_other_are_found_even_with_good_digests() -> None:
    events, end = life()
    events[3]["from_status"] = "reviewed"
    chain(events, 3)
    assert found(events, ChainEnd(6, events[-1]["digest"], end.status)) == [("status", 4)]


def test_an_appeal_that_stands_elsewhere_than_its_history_is_found() -> None:
    events, end = life()
    assert found(events, ChainEnd(6, end.chain_head, "assigned")) == [("status", 6)]


def test_erased_words_are_no_fault_before_the_event_that_says_so_and_one_elsewhere() -> None:
    events, end = life()
    erased = [event | ERASED for event in events]
    assert found(erased, end) == [("edited", place) for place in range(1, 7)]
    events[4]["action"] = ERASE
    chain(events, 4)
    end = ChainEnd(6, events[-1]["digest"], end.status)
    assert found([event | ERASED for event in events[:4]] + events[4:], end) == []
    assert found([event | ERASED for event in events], end) == [("edited", 5), ("edited", 6)], "what says so itself"
    assert found([events[0] | ERASED | {"reason": "x"}, *events[1:]], end) == [("edited", 1)]


def test_every_kind_of_fault_has_a_chinese_name() -> None:
    assert set(FAULT_NAMES) == set(FaultKind)
