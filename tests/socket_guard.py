"""Keeps the tests on this machine: any other address is refused before a packet leaves.

An audit hook sees what Python itself connects, sends and looks up, also from inside libraries and event loops.
"""

import ipaddress
import sys
from collections.abc import Mapping
from types import MappingProxyType

# Which argument of each event is the address or the host.
GUARDED: Mapping[str, int] = MappingProxyType(
    {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
)


class OutsideReached(BaseException):
    """A test reached for the outside; no `except Exception` of the program may hide that."""


def is_at_home(address: object) -> bool:
    """Whether an address is a unix socket, unaddressed, or of this machine."""
    host = address[0] if isinstance(address, tuple) else address
    if host is None or not isinstance(address, tuple | str | bytes):
        return True
    return _is_loopback(host.decode() if isinstance(host, bytes) else str(host))


def _is_loopback(host: str) -> bool:
    if host in ("", "localhost") or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_number(host: object) -> bool:
    """Whether a host is written as an address, so that looking it up asks nobody."""
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True


def _guard(event: str, arguments: tuple[object, ...], guarded: Mapping[str, int] = GUARDED) -> None:
    # Audit hooks outlive this module's names when the interpreter ends; a default does not go away.
    if event not in guarded:
        return
    address = arguments[guarded[event]]
    looks_up = event in ("socket.getaddrinfo", "socket.gethostbyname")
    if not (is_at_home(address) or (looks_up and _is_number(address))):
        raise OutsideReached(f"测试不得访问外部网络 a test reached for the outside: {event} {address!r}")


sys.addaudithook(_guard)
