"""Which passwords and logins are taken, and how long whoever guesses has to wait."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import Fault, Invalid

SHORTEST, LONGEST = 12, 128
FEWEST_DIFFERENT = 5
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")
COMMONEST = frozenset(
    [
        "123456789012",
        "1234567890123",
        "12345678901234567890",
        "1234567890qwe",
        "123456789abc",
        "1234qwerasdf",
        "123qweasdzxc",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "1qazxsw23edc",
        "abc123456789",
        "abcd12345678",
        "a123456789012",
        "aa1234567890",
        "admin1234567",
        "administrator",
        "changeme1234",
        "iloveyou1234",
        "letmein12345",
        "p@ssw0rd1234",
        "passw0rd1234",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "q1w2e3r4t5y6",
        "qazwsxedcrfv",
        "qwer12345678",
        "qwerty123456",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyuiopasdf",
        "welcome12345",
        "woaini1314520",
        "woaini520131",
        "woaini5201314",
        "zaq12wsxcde3",
        "zxcvbnm12345",
        "zxcvbnmasdfg",
        "bihuan123456",
        "bihuan@12345",
        "hubei1234567",
        "gedian123456",
    ]
)
"""The commonest ones that are long enough; the shorter ones fall to the length."""

FREE_FAILURES = 3
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=2), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


def normal_password(password: str) -> str:
    """Return a password as it is hashed: the same characters however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)


def normal_login(login: str) -> str:
    """Return a login as it is compared."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def checked_login(login: str) -> str:
    """Return a login in normal form; raise `Invalid` for one that cannot be typed everywhere."""
    normal = normal_login(login)
    if not _LOGIN.fullmatch(normal):
        reason = "应为3至64个小写字母、数字、点、下划线或连字符，以字母或数字开头"
        raise Invalid("登录名不可用。", Fault("login", reason))
    return normal


def refuse_weak(password: str, *, login: str) -> None:
    """Raise `Invalid` for a password that is short, common, monotonous, or holds the login."""
    reason = _weakness(normal_password(password), login)
    if reason is not None:
        raise Invalid("新密码不符合要求。", Fault("new", reason), code="weak-password")


def _weakness(password: str, login: str) -> str | None:
    folded = password.casefold()
    found = {
        f"应为{SHORTEST}至{LONGEST}个字符": not SHORTEST <= len(password) <= LONGEST,
        "不能包含登录名": login in folded,
        "这个密码太常见": folded in COMMONEST or folded.rstrip("!.@#1") in COMMONEST,
        f"至少要有{FEWEST_DIFFERENT}种不同的字符": len(set(folded)) < FEWEST_DIFFERENT,
    }
    return next((reason for reason, holds in found.items() if holds), None)


@dataclass(frozen=True, slots=True)
class Failures:
    """How often one login was tried from one address."""

    failures: int
    failed_at: datetime
    blocked_until: datetime

    def is_blocked(self, now: datetime) -> bool:
        """Tell whether nothing is tried now; what is tried meanwhile does not make it longer."""
        return now < self.blocked_until


def after_attempt(before: Failures | None, now: datetime) -> Failures:
    """Count an attempt, before it is known how it ends: three are free, then each costs twice the wait."""
    known = before is not None and now - before.failed_at < FORGOTTEN_AFTER
    failures = (before.failures if before is not None and known else 0) + 1
    doublings = failures - FREE_FAILURES - 1
    delay = timedelta(0) if doublings < 0 else min(FIRST_DELAY * 2 ** min(doublings, 16), LONGEST_DELAY)
    return Failures(failures, now, now + delay)


def address_group(address: str) -> str:
    """Return whom an address stands for: an IPv6 subscriber has a whole /64."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
