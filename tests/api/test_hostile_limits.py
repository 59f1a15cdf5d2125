"""Rate limits: who is counted under what, when it is too much, and that counting costs and keeps little."""

import tracemalloc
from collections.abc import AsyncIterator
from ipaddress import ip_network

import httpx
import pytest

from app.api.hardening import Edge
from app.api.rate_limits import MOST_COUNTED, BoundedWindows, Rates
from app.api.rate_limits_addresses import address_of
from app.config import Settings
from app.main import edge_of
from tests.api.edges import entrance
from tests.api.test_hostile_gates import refused
from tests.api.test_statement_counts import statements
from tests.house import House

FEW = Edge(rates=Rates(principal=5, address=3, attempts=2))
PROXIES = (ip_network("10.0.0.0/8"),)


@pytest.fixture
async def limited(house: House) -> AsyncIterator[House]:
    """The house with few requests a minute."""
    async with entrance(house, FEW) as reached:
        yield reached


async def codes(house: House, times: int, who: str | None, path: str = "/policies", **headers: str) -> list[int]:
    """Ask the same several times and return the statuses."""
    return [(await house.ask(who, "GET", path, headers=headers)).status_code for _ in range(times)]


async def test_an_address_is_limited_and_told_when_to_come_again(limited: House) -> None:
    assert await codes(limited, 3, None) == [200] * 3
    with statements(limited) as sent:
        answer = await limited.ask(None, "GET", "/policies")
    problem = refused(answer, 429, "rate-limited")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.headers["retry-after"] in problem["detail"]
    assert sent == [], "nothing is looked up for it"


async def test_who_is_signed_in_is_counted_by_himself(limited: House) -> None:
    # The first request of a key is counted by its address, for nobody knows yet whom it admits.
    assert await codes(limited, 7, "leader", "/appeals") == [200] * 6 + [429]
    assert await codes(limited, 1, "reviewer", "/appeals") == [200]
    assert await codes(limited, 1, None) == [200]
    assert await codes(limited, 1, None) == [429]


async def test_somebody_known_goes_on_where_the_address_is_used_up(limited: House) -> None:
    assert await codes(limited, 1, "leader", "/appeals") == [200]
    assert await codes(limited, 3, None) == [200, 200, 429]
    assert await codes(limited, 2, "leader", "/appeals") == [200] * 2


async def test_failed_attempts_are_limited_below_the_requests_of_an_address(limited: House) -> None:
    limited.keys["guess"] = "bh_" + "x" * 43
    assert await codes(limited, 3, "guess", "/appeals") == [401, 401, 429]
    limited.keys["guess"] = "bh_" + "y" * 43
    assert await codes(limited, 1, "guess", "/appeals") == [429], "another guess from there is one more"
    assert await codes(limited, 1, None) == [200]


async def test_open_operations_do_not_make_a_made_up_key_known(limited: House) -> None:
    limited.keys["made up"] = "bh_" + "x" * 43
    assert await codes(limited, 4, "made up") == [200] * 3 + [429]


async def test_a_revoked_key_is_no_longer_known(limited: House) -> None:
    assert await codes(limited, 1, "leader", "/appeals") == [200]
    async with limited.office.work() as work:
        work.changes.update(
            "api_key",
            (
                await limited.rows(
                    "SELECT k.id FROM api_key k JOIN account a ON a.id = account_id WHERE name = 'leader'"
                )
            )[0]["id"],
            {"revoked_at": limited.now},
        )
    limited.pass_time(seconds=6)
    async with entrance(limited, FEW) as later:
        assert await codes(later, 3, "leader", "/appeals") == [401, 401, 429]


async def test_rating_links_cannot_be_tried_one_after_another(limited: House) -> None:
    async def rate(token: str) -> int:
        return (await limited.ask(None, "POST", f"/ratings/{token}", {"solved": True, "satisfied": True})).status_code

    assert [await rate(f"{number}" * 43) for number in range(4)] == [404, 404, 429, 429]


async def test_health_is_asked_without_limit(limited: House) -> None:
    assert await codes(limited, 10, None, "/health") == [200] * 10


async def test_without_rates_nobody_is_limited(house: House) -> None:
    assert await codes(house, 20, None) == [200] * 20


# Whose address it is -------------------------------------------------------------------------------------------------


async def test_only_a_trusted_proxy_is_believed(house: House) -> None:
    edge = Edge(rates=Rates(principal=9, address=1, attempts=9), trusted_proxies=PROXIES)
    async with entrance(house, edge, address="192.0.2.7") as direct:
        stated = [await codes(direct, 1, None, **{"X-Forwarded-For": f"198.51.100.{number}"}) for number in range(3)]
        assert stated == [[200], [429], [429]]
    async with entrance(house, edge, address="10.1.2.3") as proxied:
        stated = [await codes(proxied, 1, None, **{"X-Forwarded-For": f"198.51.100.{number}"}) for number in range(3)]
        assert stated == [[200], [200], [200]]


async def test_no_header_says_who_somebody_is(house: House) -> None:
    names = ("X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Real-IP", "Forwarded", "X-Account", "X-User-Id")
    async with entrance(house, Edge(trusted_proxies=PROXIES), address="10.1.2.3") as proxied:
        for name in names:
            assert await codes(proxied, 1, None, "/appeals", **{name: "leader"}) == [401], name


@pytest.mark.parametrize(
    ("peer", "stated", "counted"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "nonsense, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.9.9.9", "10.9.9.9"),
        ("10.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "", "192.0.2.7"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("", "198.51.100.1", "-"),
    ],
)
def test_an_address_is_read_back_to_the_first_stranger(peer: str, stated: str, counted: str) -> None:
    scope = {"client": (peer, 1), "headers": [(b"x-forwarded-for", stated.encode("latin-1"))]}
    assert address_of(scope, PROXIES) == counted


def test_a_socket_without_an_address_is_counted_as_one() -> None:
    assert address_of({"client": None, "headers": []}, PROXIES) == "-"


def test_settings_say_how_the_service_may_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = edge_of(Settings())
    assert usual == Edge(rates=Rates(principal=600, address=120, attempts=20))
    for name, value in (("TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::/32"), ("BEHIND_TLS", "true"), ("RATE_LIMITS", "0")):
        monkeypatch.setenv(f"BIHUAN_{name}", value)
    changed = edge_of(Settings())
    assert (changed.rates, changed.behind_tls) == (None, True)
    assert list(map(str, changed.trusted_proxies)) == ["10.0.0.0/8", "2001:db8::/32"]


# The window, and what it costs ---------------------------------------------------------------------------------------


class Seconds:
    """A clock to move."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def read(self) -> float:
        return self.now


def test_the_window_moves() -> None:
    seconds = Seconds()
    windows = BoundedWindows(read_seconds=seconds.read)
    taken = []
    for second in range(0, 121, 10):
        seconds.now = 1_000.0 + second
        taken.append(windows.acquire_entry("a", 3, 60))
    assert taken == [True] * 3 + [False] * 3 + [True] * 3 + [False] * 3 + [True]
    assert windows.get_moving_window("a", 3, 60) == (1_070.0, 3)


def test_what_is_refused_is_not_counted() -> None:
    seconds = Seconds()
    windows = BoundedWindows(read_seconds=seconds.read)
    assert [windows.acquire_entry("a", 1, 60) for _ in range(100)] == [True] + [False] * 99
    seconds.now += 60
    assert windows.acquire_entry("a", 1, 60)


def test_any_number_of_addresses_takes_bounded_memory() -> None:
    windows = BoundedWindows()
    tracemalloc.start()
    for number in range(200_000):
        windows.acquire_entry(f"LIMITER/address/{number}", 120, 60)
    first, _ = tracemalloc.get_traced_memory()
    for number in range(200_000, 300_000):
        windows.acquire_entry(f"LIMITER/address/{number}", 120, 60)
    last, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(windows) == MOST_COUNTED
    assert last < 1.2 * first
    assert last < 40_000_000


async def test_a_head_that_is_refused_is_counted_too(limited: House) -> None:
    answers: list[httpx.Response] = [await limited.ask(None, "GET", "/policies/%00") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [400] * 3 + [429]
