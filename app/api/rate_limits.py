"""How often somebody may ask: counted in a moving minute, in the memory of this process alone.

Several web processes count apart, so that together they allow as many times more; what counts across a whole
deployment belongs to the gateway in front of it. A request is counted before anything is looked up in the database.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem
from app.api.rate_limits_addresses import Networks, address_of

MOST_COUNTED: Final = 50_000
MOST_RECOGNISED: Final = 20_000
EXEMPT: Final = "/api/v1/health"
BY_TOKEN: Final = "/api/v1/ratings/"
NOT_SIGNED_IN: Final = 401
TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a minute: of one who is signed in, of one address unsigned, and of its failed attempts to sign in."""

    principal: int = 600
    address: int = 120
    attempts: int = 20


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as far as it can be known without the database; `guessing` if a right is yet to be proved."""

    address: str
    credential: bytes | None
    principal: str | None
    by_token: bool
    posts: bool

    @property
    def is_guessing(self) -> bool:
        """Whether the request brings a credential that has admitted nobody, or signs in by its body."""
        return self.principal is None and (self.credential is not None or self.posts)


class BoundedWindows(MemoryStorage):
    """The library's storage with as many counters as fit: the one longest unused goes first.

    The library's own keeps a counter for every key it has ever seen and walks through all of them a hundred times a
    second. `read_seconds` never goes back.
    """

    STORAGE_SCHEME = ["bounded-memory"]

    def __init__(self, *, most: int = MOST_COUNTED, read_seconds: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._most = most
        self._read_seconds = read_seconds
        self._windows: OrderedDict[str, list[float]] = OrderedDict()

    def __len__(self) -> int:
        """How many counters there are."""
        return len(self._windows)

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count once more unless `limit` was reached within the last `expiry` seconds."""
        now = self._read_seconds()
        window = self._windows.setdefault(key, [])
        self._windows.move_to_end(key)
        if len(self._windows) > self._most:
            self._windows.popitem(last=False)
        while window and window[0] <= now - expiry:
            window.pop(0)
        if len(window) + amount > limit:
            return False
        window.extend([now] * amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest that counts was counted, and how many count."""
        now = self._read_seconds()
        counted = [at for at in self._windows.get(key, ()) if at > now - expiry][-limit:]
        return (counted[0] if counted else now), len(counted)


class RateLimits:
    """Answers 429 to who asks too often; health is asked without limit."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        rates: Rates,
        trusted_proxies: Networks = (),
        read_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._trusted = trusted_proxies
        self._read_seconds = read_seconds
        self._limiter = MovingWindowRateLimiter(BoundedWindows(read_seconds=read_seconds))
        self._principal, self._address, self._attempts, self._tokens = (
            RateLimitItemPerMinute(amount, namespace=name)
            for name, amount in (
                ("principal", rates.principal),
                ("address", rates.address),
                ("attempt", rates.attempts),
                ("token", rates.attempts),
            )
        )
        self._recognised: OrderedDict[bytes, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request and hand it on, or refuse it."""
        if scope["type"] != "http" or scope["path"] == EXEMPT:
            await self._app(scope, receive, send)
            return
        caller = self._caller(scope)
        exceeded = self._exceeded(caller)
        if exceeded is None:
            await self._watched(caller, scope, receive, send)
        else:
            await self._refusal(*exceeded)(scope, receive, send)

    def _caller(self, scope: Scope) -> Caller:
        credential = next((value for name, value in scope["headers"] if name == b"authorization"), None)
        digest = None if credential is None else blake2b(credential, digest_size=16).digest()
        return Caller(
            address=address_of(scope, self._trusted),
            credential=digest,
            principal=None if digest is None else self._recognised.get(digest),
            by_token=scope["path"].startswith(BY_TOKEN),
            posts=scope["method"] == "POST",
        )

    def _exceeded(self, caller: Caller) -> tuple[RateLimitItem, str] | None:
        """Return the limit that is exceeded and whose; otherwise the request is counted."""
        if caller.is_guessing and not self._limiter.test(self._attempts, caller.address):
            return self._attempts, caller.address
        if caller.by_token and not self._limiter.hit(self._tokens, caller.address):
            return self._tokens, caller.address
        whose = caller.principal or caller.address
        counted = self._address if caller.principal is None else self._principal
        return None if self._limiter.hit(counted, whose) else (counted, whose)

    async def _watched(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on and learn from its answer whether the credential admits anybody."""
        status = 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        state: dict[str, Any] = scope.setdefault("state", {})
        await self._app(scope, receive, send_noted)
        if caller.credential is not None and (actor := state.get("actor")) is not None:
            self._recognise(caller.credential, str(actor.id))
        elif status == NOT_SIGNED_IN and (caller.credential is not None or caller.posts):
            self._recognised.pop(caller.credential or b"", None)
            self._limiter.hit(self._attempts, caller.address)

    def _recognise(self, credential: bytes, account: str) -> None:
        self._recognised[credential] = account
        self._recognised.move_to_end(credential)
        if len(self._recognised) > MOST_RECOGNISED:
            self._recognised.popitem(last=False)

    def _refusal(self, limit: RateLimitItem, whose: str) -> ASGIApp:
        free_at = self._limiter.get_window_stats(limit, whose).reset_time
        seconds = max(1, math.ceil(free_at - self._read_seconds()))
        detail = f"请求过于频繁，请在{seconds}秒后重试。"
        return problem(TOO_MANY, "rate-limited", "请求过于频繁", detail, headers={"Retry-After": str(seconds)})
