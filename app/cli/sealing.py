"""The notary that the settings name."""

from app.config import Settings
from app.gateways.signing_key import load_or_make_key
from app.services.anchors import Notary


def notary_of(settings: Settings) -> Notary:
    """Return what anchors are made with; the key is made on first use."""
    return Notary(load_or_make_key(settings.anchor_key_file), settings.anchor_digest)
