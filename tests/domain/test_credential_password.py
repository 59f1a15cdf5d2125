"""Passwords, logins, and how long guessing takes."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.credential_password import (
    COMMONEST,
    SHORTEST,
    Failures,
    address_group,
    after_attempt,
    checked_login,
    normal_password,
    refuse_weak,
)
from app.domain.errors import Invalid

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "password",
    ["", "kT9#mQ2!vX7", "k" * 129, "password1234", "PASSWORD1234", "Password1234!", "administrator1", "woaini1314520",
     "zhang.san-2026-x", "ZHANG.SAN-2026-x", "ｚｈａｎｇ．ｓａｎ-2026", "abababababab", "            "],
)  # fmt: skip
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        refuse_weak(password, login="zhang.san")
    assert [fault.field for fault in refusal.value.faults] == ["new"]
    assert not password.strip() or password not in refusal.value.message + refusal.value.faults[0].reason


@pytest.mark.parametrize(
    "password",
    ["kT9#mQ2!vX7w", "三月的江水向东流啊流去大海", "correct horse battery staple", "x7" * 3 + "Q" * 61 + "ab9"],
)
def test_a_long_password_is_taken_whatever_it_is_made_of(password: str) -> None:
    refuse_weak(password, login="zhang.san")


def test_the_common_ones_are_those_that_the_length_lets_through() -> None:
    assert len(COMMONEST) >= 40
    assert [one for one in COMMONEST if len(one) < SHORTEST] == []


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    assert normal_password("e\u0301") == normal_password("\u00e9")


def test_logins_are_compared_without_case() -> None:
    assert checked_login(" Zhang.San ") == "zhang.san"
    for login in ("ab", ".ab", "a b c", "张三", "a" * 65, "a\0b", ""):
        with pytest.raises(Invalid):
            checked_login(login)


def test_three_attempts_are_free_and_each_further_one_costs_twice_the_wait_up_to_a_quarter_of_an_hour() -> None:
    failures, waits, now = None, [], NOW
    for _ in range(15):
        failures = after_attempt(failures, now)
        waits.append(int((failures.blocked_until - now).total_seconds()))
        assert failures.is_blocked(failures.blocked_until) is False
        now = failures.blocked_until
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_what_was_tried_a_day_ago_is_forgotten() -> None:
    many = Failures(30, NOW, NOW + timedelta(minutes=15))
    assert after_attempt(many, NOW + timedelta(hours=24)).failures == 1
    assert after_attempt(many, NOW + timedelta(hours=24, microseconds=-1)).failures == 31
    assert after_attempt(Failures(10_000, NOW, NOW), NOW).blocked_until == NOW + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("address", "group"),
    [("10.0.0.7", "10.0.0.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::ffff:10.0.0.7", "10.0.0.7"),
     ("fe80::1%eth0", "fe80::/64"), ("", ""), ("testclient", "testclient")],
)  # fmt: skip
def test_an_ipv6_subscriber_is_its_network(address: str, group: str) -> None:
    assert address_group(address) == group
