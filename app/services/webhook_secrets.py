"""The secrets that messages to and from others are signed with: sealed at rest, two at once while one is replaced."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.domain.sealing import Seals
from app.domain.webhook_signature import sign

AGENT: Final = "Bihuan-Webhooks/1"
PLACE: Final = "subscription:{}"
"""What a subscription's secrets are sealed for."""


def sealed_secret(seals: Seals, secret: str, owner_id: UUID, place: str = PLACE) -> str:
    """Return a secret as it is stored."""
    return base64.b64encode(seals.seal(secret.encode(), place.format(owner_id))).decode()


def secrets_of(seals: Seals, row: Mapping[str, Any], now: datetime, place: str = PLACE) -> Sequence[str]:
    """Return the secrets that count now, the newest first; raise `SealBroken`."""
    stored = [row["secret_sealed"]]
    if row["former_sealed"] is not None and row["former_until"] > now:
        stored.append(row["former_sealed"])
    return [seals.open(base64.b64decode(one), place.format(row["id"])).decode() for one in stored]


def signed_headers(secrets: Sequence[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a message that is sent at an instant: one signature for each secret that counts."""
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(sign(secret, message_id, at, body) for secret in secrets),
    }
