"""A receiver of announcements in memory: keeps what arrives, and answers as it is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from standardwebhooks.webhooks import Webhook

from app.domain.delivery import Outcome
from app.services.announcing import announce
from app.services.delivering import Post, drain, subscriptions_due
from tests.house import House
from tests.people import application

TAKEN = Outcome(status=204)


@dataclass(frozen=True)
class Letter:
    """One message as it arrived."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Its id, the same at every attempt."""
        return self.headers["webhook-id"]

    def read(self, secret: str) -> dict[str, Any]:
        """Verify it with somebody else's program at the instant of sending, and return what it says."""
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        with patch("standardwebhooks.webhooks.datetime") as clock:
            clock.now.return_value, clock.fromtimestamp = at, datetime.fromtimestamp
            found: dict[str, Any] = Webhook(secret).verify(self.body, dict(self.headers))
        return found


@dataclass
class Mailbox:
    """Answers what `answer` makes of each letter."""

    answer: Callable[[Letter], Outcome] = lambda _: TAKEN
    letters: list[Letter] = field(default_factory=list)

    async def send(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Take a letter."""
        letter = Letter(url, headers, body)
        self.letters.append(letter)
        return self.answer(letter)


def posted(house: House) -> Mailbox:
    """Let everything that leaves the house arrive in a mailbox."""
    mailbox = Mailbox()
    application(house).state.post = Post(house.office, mailbox, lambda: house.now, chance=lambda: 0.0)
    return mailbox


async def deliver(house: House) -> int:
    """Hand on and send what is due now; return how many attempts that took."""
    await announce(house.office, now=house.now)
    post = application(house).state.post
    return sum([await drain(post, one) for one in await subscriptions_due(house.office, now=house.now)])


async def subscribed(house: House, who: str, **wanted: Any) -> tuple[str, str]:
    """Subscribe somebody and send the test message; return path and secret."""
    body = {"label": "办件系统", "url": "https://oa.example.gov.cn/hook", **wanted}
    made = await house.do(who, "/subscriptions", body)
    path = f"/subscriptions/{made['id']}"
    assert (await house.do(who, f"{path}/pings"))["arrived"] is True
    return path, made["secret"]
