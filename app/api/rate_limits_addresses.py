"""Who a request comes from, for counting: the peer, or whom a trusted proxy names."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.types import Scope

Network = IPv4Network | IPv6Network
Networks = tuple[Network, ...]
NOWHERE: Final = "-"
"""Stands for a peer without an address, on a Unix socket."""
PREFIX_OF_ONE_SUBSCRIBER: Final = 64
REMEMBERED: Final = 16_384


def address_of(scope: Scope, trusted: Networks) -> str:
    """Return the address that a request is counted under; IPv6 by /64, for a subscriber has as many as he likes.

    X-Forwarded-For is looked at only if the peer is a trusted proxy, and only back to the first address that is none.
    """
    peer = scope["client"][0] if scope.get("client") else NOWHERE
    if not trusted or not _is_trusted(peer, trusted):
        return bucket_of(peer)
    stated = next((value for name, value in reversed(scope["headers"]) if name == b"x-forwarded-for"), b"")
    return bucket_of(_nearest_stranger(peer, bytes(stated).decode("latin-1").split(","), trusted))


@lru_cache(maxsize=REMEMBERED)
def bucket_of(host: str) -> str:
    """Return the name under which an address is counted."""
    address = _parsed(host)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, PREFIX_OF_ONE_SUBSCRIBER), strict=False))
    return NOWHERE if address is None else str(address)


def _nearest_stranger(peer: str, stated: list[str], trusted: Networks) -> str:
    nearest = peer
    for one in reversed(stated):
        host = one.strip()
        if _parsed(host) is None:
            break
        nearest = host
        if not _is_trusted(host, trusted):
            break
    return nearest


@lru_cache(maxsize=REMEMBERED)
def _is_trusted(host: str, trusted: Networks) -> bool:
    address = _parsed(host)
    return address is not None and any(address in network for network in trusted)


def _parsed(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
