"""Signing in by password: one answer for whatever is wrong, nobody locked out by another, and ends that hold."""

import asyncio
from typing import Any

import pytest

from app.services.passwords import MOST_WAITING
from tests.house import House
from tests.people import (
    PASSWORD,
    account_id,
    at_address,
    change,
    first_password,
    identity,
    person,
    sign_in,
    try_to_sign_in,
)


def counted(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the hashes that passwords are compared with."""
    compared: list[str] = []
    passwords = identity(house).passwords
    hasher = passwords.hasher

    class Counting:
        def hash(self, password: str) -> str:
            return hasher.hash(password)

        def verify(self, password: str, stored: str) -> bool:
            compared.append(stored)
            return hasher.verify(password, stored)

    monkeypatch.setattr(passwords, "hasher", Counting())
    return compared


async def status(house: House, key: str, path: str = "/appeals") -> int:
    """Return the status that a credential gets."""
    return (await house.ask(key, "GET", path)).status_code


async def test_a_first_password_is_changed_before_anything_else(house: House) -> None:
    first = await first_password(house, "clerk")
    opened = await sign_in(house, "clerk", first)
    assert (opened["must_change_password"], opened["idle_minutes"]) == (True, 30)
    problem = await house.refuse("clerk-session", "/appeals", status=403, code="password-change-required", method="GET")
    assert "/me/password" in problem["detail"]
    told = (await house.ask("clerk-session", "GET", "/me")).json()
    assert (told["means"], told["must_change_password"], told["role_names"]) == ("session", True, ["受理员"])
    for new in ("short", "password1234", "clerk.li-2026-03", first):
        answer = await change(house, "clerk-session", first, new)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/weak-password"), new
    assert (await change(house, "clerk-session", "not it at all", PASSWORD)).status_code == 403
    await sign_in(house, "clerk", first, key="other")
    assert (await change(house, "clerk-session", first, PASSWORD)).status_code == 200
    assert await status(house, "clerk-session") == 200
    house.pass_time(seconds=6)
    assert [await status(house, key) for key in ("clerk-session", "other", "clerk")] == [200, 401, 200]
    assert (await try_to_sign_in(house, "clerk.li", first)).status_code == 401
    await sign_in(house, "clerk", PASSWORD, key="again")
    assert await status(house, "again") == 200


async def test_every_failure_is_one_401_of_the_same_bytes_and_the_same_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person(house)
    await person(house, "leader")
    await house.do("administrator", f"/accounts/{await account_id(house, 'leader')}/disablement")
    compared = counted(house, monkeypatch)
    wrong = [
        ("clerk.li", "wrong"),
        ("nobody", PASSWORD),
        ("leader.li", PASSWORD),
        ("x" * 200, "y"),
        ("张三", "x" * 200),
    ]
    answers = [await try_to_sign_in(house, *one) for one in wrong]
    assert len(compared) == len(wrong), "each was compared once, with a password or a decoy"
    assert {answer.status_code for answer in answers} == {401}
    told = [
        (answer.content, tuple(one for one in answer.headers.items() if one[0] != "x-request-id")) for answer in answers
    ]
    assert len(set(told)) == 1
    assert answers[0].json()["type"] == "/problems/sign-in-refused"
    for _ in range(9):
        answers.append(await try_to_sign_in(house, "clerk.li", "wrong"))
    assert len({answer.content for answer in answers}) == 1, "also while nothing is compared"
    for body in ({}, {"login": "a"}, {"login": "a", "password": ""}, {"login": "a", "password": "b", "admin": True}):
        refusal = await house.client.post("/api/v1/sessions", json=body)
        assert refusal.status_code == 422


async def test_guessing_waits_ever_longer_and_keeps_nobody_else_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person(house)
    compared = counted(house, monkeypatch)
    async with at_address(house, "10.9.9.9") as guesser, at_address(house, "10.1.1.1") as owner:
        for _ in range(4):
            await try_to_sign_in(house, "clerk.li", "guess", client=guesser)
        assert (await try_to_sign_in(house, "clerk.li", PASSWORD, client=guesser)).status_code == 401
        assert len(compared) == 4
        assert (await try_to_sign_in(house, "clerk.li", PASSWORD, client=owner)).status_code == 201
        house.pass_time(seconds=2)
        assert (await try_to_sign_in(house, "clerk.li", PASSWORD, client=guesser)).status_code == 201
        assert await house.rows("SELECT * FROM sign_in_failure") == []
        monkeypatch.setattr("app.services.proving.address_group", lambda _: "everybody")
        for _ in range(4):
            await try_to_sign_in(house, "clerk.li", "guess", client=guesser)
        locked = await try_to_sign_in(house, "clerk.li", PASSWORD, client=owner)
        assert locked.status_code == 401, "by login alone a guesser would keep the owner out"


async def test_guesses_at_once_are_counted_like_guesses_in_turn(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await person(house)
    compared = counted(house, monkeypatch)
    answers = await asyncio.gather(*(try_to_sign_in(house, "clerk.li", "guess") for _ in range(25)))
    assert {answer.status_code for answer in answers} == {401}
    assert len(compared) == 4


async def test_a_session_ends_when_idle_and_after_twelve_hours(house: House) -> None:
    await person(house)
    await sign_in(house, "clerk", PASSWORD, key="idle")
    house.pass_time(minutes=30, microseconds=-1)
    assert await status(house, "clerk-session") == 200
    house.pass_time(seconds=6)
    assert [await status(house, key) for key in ("clerk-session", "idle")] == [200, 401]
    for _ in range(23):
        house.pass_time(minutes=29, seconds=59)
        assert await status(house, "clerk-session") == 200
    house.pass_time(minutes=20)
    assert await status(house, "clerk-session") == 401


async def test_sessions_are_listed_and_ended_by_their_owner_alone(house: House) -> None:
    await person(house)
    await person(house, "leader")
    house.pass_time(seconds=1)
    await sign_in(house, "clerk", PASSWORD, key="second")
    listed = await house.items("/sessions", "clerk-session")
    assert [one["current"] for one in listed] == [False, True]
    second = listed[0]["id"]
    for who, one in (("leader-session", second), ("clerk-session", "019abc00-0000-7000-8000-00000000dead")):
        await house.refuse(who, f"/sessions/{one}", status=404, code="not-found", method="DELETE")
    assert (await house.ask("clerk-session", "DELETE", f"/sessions/{second}")).status_code == 200
    house.pass_time(seconds=5, microseconds=1)
    assert [await status(house, key) for key in ("second", "clerk-session")] == [401, 200]
    assert (await house.ask("clerk-session", "DELETE", "/sessions/current")).status_code == 200
    await house.do("administrator", f"/accounts/{await account_id(house, 'leader')}/credential-revocation")
    house.pass_time(seconds=6)
    assert [await status(house, key) for key in ("clerk-session", "leader-session")] == [401, 401]
    await house.refuse("clerk", "/sessions/current", status=403, code="session-required", method="DELETE")


async def test_a_key_changes_nothing_about_how_somebody_signs_in(house: House) -> None:
    await person(house)
    asked: list[tuple[str, str, Any]] = [
        ("PUT", "/me/password", {"current": PASSWORD, "new": PASSWORD + "1"}),
        ("POST", "/me/second-factor", None),
        ("POST", "/me/second-factor/confirmation", {"code": "123456"}),
        ("POST", "/me/second-factor/removal", {"password": PASSWORD, "code": "123456"}),
    ]
    for method, path, body in asked:
        await house.refuse("clerk", path, body, status=403, code="session-required", method=method)


async def test_passwords_are_given_by_administrators_to_others_who_are_no_machines(house: House) -> None:
    identity(house)
    clerk, hotline = await account_id(house, "clerk"), await account_id(house, "hotline")
    own = await account_id(house, "administrator")
    body = {"login": "someone"}
    await house.refuse("leader", f"/accounts/{clerk}/password", body, status=403, code="role-not-allowed")
    await house.refuse("administrator", f"/accounts/{own}/password", body, status=403, code="own-account")
    await house.refuse("administrator", f"/accounts/{hotline}/password", body, status=409, code="machine-account")
    await house.refuse("administrator", f"/accounts/{clerk}/password", {}, status=422, code="invalid")
    await house.refuse("administrator", f"/accounts/{clerk}/password", {"login": "a b"}, status=422, code="invalid")
    await person(house)
    taken = {"login": "CLERK.li"}
    leader = await account_id(house, "leader")
    await house.refuse("administrator", f"/accounts/{leader}/password", taken, status=409, code="login-taken")
    again = await house.do("administrator", f"/accounts/{clerk}/password", {})
    house.pass_time(seconds=6)
    assert await status(house, "clerk-session") == 401
    assert (await sign_in(house, "clerk", again["password"]))["must_change_password"] is True


async def test_whoever_would_wait_in_vain_is_told_so(house: House) -> None:
    identity(house).passwords.waiting = MOST_WAITING
    answer = await try_to_sign_in(house, "clerk.li", PASSWORD)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    identity(house).passwords.waiting = 0
    assert (await try_to_sign_in(house, "clerk.li", PASSWORD)).status_code == 401
