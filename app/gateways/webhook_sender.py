"""Brings signed messages to the addresses of subscribers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.delivery import Outcome
from app.gateways.egress import Answer, Egress
from app.gateways.egress_failures import EgressBlocked, EgressFailed

EXCERPT_BYTES: Final = 2_048
BLOCKED: Final = "blocked"
"""The kind of failure of an address that may not be reached; nothing of it is shown."""


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """Sends through the one way out of the service."""

    egress: Egress

    async def send(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send a message and return what came of it; never an exception."""
        try:
            answer = await self.egress.send("POST", url, headers, body)
        except EgressBlocked:
            return Outcome(failure=BLOCKED)
        except EgressFailed as error:
            return Outcome(failure=error.kind, milliseconds=round(self.egress.total * 1_000))
        return _outcome(answer)


def _outcome(answer: Answer) -> Outcome:
    redirected = 300 <= answer.status < 400
    return Outcome(
        status=answer.status,
        failure="redirect" if redirected else None,
        retry_after=answer.headers.get("retry-after"),
        excerpt=_readable(answer.excerpt[:EXCERPT_BYTES]),
        milliseconds=answer.milliseconds,
    )


def _readable(excerpt: bytes) -> str:
    """Return the beginning of an answer as text that every database column takes."""
    return "".join(one if one.isprintable() else " " for one in excerpt.decode("utf-8", "replace"))
