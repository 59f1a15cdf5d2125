"""Every operation has one scope, and no key goes beyond its own."""

from typing import Any

import pytest

from app.api.needed_scopes import NEEDED_SCOPES
from app.domain.credential import require_scope
from app.domain.errors import NotAllowed
from app.domain.key_scope import KeyScope
from app.domain.roles import Role
from app.services.accounts import NewAccount
from tests.api.promises import UNKNOWN, operations, send
from tests.house import JURISDICTION, House

OFFICE_ROLES = frozenset({Role.CLERK, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR, Role.LEADER})


async def admit(house: House, *scopes: KeyScope) -> str:
    """Admit somebody of many roles whose key is good for some things only."""
    who = "-".join(scopes) or "nothing"
    account = NewAccount(who, OFFICE_ROLES, (JURISDICTION,), key_scopes=frozenset(scopes))
    await house.admit(who, account)
    return who


async def refused(house: House, who: str) -> set[str]:
    """Return the operations that a key is not good for."""
    found = set()
    for one in await operations(house):
        answer = await send(house, who, one, UNKNOWN | {"jurisdiction": "gedian"}) if not one.is_open else None
        if answer is not None and answer.status_code == 403 and answer.json()["type"] == "/problems/scope-missing":
            found.add(one.name)
    return found


async def test_the_table_holds_every_operation_that_needs_a_credential_and_no_other(house: House) -> None:
    everything = await operations(house)
    assert set(NEEDED_SCOPES) == {one.name for one in everything if not one.is_open}
    assert [name for name, scope in NEEDED_SCOPES.items() if scope is None] == [
        "read_me", "change_password", "close_session"
    ]  # fmt: skip
    changing = {one.name for one in everything if one.method != "GET" and not one.is_open}
    assert {name for name in changing if NEEDED_SCOPES[name] is KeyScope.READ} == set()


async def test_a_key_is_good_for_its_scopes_and_nothing_else(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for scopes in [(), *((scope,) for scope in KeyScope)]:
        who = await admit(house, *scopes)
        expected = {name for name, scope in NEEDED_SCOPES.items() if scope not in (None, *scopes)}
        assert await refused(house, who) == expected, who
    for edge in ("dependencies", "opening"):
        monkeypatch.setattr(f"app.api.{edge}.require_scope_of", lambda *_: None)
    assert await refused(house, "nothing") == set(), "without the fence a key for nothing does everything"


async def test_an_operation_that_is_not_in_the_table_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer: dict[str, Any] = {name: scope for name, scope in NEEDED_SCOPES.items() if name != "list_appeals"}
    monkeypatch.setattr("app.api.needed_scopes.NEEDED_SCOPES", fewer)
    await house.refuse("leader", "/appeals", status=403, code="scope-unknown", method="GET")


def test_an_actor_without_a_credential_has_no_scope() -> None:
    for scope in KeyScope:
        with pytest.raises(NotAllowed):
            require_scope(_plain(), scope)


def _plain() -> Any:
    return object()
