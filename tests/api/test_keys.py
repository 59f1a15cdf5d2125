"""One's own keys: made, used, rotated, revoked; shown once and never kept."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.api.upkeep import note_once
from app.domain.credential import Means
from app.services.accounts import Doorkeeper
from app.services.office import Office
from app.storage import make_engine
from tests.house import MONDAY, House

ALL = ["read", "file", "move", "manage"]


def doorkeeper(house: House) -> Doorkeeper:
    """Return the doorkeeper of the house."""
    transport: Any = house.client._transport
    found: Doorkeeper = transport.app.state.doorkeeper
    return found


async def make(house: House, who: str = "clerk", *, scopes: list[str] | None = None, **more: Any) -> dict[str, Any]:
    """Make another key and keep it under its label."""
    made = await house.do(who, "/keys", {"label": "对接", "scopes": scopes or ALL, **more})
    house.keys[made["id"]] = made["key"]
    return made


async def works(house: House, key: str) -> bool:
    """Tell whether a key still signs in."""
    return (await house.ask(key, "GET", "/appeals")).status_code == 200


async def test_a_new_key_signs_in_as_its_owner_and_is_listed_without_itself(house: House) -> None:
    house.pass_time(seconds=1)
    made = await make(house)
    assert made["key"].startswith(made["prefix"])
    assert len(made["prefix"]) == 9
    assert await works(house, made["id"])
    answer = await house.ask("clerk", "GET", "/keys")
    assert made["key"] not in answer.text
    assert [one["label"] for one in answer.json()["items"]] == ["对接", "first"]


async def test_nobody_sees_or_ends_the_keys_of_another(house: House) -> None:
    made = await make(house)
    assert made["id"] not in [one["id"] for one in await house.items("/keys", "dispatcher")]
    for path in (f"/keys/{made['id']}", "/keys/019abc00-0000-7000-8000-00000000dead"):
        await house.refuse("dispatcher", path, status=404, code="not-found", method="DELETE")
    await house.refuse("dispatcher", f"/keys/{made['id']}/rotation", {}, status=404, code="not-found")
    assert await works(house, made["id"])


async def test_a_revoked_key_is_dead_within_five_seconds_and_for_good(house: House) -> None:
    made = await make(house)
    assert await works(house, made["id"])
    answer = await house.ask("clerk", "DELETE", f"/keys/{made['id']}")
    assert answer.json()["revoked_at"] is not None
    house.pass_time(seconds=5, microseconds=1)
    assert not await works(house, made["id"])
    assert await works(house, "clerk")
    assert (await house.ask("clerk", "DELETE", f"/keys/{made['id']}")).json() == answer.json()


async def test_a_rotation_gives_a_new_key_at_once_and_the_old_one_dies_after_the_overlap(house: House) -> None:
    old = await make(house, scopes=["read"], expires_at="2026-06-02T09:30:00+08:00")
    new = await house.do("clerk", f"/keys/{old['id']}/rotation", {"overlap_hours": 2})
    house.keys["new"] = new["key"]
    assert (new["label"], new["scopes"]) == (old["label"], old["scopes"])
    house.pass_time(hours=2, microseconds=-1)
    assert [await works(house, key) for key in (old["id"], "new")] == [True, True]
    house.pass_time(seconds=6)
    assert [await works(house, key) for key in (old["id"], "new")] == [False, True]
    assert new["expires_at"] == "2026-06-02T01:30:00Z"


async def test_what_is_rotated_or_dead_is_not_rotated(house: House) -> None:
    made = await make(house)
    for hours in (-1, 169, "2", 1.5):
        body = {"overlap_hours": hours}
        await house.refuse("clerk", f"/keys/{made['id']}/rotation", body, status=422, code="invalid")
    await house.do("clerk", f"/keys/{made['id']}/rotation", {})
    await house.refuse("clerk", f"/keys/{made['id']}/rotation", {}, status=409, code="key-rotated")
    await house.ask("clerk", "DELETE", f"/keys/{made['id']}")
    await house.refuse("clerk", f"/keys/{made['id']}/rotation", {}, status=409, code="key-dead")


async def test_no_key_makes_or_rotates_one_that_can_do_more(house: House) -> None:
    strong = await make(house)
    weak = await make(house, scopes=["manage"])
    body = {"label": "更多", "scopes": ["manage", "read"]}
    await house.refuse(weak["id"], "/keys", body, status=403, code="scope-beyond-own")
    await house.refuse(weak["id"], f"/keys/{strong['id']}/rotation", {}, status=403, code="scope-beyond-own")
    assert await works(house, strong["id"])


async def test_a_key_ends_by_itself_and_keys_are_not_hoarded(house: House) -> None:
    made = await make(house, expires_at="2026-03-02T11:30:00+08:00")
    house.pass_time(hours=2, microseconds=-1)
    assert await works(house, made["id"])
    house.pass_time(seconds=6)
    assert not await works(house, made["id"])
    for _ in range(19):
        await make(house)
    await house.refuse("clerk", "/keys", {"label": "再来", "scopes": ["read"]}, status=409, code="too-many-keys")


async def test_a_repeated_request_makes_no_second_key_and_shows_no_key_again(house: House) -> None:
    headers = {"Idempotency-Key": "k-1"}
    body = {"label": "对接", "scopes": ["read"]}
    first = await house.ask("clerk", "POST", "/keys", body, headers=headers)
    again = await house.ask("clerk", "POST", "/keys", body, headers=headers)
    assert (first.status_code, first.headers["cache-control"]) == (201, "no-store")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/shown-once")
    (stored,) = await house.rows("SELECT body FROM idempotency")
    assert first.json()["key"] not in stored["body"]
    assert len(await house.items("/keys", "clerk")) == 2


async def test_the_last_use_is_noted_without_a_statement_in_any_request(house: House) -> None:
    made = await make(house)
    await works(house, made["id"])
    house.pass_time(minutes=3)
    await works(house, made["id"])
    assert [one["last_used_at"] for one in await house.items("/keys", "clerk")] == [None, None]
    await note_once(house.office, doorkeeper(house))
    noted = {one["id"]: one["last_used_at"] for one in await house.items("/keys", "clerk")}
    assert noted[made["id"]] == "2026-03-02T01:33:00Z"
    doorkeeper(house).uses = {(Means.KEY, UUID(made["id"])): house.now - timedelta(minutes=2)}
    await note_once(house.office, doorkeeper(house))
    again = {one["id"]: one["last_used_at"] for one in await house.items("/keys", "clerk")}
    assert again[made["id"]] == noted[made["id"]], "an older note changes nothing"


async def test_notes_wait_while_the_database_is_away() -> None:
    uses = {(Means.KEY, UUID(int=1)): MONDAY}
    noting = Doorkeeper(uses=dict(uses))
    office = Office(make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing"))
    await note_once(office, noting)
    assert noting.uses == uses
