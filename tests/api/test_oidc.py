"""Signing in with a provider's token: it says who, our rows say what."""

from collections.abc import AsyncIterator

import pytest

from app.config import Settings
from app.domain.errors import Invalid
from app.main import make_verifier
from tests.house import House
from tests.people import account_id, application
from tests.provider import SUBJECT, Provider, provider


@pytest.fixture
async def idp(house: House) -> AsyncIterator[Provider]:
    """A provider that the house trusts."""
    async with provider() as made:
        settings = Settings(oidc_issuer=made.issuer, oidc_audience="bihuan")
        application(house).state.doorkeeper.verifier = make_verifier(settings)
        yield made


async def status(house: House, token: str, path: str = "/appeals") -> int:
    """Return the status that a token gets."""
    house.keys["token"] = token
    return (await house.ask("token", "GET", path)).status_code


async def test_a_linked_subject_signs_in_with_the_roles_of_our_rows(house: House, idp: Provider) -> None:
    clerk = await account_id(house, "clerk")
    token = idp.token(house.now, roles=["administrator"], scope="openid everything")
    assert await status(house, token) == 401
    link = {"issuer": idp.issuer, "subject": SUBJECT}
    linked = await house.do("administrator", f"/accounts/{clerk}/identities", link)
    assert await status(house, token) == 200
    told = (await house.ask("token", "GET", "/me")).json()
    assert (told["id"], told["roles"], told["means_name"]) == (clerk, ["clerk"], "统一身份认证")
    leader = await account_id(house, "leader")
    await house.refuse("administrator", f"/accounts/{leader}/identities", link, status=409, code="identity-linked")
    assert [one["id"] for one in await house.items(f"/accounts/{clerk}/identities", "auditor")] == [linked["id"]]
    await house.refuse("leader", f"/accounts/{clerk}/identities", link, status=403, code="role-not-allowed")
    path = f"/accounts/{leader}/identities/{linked['id']}"
    await house.refuse("administrator", path, status=404, code="not-found", method="DELETE")
    assert (
        await house.ask("administrator", "DELETE", f"/accounts/{clerk}/identities/{linked['id']}")
    ).status_code == 200
    house.pass_time(seconds=6)
    assert await status(house, token) == 401


async def test_a_token_ends_with_its_own_end_and_with_its_account(house: House, idp: Provider) -> None:
    clerk = await account_id(house, "clerk")
    await house.do("administrator", f"/accounts/{clerk}/identities", {"issuer": idp.issuer, "subject": SUBJECT})
    token = idp.token(house.now)
    house.pass_time(minutes=6, microseconds=-1)
    assert await status(house, token) == 200
    house.pass_time(microseconds=1)
    assert await status(house, token) == 401, "also within the five seconds of trust"
    idp.mood = "failing"
    fresh = idp.token(house.now)
    assert await status(house, fresh) == 200, "known keys go on"
    await house.do("administrator", f"/accounts/{clerk}/disablement")
    house.pass_time(seconds=6)
    assert await status(house, fresh) == 401


async def test_without_a_provider_a_token_is_an_unknown_key(house: House, idp: Provider) -> None:
    answers = [
        await house.ask("unknown", "GET", "/me") for house.keys["unknown"] in (idp.token(house.now), "a.b.c", "x")
    ]
    application(house).state.doorkeeper.verifier = None
    answers.append(await house.ask("unknown", "GET", "/me"))
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}


@pytest.mark.parametrize(
    "settings",
    [{"oidc_issuer": "https://sso.test"}, {"oidc_issuer": "http://sso.test", "oidc_audience": "x"}],
)
def test_settings_that_would_trust_too_much_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        make_verifier(Settings.model_validate(settings))


@pytest.mark.parametrize("algorithms", ["HS256", "RS256,HS256", "none", "", "RS256,", "RS256 ES256"])
def test_only_asymmetric_algorithms_can_be_chosen(algorithms: str) -> None:
    with pytest.raises(ValueError, match="oidc_algorithms"):
        Settings(oidc_algorithms=algorithms)
    assert make_verifier(Settings()) is None
