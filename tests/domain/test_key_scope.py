"""What a key may be used for, how long it lives, and how it is replaced."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import Conflict, Invalid, NotAllowed
from app.domain.key_life import end_of_overlap, expiry
from app.domain.key_scope import EVERY_SCOPE, KeyScope, checked_scopes

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
R, F, M, A = KeyScope


def test_scopes_are_written_in_one_order_and_once() -> None:
    assert checked_scopes([M, R, R], EVERY_SCOPE) == ["read", "move"]


@pytest.mark.parametrize(("asked", "own"), [([R, F], {R}), ([A], {R, F, M}), ([R], set())])
def test_a_key_never_passes_on_more_than_it_has(asked: list[KeyScope], own: set[KeyScope]) -> None:
    with pytest.raises(NotAllowed):
        checked_scopes(asked, own)
    assert checked_scopes(asked, own | set(asked))


def test_a_key_for_nothing_is_not_made() -> None:
    with pytest.raises(Invalid):
        checked_scopes([], EVERY_SCOPE)


@pytest.mark.parametrize(("asked", "ends"), [(None, 365), (timedelta(microseconds=1), 0), (timedelta(days=731), 731)])
def test_a_key_ends_after_a_year_or_when_stated(asked: timedelta | None, ends: int) -> None:
    found = expiry(None if asked is None else NOW + asked, NOW)
    assert (found - NOW).days == ends


@pytest.mark.parametrize("asked", [timedelta(0), timedelta(days=-1), timedelta(days=731, microseconds=1)])
def test_a_key_neither_ends_in_the_past_nor_lasts_for_ever(asked: timedelta) -> None:
    with pytest.raises(Invalid):
        expiry(NOW + asked, NOW)


@pytest.mark.parametrize(
    ("overlap", "ends_in", "dies_in"),
    [(24, None, 24), (0, None, 0), (168, 24 * 365, 168), (168, 5, 5)],
)
def test_a_rotated_key_dies_after_the_overlap_and_never_later_than_it_would_have(
    overlap: int, ends_in: int | None, dies_in: int
) -> None:
    expires_at = None if ends_in is None else NOW + timedelta(hours=ends_in)
    found = end_of_overlap(timedelta(hours=overlap), NOW, expires_at=expires_at, rotated_at=None)
    assert found == NOW + timedelta(hours=dies_in)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=7, microseconds=1)])
def test_an_overlap_is_at_most_seven_days(overlap: timedelta) -> None:
    with pytest.raises(Invalid):
        end_of_overlap(overlap, NOW, expires_at=None, rotated_at=None)


def test_a_key_is_rotated_once() -> None:
    with pytest.raises(Conflict):
        end_of_overlap(timedelta(0), NOW, expires_at=None, rotated_at=NOW)
