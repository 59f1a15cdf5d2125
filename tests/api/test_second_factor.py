"""The second factor: each code once, recovery codes for a lost device, and nothing readable at rest."""

import asyncio
from datetime import timedelta

import pyotp

from app.gateways.keyring import SealCipher, new_key, new_keyring, no_keyring
from app.gateways.sealing import Sealer
from app.services.resealing import reseal
from app.storage.queries.sealed import sealed_by_key
from tests.house import House
from tests.people import PASSWORD, person, sign_in, try_to_sign_in


async def enabled(house: House) -> tuple[pyotp.TOTP, list[str]]:
    """Let the clerk enable a second factor; return it with the recovery codes."""
    await person(house)
    begun = await house.do("clerk-session", "/me/second-factor")
    totp = pyotp.parse_uri(begun["uri"])
    assert isinstance(totp, pyotp.TOTP)
    assert (totp.secret, totp.issuer, totp.name) == (begun["secret"], "闭环", "clerk.li")
    confirmed = await house.do("clerk-session", "/me/second-factor/confirmation", {"code": totp.at(house.now)})
    return totp, confirmed["recovery_codes"]


async def code_works(house: House, code: str) -> bool:
    """Tell whether a code signs in; what was tried in vain before does not matter."""
    async with house.office.work() as work:
        await work.connection.exec_driver_sql("DELETE FROM sign_in_failure")
    return (await try_to_sign_in(house, "clerk.li", PASSWORD, code)).status_code == 201


async def test_a_code_is_good_once_and_one_step_early_or_late(house: House) -> None:
    totp, _ = await enabled(house)
    assert not await code_works(house, totp.at(house.now)), "it was used to enable"
    assert not await code_works(house, "")
    assert not await code_works(house, "000000x")
    house.pass_time(minutes=5)
    codes = {step: totp.at(house.now + timedelta(seconds=30 * step)) for step in (-2, -1, 0, 1, 2)}
    assert [await code_works(house, codes[step]) for step in (-2, 2)] == [False, False]
    assert [await code_works(house, codes[step]) for step in (-1, 0, 0, 1, 1, 0)] == [
        True,
        True,
        False,
        True,
        False,
        False,
    ]


async def test_a_recovery_code_is_good_once_however_it_is_typed(house: House) -> None:
    _, codes = await enabled(house)
    assert len(set(codes)) == 10
    assert await code_works(house, codes[0])
    assert not await code_works(house, codes[0])
    other = new_keyring(now=house.now)
    assert await code_works(house, codes[1].lower().replace("-", " "))
    house.office.seals = Sealer(lambda: other)
    assert await code_works(house, codes[2]), "also where the key is gone"


async def test_a_rotation_seals_it_anew_and_codes_go_on_working(house: House) -> None:
    first = new_keyring(now=house.now)
    house.office.seals = Sealer(lambda: first)
    totp, _ = await enabled(house)
    fresh = new_key(SealCipher.SM4, now=house.now)
    rotated = first.with_key(fresh).using(fresh.id, now=house.now)
    house.office.seals = Sealer(lambda: rotated)
    assert (await reseal(house.office)).resealed == 1
    async with house.office.look() as work:
        assert await sealed_by_key(work.connection) == {fresh.id: 1}
    alone = rotated.without(frozenset({first.active}))
    house.office.seals = Sealer(lambda: alone)
    house.pass_time(minutes=5)
    assert await code_works(house, totp.at(house.now))
    house.office.seals = Sealer(lambda: first)
    house.pass_time(minutes=5)
    assert not await code_works(house, totp.at(house.now)), "the old key opens it no more"


async def test_the_same_code_at_once_signs_in_once(house: House) -> None:
    totp, _ = await enabled(house)
    house.pass_time(minutes=5)
    code = totp.at(house.now)
    answers = await asyncio.gather(*(try_to_sign_in(house, "clerk.li", PASSWORD, code) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]


async def test_it_is_begun_confirmed_and_removed_in_turn(house: House) -> None:
    await person(house)
    confirm, begin, remove = (f"/me/second-factor{tail}" for tail in ("/confirmation", "", "/removal"))
    await house.refuse("clerk-session", confirm, {"code": "123456"}, status=409, code="no-pending-factor")
    right = {"password": PASSWORD, "code": "123456"}
    await house.refuse("clerk-session", remove, right, status=409, code="second-factor-disabled")
    totp = pyotp.TOTP((await house.do("clerk-session", begin))["secret"])
    await sign_in(house, "clerk", PASSWORD, key="not yet")
    await house.refuse("clerk-session", confirm, {"code": "1234567"}, status=422, code="wrong-code")
    await house.do("clerk-session", confirm, {"code": totp.at(house.now)})
    await house.refuse("clerk-session", begin, status=409, code="second-factor-enabled")
    house.pass_time(minutes=1)
    code = totp.at(house.now)
    for wrong in ({"password": "no", "code": code}, {"password": PASSWORD, "code": "no"}):
        await house.refuse("clerk-session", remove, wrong, status=403, code="wrong-password")
    await house.do("clerk-session", remove, {"password": PASSWORD, "code": code})
    await sign_in(house, "clerk", PASSWORD, key="again")
    house.office.seals = Sealer(no_keyring)
    await house.refuse("clerk-session", begin, status=409, code="no-keyring")


async def test_nothing_that_signs_in_is_readable_in_the_database(house: House) -> None:
    totp, codes = await enabled(house)
    house.pass_time(minutes=5)
    body = {"login": "clerk.li", "password": PASSWORD, "code": totp.at(house.now)}
    headers = {"Idempotency-Key": "once"}
    token = (await house.ask(None, "POST", "/sessions", body, headers=headers)).json()["token"]
    house.keys["session"] = token
    change = {"current": PASSWORD, "new": PASSWORD + "！"}
    assert (await house.ask("session", "PUT", "/me/password", change, headers=headers)).status_code == 200
    made = await house.ask("session", "POST", "/keys", {"label": "x", "scopes": ["read"]}, headers=headers)
    tables = [
        row["tablename"] for row in await house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    assert {"credential", "session", "api_key", "idempotency"} <= set(tables)
    held = "".join([str(await house.rows(f"SELECT t::text AS held FROM {table} t")) for table in tables])
    assert "clerk.li" in held
    secrets = [PASSWORD, totp.secret, token, made.json()["key"], *codes]
    assert [secret for secret in secrets if secret in held] == []
