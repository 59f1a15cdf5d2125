"""What the service may reach on its own account: public addresses by https, and the networks the operator has named."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from app.domain.egress_ranges import NEVER, NON_PUBLIC_4, NON_PUBLIC_6, PUBLIC_6, hidden_in, stands_for
from app.domain.errors import Fault, Invalid

MOST_CHARACTERS = 2_048
MOST_NAME = 253
PORTS = {"https": 443, "http": 80}
REJECTED = "endpoint-url-rejected"

Address = IPv4Address | IPv6Address

_WRONG = (
    (r"[^\x21-\x7e]", "含有空格、控制字符或非 ASCII 字符；中文域名请写成 xn-- 形式，其他字符请用 %XX 编码。"),
    (r"\A(?!https?://)", "不是以 https:// 开头；请填写完整的 https 地址。"),
    (r"#", "带有“#”及其后的片段；请删去。"),
    (r"\A[^:]+://[^/?]*@", "带有用户名或密码；请删去“@”及其前面的部分。"),
)
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[0-9a-z.-]+)(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>(?:/(?:[\w.~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*)?(?:\?(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*)?)",
    re.ASCII | re.IGNORECASE,
)
_LABEL = re.compile(r"[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INSIDE = ("localhost", "localdomain", "local", "internal")


@dataclass(frozen=True)
class Networks:
    """The networks that the operator lets the service reach although they are not public."""

    ranges: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, *texts: str) -> "Networks":
        """Read networks such as 10.0.0.0/8; ValueError for anything else, and for bits set beyond the prefix."""
        return cls(tuple(ip_network(one) for one in texts))

    def __contains__(self, address: Address) -> bool:
        return any(one in within for one in (address, stands_for(address)) for within in self.ranges)


@dataclass(frozen=True)
class Target:
    """A URL taken apart: `address` is set where the host is one, and no name; `path` holds the query too."""

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None

    @property
    def is_plain(self) -> bool:
        """Tell whether this is https at its own port; anything else goes into allowed networks only."""
        return (self.scheme, self.port) == ("https", PORTS["https"])


def refusal_of_address(address: Address, allowed: Networks) -> str | None:
    """Say why an address may not be reached; None if it may."""
    if any(one in network for one in (address, *hidden_in(address)) for network in NEVER):
        return "指向云平台的元数据服务，任何情况下都不能访问；请改用其他地址。"
    if address in allowed or _is_public(stands_for(address)):
        return None
    return "指向的不是公网地址，也不在管理员允许的网络内；请改用公网地址，或请系统管理员放行该网络。"


def refusal_of_target(target: Target, address: Address, allowed: Networks) -> str | None:
    """Say why a URL may not be fetched from one of its addresses; None if it may."""
    if target.is_plain or address in allowed:
        return refusal_of_address(address, allowed)
    return "不是 https 的 443 端口，只有管理员允许的网络才可以这样；请改用 https 默认端口，或请系统管理员放行该网络。"


def checked_url(text: str, allowed: Networks) -> Target:
    """Take a URL apart; Invalid unless it has one reading only and, where it names an address, that may be reached.

    What a name stands for is only known when connecting: `refusal_of_target` is to be asked again then.
    """
    if len(text) > MOST_CHARACTERS:
        raise _rejected(f"超过 {MOST_CHARACTERS:,} 个字符；请缩短。")
    for pattern, reason in _WRONG:
        if re.search(pattern, text, re.IGNORECASE):
            raise _rejected(reason)
    read = _URL.fullmatch(text)
    if read is None:
        raise _rejected("格式不对；请写成“https://域名/路径”，特殊字符请用 %XX 编码。")
    return _permitted(_target(read), allowed)


def _target(read: re.Match[str]) -> Target:
    scheme, host = read["scheme"].lower(), read["host"].lower()
    port = int(read["port"] or PORTS[scheme])
    path = read["path"] if read["path"].startswith("/") else "/" + read["path"]
    return Target(scheme, host, port, path, _address(host))


def _address(host: str) -> Address | None:
    """Read a host as an address in its one plain spelling; None if it is a name."""
    try:
        if host.startswith("["):
            return IPv6Address(host[1:-1])
        # What resolvers take for a number, as they do 127.1 and 0x7f.1, is no name.
        return IPv4Address(host) if _NUMBER.fullmatch(host.rpartition(".")[2]) else None
    except ValueError:
        raise _rejected("主机名不是规范的域名或 IP 地址；请填写域名，或四段十进制的 IP 地址。") from None


def _permitted(target: Target, allowed: Networks) -> Target:
    refused = (
        refusal_of_target(target, target.address, allowed) if target.address else _refusal_of_name(target, allowed)
    )
    if target.port > 65_535:
        refused = "端口号超出范围；请改为 443。"
    if refused:
        raise _rejected(refused)
    return target


def _refusal_of_name(target: Target, allowed: Networks) -> str | None:
    labels = target.host.split(".")
    if len(target.host) > MOST_NAME or not all(_LABEL.fullmatch(one) for one in labels):
        return "主机名不是规范的域名；请检查多余的点、空的部分和连字符。"
    if labels[-1] in _INSIDE:
        return "主机名指向本机或内部网络；请填写公网域名。"
    if not allowed.ranges and not (target.is_plain and len(labels) > 1):
        return "只能是完整域名的 https 443 端口；请改用这样的地址。"
    return None


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in one for one in NON_PUBLIC_4)
    return address in PUBLIC_6 and not any(address in one for one in NON_PUBLIC_6)


def _rejected(reason: str) -> Invalid:
    return Invalid("这个网址不能使用，请修改后重新提交。", Fault("url", reason), code=REJECTED)
