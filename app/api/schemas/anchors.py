"""Anchors, for whoever keeps a copy."""

from collections.abc import Sequence
from datetime import date

from app.api.schemas.base import Instant, Output, example
from app.domain.anchor import Algorithm, Anchor
from app.gateways.signing_key import public_pem

_DIGEST = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"


class AnchorOut(Output):
    """The seal over one office day: what it counts, its digest over the day and the anchor before, its signature."""

    day: date
    appeals: int
    events: int
    accesses: int
    acts: int
    previous_digest: str
    content_digest: str
    digest: str
    algorithm: Algorithm
    signature: str
    key_id: str
    recorded_at: Instant


class PublicKeyOut(Output):
    """One key that has signed anchors."""

    key_id: str
    pem: str


class AnchorsOut(Output):
    """One page of anchors, newest first, with the public keys that they were signed with."""

    model_config = example(
        items=[
            {
                "day": "2026-11-16",
                "appeals": 12,
                "events": 57,
                "accesses": 3,
                "acts": 1,
                "previous_digest": _DIGEST,
                "content_digest": _DIGEST,
                "digest": _DIGEST,
                "algorithm": "sha256",
                "signature": "QtT2fP3o…",
                "key_id": "a3f1c2d4e5b60718",
                "recorded_at": "2026-11-16T17:07:00Z",
            }
        ],
        keys=[{"key_id": "a3f1c2d4e5b60718", "pem": "-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n"}],
        next="2026-11-16",
    )

    items: list[AnchorOut]
    keys: list[PublicKeyOut]
    next: date | None


def anchors_out(anchors: Sequence[Anchor], following: date | None) -> AnchorsOut:
    """Return a page of anchors with their keys."""
    keys = {anchor.key_id: anchor.public_key for anchor in anchors}
    return AnchorsOut(
        items=[AnchorOut.model_validate(anchor, from_attributes=True) for anchor in anchors],
        keys=[PublicKeyOut(key_id=name, pem=pem) for name, key in keys.items() if (pem := public_pem(key))],
        next=following,
    )
