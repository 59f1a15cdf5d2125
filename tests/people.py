"""People who sign in by password: hashing made cheap, clients at other addresses."""

from typing import Any

import httpx
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.services.proving import Identity
from tests.house import House

PASSWORD = "三月的江水向东流啊流去大海"
CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


def application(house: House) -> Any:
    """Return the application of the house."""
    transport: Any = house.client._transport
    return transport.app


def identity(house: House) -> Identity:
    """Return what the house knows people by, with passwords that cost little."""
    found: Identity = application(house).state.identity
    found.passwords.hasher = CHEAP
    return found


def at_address(house: House, address: str) -> httpx.AsyncClient:
    """Return a client of the house at another address."""
    transport = httpx.ASGITransport(application(house), raise_app_exceptions=False, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://bihuan.test")


async def account_id(house: House, who: str) -> str:
    """Return the id of somebody's account."""
    (row,) = await house.rows("SELECT id FROM account WHERE name = :name", name=who)
    return str(row["id"])


async def first_password(house: House, who: str, *, login: str | None = None) -> str:
    """Let the administrator give somebody a password; return it."""
    identity(house)
    path = f"/accounts/{await account_id(house, who)}/password"
    return str((await house.do("administrator", path, {"login": login or f"{who}.li"}))["password"])


async def try_to_sign_in(
    house: House, login: str, password: str, code: str = "", *, client: httpx.AsyncClient | None = None
) -> httpx.Response:
    """Try to sign in."""
    body = {"login": login, "password": password, "code": code}
    return await (client or house.client).post("/api/v1/sessions", json=body)


async def sign_in(house: House, who: str, password: str, code: str = "", *, key: str = "") -> dict[str, Any]:
    """Sign somebody in; the token is kept under `key`, by default `who-session`."""
    answer = await try_to_sign_in(house, f"{who}.li", password, code)
    assert answer.status_code == 201, answer.text
    opened: dict[str, Any] = answer.json()
    house.keys[key or f"{who}-session"] = opened["token"]
    return opened


async def person(house: House, who: str = "clerk") -> str:
    """Give somebody a password of its own and sign in; return the key of the session."""
    first = await first_password(house, who)
    await sign_in(house, who, first)
    assert (await change(house, f"{who}-session", first, PASSWORD)).status_code == 200
    return f"{who}-session"


async def change(house: House, key: str, current: str, new: str) -> httpx.Response:
    """Change one's password."""
    return await house.ask(key, "PUT", "/me/password", {"current": current, "new": new})
