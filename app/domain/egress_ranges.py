"""Which addresses are nobody's to reach over the internet, and which forms carry another address within."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

NON_PUBLIC_4 = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
PUBLIC_6 = IPv6Network("2000::/3")
"""All that is assigned as global unicast: unique-local, link-local, multicast, SRv6 and the rest lie outside."""
NON_PUBLIC_6 = tuple(
    IPv6Network(one)
    for one in (
        "2001::/23",  # protocol assignments, with Teredo, benchmarking and ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # 6bone, given back
        "3fff::/20",  # documentation
    )
)
NEVER = tuple(
    ip_network(one)
    for one in (
        "169.254.0.0/16",
        "100.100.100.200/32",  # Alibaba
        "100.96.0.96/32",  # Volcengine
        "168.63.129.16/32",  # Azure
        "192.0.0.192/32",  # Oracle
        "fd00:ec2::254/128",  # Amazon
        "fd20:ce::254/128",  # Google
        "fe80::a9fe:a9fe/128",  # OpenStack
    )
)
"""Where clouds hand out the credentials of the machine: no operator's list opens these."""

_COMPATIBLE, _MAPPED, _NAT64 = (IPv6Network(one) for one in ("::/96", "::ffff:0:0/96", "64:ff9b::/96"))
_LOCAL_NAT64, _SIX_TO_FOUR, _TEREDO = (IPv6Network(one) for one in ("64:ff9b:1::/48", "2002::/16", "2001::/32"))
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
_OWN = (IPv6Address("::"), IPv6Address("::1"))

Address = IPv4Address | IPv6Address


def stands_for(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 form is only another spelling of; else the address itself."""
    if isinstance(address, IPv4Address) or address in _OWN:
        return address
    spelled = any(address in one for one in (_COMPATIBLE, _MAPPED, _NAT64))
    return _cut(address, 0) if spelled else address


def hidden_in(address: Address) -> tuple[IPv4Address, ...]:
    """Return every IPv4 address that a gateway of some kind might read from an IPv6 address."""
    if isinstance(address, IPv4Address):
        return ()
    return tuple(one for network, read in _READINGS for one in read(address) if address in network)


def _last(address: IPv6Address) -> tuple[IPv4Address, ...]:
    return (_cut(address, 0),)


def _six_to_four(address: IPv6Address) -> tuple[IPv4Address, ...]:
    return (_cut(address, 80),)


def _teredo(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Read the server, and the client, whose bits are turned over."""
    return _cut(address, 64), IPv4Address(int(_cut(address, 0)) ^ 0xFFFFFFFF)


def _local_nat64(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Read it at each prefix length that a local gateway may have; the shorter ones skip bits 64 to 71."""
    bits = int(address)
    packed = (bits >> 64 << 56) | (bits & ((1 << 56) - 1))
    return tuple(IPv4Address((packed >> shift) & 0xFFFFFFFF) for shift in (40, 32, 24)) + _last(address)


def _cut(address: IPv6Address, shift: int) -> IPv4Address:
    return IPv4Address((int(address) >> shift) & 0xFFFFFFFF)


_READINGS = (
    *((one, _last) for one in (_COMPATIBLE, _MAPPED, _NAT64, _TRANSLATED)),
    (_LOCAL_NAT64, _local_nat64),
    (_SIX_TO_FOUR, _six_to_four),
    (_TEREDO, _teredo),
)
